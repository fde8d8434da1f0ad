import { type KeyboardEvent, useEffect, useRef } from 'react'

export interface TabOption<Key extends string> {
  key: Key
  text: string
  count?: number
}

/** Tabs with counters; arrows move, the address holds the choice. */
export function TabBar<Key extends string>({
  id,
  label,
  value,
  options,
  onChange,
}: {
  id: string
  label: string
  value: Key
  options: TabOption<Key>[]
  onChange: (key: Key) => void
}) {
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>(`[data-key="${value}"]`)
    if (bar.current && tab) bar.current.scrollLeft = tab.offsetLeft - bar.current.offsetLeft - 40
  }, [value])
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (!by) return
    event.preventDefault()
    const at = options.findIndex(option => option.key === value)
    const next = options[(at + by + options.length) % options.length]
    if (!next) return
    onChange(next.key)
    event.currentTarget.querySelector<HTMLButtonElement>(`[data-key="${next.key}"]`)?.focus()
  }
  return (
    <div ref={bar} className="tabs" role="tablist" aria-label={label} onKeyDown={onKey} tabIndex={-1}>
      {options.map(({ key, text, count }) => (
        <button
          key={key}
          type="button"
          role="tab"
          aria-selected={key === value}
          tabIndex={key === value ? 0 : -1}
          className="tab"
          data-key={key}
          onClick={() => onChange(key)}
          data-testid={`${id}:${key}`}
        >
          {text}
          {count !== undefined && (
            <span className="tab-count num" data-live="counts">
              {count}
            </span>
          )}
        </button>
      ))}
    </div>
  )
}
