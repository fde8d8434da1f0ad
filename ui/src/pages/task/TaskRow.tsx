import { Checkbox } from 'antd'
import type { Task } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { SeverityIcon } from '../../ui/Tags'
import { TaskDue } from '../../ui/Time'
import { Handled } from './Handled'

export function TaskRow({
  task,
  gone,
  current,
  ticked,
  onTick,
  onOpen,
}: {
  task: Task
  gone: boolean
  current: boolean
  ticked: boolean
  /** Absent where nothing can be decided together. */
  onTick?: () => void
  onOpen: () => void
}) {
  const { t, words } = useWords()
  const severities = [...new Set(task.findings.filter(f => f.state === 'open').map(f => f.severity))]
  return (
    <li id={`task-${task.id}`} className="task-item">
      {onTick && (
        <Checkbox
          checked={ticked}
          disabled={gone}
          onChange={onTick}
          aria-label={t('task.tick', { number: task.order_number })}
          data-testid={`tasks.tick:${task.order_number}`}
        />
      )}
      <button
        type="button"
        className={gone ? 'task-row gone' : 'task-row'}
        aria-current={current || undefined}
        disabled={gone}
        onClick={onOpen}
        data-testid={`tasks.row:${task.order_number}`}
        data-row
        data-task={task.id}
      >
        <span className="task-row-top">
          <span className="strong">{task.order_number}</span>
          <span className="grow clip" title={task.customer_name ?? ''}>
            {task.customer_name}
          </span>
          <Money value={task.total} currency={task.currency} />
        </span>
        <span className="task-row-mid">
          <span className="grow clip" title={words(task.why)}>
            {severities.map(severity => (
              <SeverityIcon key={severity} severity={severity} />
            ))}{' '}
            {words(task.node_name)} · {words(task.why)}
          </span>
        </span>
        <span className="task-row-low">
          {gone ? <Handled id={task.id} /> : <TaskDue task={task} />}
          {task.claimed_by && (
            <span className="quiet">{t('task.claimed_by', { who: task.claimed_by.name })}</span>
          )}
        </span>
      </button>
    </li>
  )
}
