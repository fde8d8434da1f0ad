import { Radio, Select } from 'antd'
import type { Task, WayBack } from '../../api/types'
import { useWords } from '../../i18n'

export interface ReturnTo {
  /** The step; without one the order goes back to its sender. */
  to?: string
  way: WayBack
}

const SENDER = ''

/** Where a return leads at first: work inside of another flow has no sender to go back to. */
export function firstReturn(task: Task): ReturnTo {
  const step = task.run === 0 ? undefined : task.returns[0]
  return { to: step?.node_id, way: step?.ways[0] ?? 'step_by_step' }
}

/** Where a return leads, and how the order comes back from there. */
export function ReturnChoice({
  task,
  value,
  onChange,
}: {
  task: Task
  value: ReturnTo
  onChange: (value: ReturnTo) => void
}) {
  const { t, words } = useWords()
  const target = task.returns.find(step => step.node_id === value.to)
  const choose = (to: string) => {
    const ways = task.returns.find(step => step.node_id === to)?.ways
    onChange({ to: to || undefined, way: ways?.[0] ?? 'step_by_step' })
  }
  return (
    <>
      <label className="field">
        <span>{t('task.return_to')}</span>
        <Select
          aria-label={t('task.return_to')}
          value={value.to ?? SENDER}
          onChange={choose}
          options={[
            ...(task.run === 0 ? [{ value: SENDER, label: t('task.return_sender') }] : []),
            ...task.returns.map(step => ({ value: step.node_id, label: words(step.name) })),
          ]}
          data-testid="task.return_to"
        />
      </label>
      {target && (
        <div className="field">
          <span>{t('task.way_back')}</span>
          <Radio.Group
            className="choices"
            value={value.way}
            onChange={event => onChange({ ...value, way: event.target.value })}
            options={target.ways.map(way => ({
              value: way,
              label: <span data-testid={`task.way:${way}`}>{t(`task.way_back.${way}`)}</span>,
            }))}
          />
        </div>
      )}
    </>
  )
}
