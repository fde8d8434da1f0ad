import {
  type InputHTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'
import { useWords } from '../i18n'
import { debouncedLatest } from './debouncedLatest'

const WAIT_MS = 150

interface Props<Item> {
  id: string
  label: string
  value: string
  placeholder?: string
  autoFocus?: boolean
  invalid?: boolean
  clearOnPick?: boolean
  /** Whoever takes a choice is led on by it: the key that took it does nothing else. */
  leadsOn?: boolean
  find: (q: string) => Promise<Item[]>
  keyOf: (item: Item) => string
  render: (item: Item) => ReactNode
  /** `leaving`: it was typed in full, and the field was left for another. */
  onPick: (item: Item, leaving: boolean) => void
  /** Called with typed text that matches no choice: on Enter (search) or on leaving (fields). */
  onFree?: (text: string) => void
  onKey?: (event: KeyboardEvent<HTMLInputElement>) => void
  inputProps?: InputHTMLAttributes<HTMLInputElement>
}

/** A combobox over a server search: arrows move, Enter or Tab takes, Escape closes without losing the text. */
export function Typeahead<Item>(props: Props<Item>) {
  const { t } = useWords()
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(props.value)
  const [typed, setTyped] = useState(false)
  const [items, setItems] = useState<Item[]>([])
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const find = useRef(props.find)
  find.current = props.find
  const [search] = useState(() =>
    debouncedLatest(
      (q: string) => find.current(q),
      WAIT_MS,
      found => {
        setItems(found)
        setAt(0)
        setOpen(document.activeElement === input.current)
      },
      () => setItems([]),
    ),
  )
  useEffect(() => () => search.cancel(), [search])
  useEffect(() => {
    setText(props.value)
    setTyped(false)
  }, [props.value])

  const pick = (item: Item, leaving = false) => {
    search.cancel()
    setOpen(false)
    setItems([])
    setTyped(false)
    setText(props.clearOnPick ? '' : props.keyOf(item))
    props.onPick(item, leaving)
  }
  const exact = () => items.find(item => props.keyOf(item).toLowerCase() === text.trim().toLowerCase())
  const leave = () => {
    setOpen(false)
    if (!typed) return
    const same = exact()
    if (same) pick(same, true)
    else if (!props.clearOnPick) props.onFree?.(text.trim())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    const chosen = open ? items[at] : undefined
    const moves = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (moves && open && items.length) {
      event.preventDefault()
      setAt((at + moves + items.length) % items.length)
      return
    }
    if (event.key === 'Escape' && open) {
      event.preventDefault()
      setOpen(false)
      return
    }
    if (chosen && typed && (event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey) {
      if (event.key === 'Enter' || props.leadsOn) event.preventDefault()
      pick(chosen)
    } else if (event.key === 'Enter' && props.clearOnPick) {
      event.preventDefault()
      search.cancel()
      setOpen(false)
      props.onFree?.(text.trim())
      setText('')
      return
    } else if ((event.key === 'Enter' || event.key === 'Tab') && typed) leave()
    props.onKey?.(event)
  }
  const box = open ? input.current?.getBoundingClientRect() : undefined
  return (
    <>
      <input
        {...props.inputProps}
        ref={input}
        className="typeahead"
        role="combobox"
        aria-label={props.label}
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && items[at] ? `${listId}-${at}` : undefined}
        aria-invalid={props.invalid || undefined}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: an editor mounts when its cell becomes active
        autoFocus={props.autoFocus}
        placeholder={props.placeholder}
        value={text}
        onChange={event => {
          setText(event.target.value)
          setTyped(true)
          search.run(event.target.value.trim())
        }}
        onBlur={leave}
        onKeyDown={onKeyDown}
        data-testid={props.id}
      />
      {open &&
        box &&
        createPortal(
          <div
            className="typeahead-list"
            style={{ left: box.left, top: box.bottom + 2, minWidth: Math.max(box.width, 280) }}
          >
            <ul id={listId} role="listbox" aria-label={props.label} data-count={items.length}>
              {items.map((item, i) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are on the input
                <li
                  key={props.keyOf(item)}
                  id={`${listId}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === at}
                  onMouseDown={event => event.preventDefault()}
                  onClick={() => pick(item)}
                  data-testid={`${props.id}.option:${props.keyOf(item)}`}
                >
                  {props.render(item)}
                </li>
              ))}
            </ul>
            {items.length === 0 && <p className="quiet">{t('search.nothing')}</p>}
          </div>,
          document.body,
        )}
    </>
  )
}
