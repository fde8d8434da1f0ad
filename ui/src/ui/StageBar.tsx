import { CheckOutlined, CloseOutlined, MinusOutlined, MoreOutlined, SyncOutlined } from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { StageBarData, StageKey, StageState } from '../api/types'
import { useWords } from '../i18n'
import { useNow } from './clock'
import { durationWords } from './time'

const ORDER: StageKey[] = ['receive', 'check', 'review', 'customer', 'execute']
const ICON: Record<StageState, ComponentType> = {
  done: CheckOutlined,
  current: SyncOutlined,
  waiting: MoreOutlined,
  failed: CloseOutlined,
  skipped: MinusOutlined,
}

/** Five segments with state, name and time spent: the same five for every flow. */
export function StageBar({ stage }: { stage: StageBarData }) {
  const { t, code } = useWords()
  const now = useNow()
  return (
    <ol className="stages" data-testid="order.stages" data-live="order">
      {stage.stages.map(({ key, state, entered_at, left_at }) => {
        const Icon = ICON[state]
        const spent = entered_at && (left_at ? Date.parse(left_at) : now) - Date.parse(entered_at)
        const timed = typeof spent === 'number' && state !== 'waiting' && state !== 'skipped'
        return (
          <li
            key={key}
            className={`stage stage-${state}`}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <span className="stage-icon">
              <Icon aria-hidden />
            </span>
            <span className="stage-name">{code('stage', key)}</span>
            <span className="stage-note">
              {timed ? durationWords(Math.max(0, spent), t) : code('stage_state', state)}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** The same bar as five dots, for lists. */
export function StageDots({ states }: { states: StageState[] }) {
  const { code } = useWords()
  const title = states
    .map((state, i) => `${code('stage', ORDER[i])} ${code('stage_state', state)}`)
    .join(' · ')
  return (
    <span className="dots" role="img" aria-label={title} title={title}>
      {states.map((state, i) => {
        const Icon = ICON[state]
        return (
          <span key={ORDER[i]} className={`dot dot-${state}`}>
            <Icon aria-hidden />
          </span>
        )
      })}
    </span>
  )
}
