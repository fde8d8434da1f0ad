import { ClockCircleOutlined, CloseCircleFilled, LockOutlined, WarningFilled } from '@ant-design/icons'
import { Input } from 'antd'
import { memo, useState } from 'react'
import type { Step, Text } from '../../../flow/doc'
import { isKnownType } from '../../../flow/kinds'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import type { Acts } from './design'

/** The name that is typed over; the language on screen is changed, and both where they were alike or empty. */
export function renamed(name: Text, lang: 'zh' | 'en', text: string): Text {
  const other = lang === 'zh' ? 'en' : 'zh'
  const follows = !name[other].trim() || name[other] === name[lang]
  return { ...name, [lang]: text, ...(follows && { [other]: text }) }
}

function Rename({ step, acts }: { step: Step; acts: Acts }) {
  const { t, lang, words } = useWords()
  const [text, setText] = useState(words(step.name))
  const done = () => {
    acts.renaming(null)
    if (text.trim() && text !== words(step.name)) acts.rename(step.id, renamed(step.name, lang, text.trim()))
  }
  return (
    <Input
      size="small"
      autoFocus
      aria-label={t('design.name')}
      value={text}
      maxLength={60}
      onFocus={event => event.target.select()}
      onChange={event => setText(event.target.value)}
      onBlur={done}
      onKeyDown={event => {
        event.stopPropagation()
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) done()
        if (event.key === 'Escape') acts.renaming(null)
      }}
      data-testid={`design.rename:${step.id}`}
    />
  )
}

export interface CardProps {
  step: Step
  sentence: string | undefined
  blockers: number
  warnings: number
  standing: number | undefined
  /** How the tried order came here. */
  trace: string | undefined
  /** An order is tried, and does not come here. */
  off: boolean
  chosen: boolean
  renaming: boolean
  readOnly: boolean
  acts: Acts
}

/** A step on the canvas: its type, its name, one plain sentence, and what there is to know about it. */
export const Card = memo(function Card(props: CardProps) {
  const { step, sentence, blockers, warnings, standing, trace, off, chosen, renaming, readOnly, acts } = props
  const { t, words } = useWords()
  const { type } = step.kind
  const known = isKnownType(type)
  const timed = Boolean(step.kind.deadline_minutes || step.kind.deadline)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tree item around it takes the focus and the keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree item around it takes the focus and the keys
    <div
      className={`step-card step-${known ? type : 'unknown'}${chosen ? ' is-chosen' : ''}${trace ? ' is-on-way' : ''}${off ? ' is-off-way' : ''}`}
      draggable={!readOnly && type !== 'start' && !renaming}
      onDragStart={event => {
        event.stopPropagation()
        event.dataTransfer.setData('text/plain', step.id)
        event.dataTransfer.effectAllowed = 'move'
        acts.drag(step.id)
      }}
      onDragEnd={() => acts.drag(null)}
      onClick={() => acts.choose({ step: step.id })}
      onDoubleClick={() => !readOnly && acts.renaming(step.id)}
      data-testid={`design.card:${step.id}`}
    >
      <div className="step-head">
        <span className="kind-icon">
          <StepIcon type={type} />
        </span>
        {renaming ? (
          <Rename step={step} acts={acts} />
        ) : (
          <span className="step-name" title={words(step.name)}>
            {words(step.name) || step.id}
          </span>
        )}
        <span className="step-badges">
          {Boolean(step.kind.guarded) && <LockOutlined title={t('design.badge.guarded')} />}
          {timed && <ClockCircleOutlined title={t('design.badge.timed')} />}
          {blockers > 0 && (
            <span className="badge-blocker" title={t('design.badge.blockers', { count: blockers })}>
              <CloseCircleFilled aria-hidden /> {blockers}
            </span>
          )}
          {warnings > 0 && (
            <span className="badge-warning" title={t('design.badge.warnings', { count: warnings })}>
              <WarningFilled aria-hidden /> {warnings}
            </span>
          )}
        </span>
      </div>
      <p className="step-sentence" title={sentence}>
        {known ? sentence : t('design.unknown_type')}
      </p>
      {standing !== undefined && standing > 0 && (
        <span className="step-standing num">{t('design.standing', { count: standing })}</span>
      )}
      {trace && <span className="step-trace">{t(`design.trace.${trace}`)}</span>}
    </div>
  )
})
