import { SnippetsOutlined } from '@ant-design/icons'
import { Input, Popover } from 'antd'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { type Spot, walk } from '../../../flow/doc'
import { groups, mayStand, obstacle, type StepType } from '../../../flow/kinds'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import { namesOf, useDesign } from './design'

/** What can be put in at a place: what is needed most first; what cannot stand here says why. */
function Menu({ spot }: { spot: Spot }) {
  const { t, words } = useWords()
  const { doc, acts, clipboard, vocabulary } = useDesign()
  const [text, setText] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const known = { connectors: namesOf(vocabulary, 'connector').length, steps: walk(doc).length }
  const wanted = text.trim().toLowerCase()
  const shown = groups
    .map(({ group, types }) => ({
      group,
      types: types.filter(type =>
        `${t(`design.type.${type}`)} ${t(`design.type_hint.${type}`)} ${type}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(each => each.types.length > 0)
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Escape') acts.ask(null)
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by) {
      event.preventDefault()
      const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])]
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
      buttons[(at + by + buttons.length) % buttons.length]?.focus()
    }
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && !event.nativeEvent.isComposing)
      list.current?.querySelector<HTMLButtonElement>('button:not(:disabled)')?.click()
  }
  const entry = (type: StepType) => {
    const why = obstacle(doc, spot, type, known)
    return (
      <button
        key={type}
        type="button"
        className="insert-entry"
        disabled={why !== null}
        onClick={() => acts.add(spot, type)}
        data-testid={`design.insert:${type}`}
      >
        <span className={`kind-icon kind-icon-${type}`}>
          <StepIcon type={type} />
        </span>
        <span>
          <span className="strong">{t(`design.type.${type}`)}</span>
          <span className="quiet insert-hint">
            {why ? t(`design.obstacle.${why}`) : t(`design.type_hint.${type}`)}
          </span>
        </span>
      </button>
    )
  }
  const [copied] = clipboard
  const barred = copied && mayStand(doc, spot, copied, known)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the field and the buttons inside
    <div className="insert-menu" onKeyDown={onKey} data-testid="design.insert">
      <Input
        autoFocus
        allowClear
        placeholder={t('design.insert_search')}
        aria-label={t('design.insert_search')}
        value={text}
        onChange={event => setText(event.target.value)}
        data-testid="design.insert.search"
      />
      <div className="insert-list" ref={list}>
        {copied && !wanted && (
          <button
            type="button"
            className="insert-entry"
            disabled={Boolean(barred)}
            onClick={() => acts.paste(spot)}
            data-testid="design.insert.paste"
          >
            <span className="kind-icon">
              <SnippetsOutlined aria-hidden />
            </span>
            <span>
              <span className="strong">{t('design.paste_of', { name: words(copied.name) })}</span>
              {barred && <span className="quiet insert-hint">{t(`design.obstacle.${barred}`)}</span>}
            </span>
          </button>
        )}
        {shown.map(({ group, types }) => (
          <div key={group}>
            <div className="insert-group">{t(`design.group.${group}`)}</div>
            {types.map(entry)}
          </div>
        ))}
        {shown.length === 0 && <p className="quiet">{t('design.insert_none')}</p>}
      </div>
    </div>
  )
}

export function InsertMenu({ spot, children }: { spot: Spot; children: ReactNode }) {
  const { acts } = useDesign()
  return (
    <Popover
      open
      trigger="click"
      placement="rightTop"
      destroyOnHidden
      onOpenChange={open => !open && acts.ask(null)}
      content={<Menu spot={spot} />}
    >
      {children}
    </Popover>
  )
}
