import { useState } from 'react'
import { useTaskAct } from '../../../api/acts'
import type { Order, Task } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { Refusal } from '../../../ui/states'
import { TaskDue, When } from '../../../ui/Time'
import { GiveDialog } from '../../task/GiveDialog'

function Row({ task }: { task: Task }) {
  const { t, words, code } = useWords()
  const [giving, setGiving] = useState(false)
  const act = useTaskAct()
  const send = (name: 'urge' | 'withdraw' | 'remove-signer') => act.mutate({ id: task.id, act: name })
  const shared = { actions: task.actions, size: 'small' as const, loading: act.isPending }
  return (
    <li className="order-task" data-testid={`order.task:${task.node_id}`} data-state={task.state}>
      <p>
        <span className="strong">{words(task.node_name)}</span> · {words(task.assignee?.name)}{' '}
        {task.claimed_by && task.state === 'open' && (
          <span className="quiet">{t('task.claimed_by', { who: task.claimed_by.name })}</span>
        )}
        {task.added && (
          <span className="tag tag-blue">
            {t(`task.added.${task.added.at}`, { who: task.added.by?.name ?? '' })}
          </span>
        )}
      </p>
      <p className="quiet">
        {task.decision ? (
          <>
            {task.decided_by?.name}
            {task.decided_for && ` ${t('timeline.on_behalf', { who: words(task.decided_for) })}`} ·{' '}
            {code('decision', task.decision)} · <When at={task.decided_at} />
          </>
        ) : task.closed ? (
          <>
            {code('task_state', task.state)} · {words(task.closed.why)}
            {/* What the product closed by itself, the reason tells. */}
            {task.closed.by.id && ` · ${task.closed.by.name}`} · <When at={task.closed.at} />
          </>
        ) : (
          code('task_state', task.state)
        )}{' '}
        {task.state === 'open' && <TaskDue task={task} />}{' '}
        {task.urged_at && (
          <>
            {t('task.urged')} <When at={task.urged_at} />
          </>
        )}
      </p>
      <Passages task={task} />
      {task.reason && <p>{t('timeline.reason', { text: task.reason })}</p>}
      <p className="order-task-acts">
        {task.state === 'open' && (
          <>
            <ActionButton
              {...shared}
              name="urge"
              onClick={() => send('urge')}
              data-testid={`order.urge:${task.node_id}`}
            />
            <ActionButton
              {...shared}
              name="remove_signer"
              onClick={() => send('remove-signer')}
              data-testid={`order.remove_signer:${task.node_id}`}
            />
            <ActionButton
              {...shared}
              name="reassign"
              onClick={() => setGiving(true)}
              data-testid={`order.reassign:${task.node_id}`}
            />
          </>
        )}
        <ActionButton
          {...shared}
          name="withdraw"
          onClick={() => send('withdraw')}
          data-testid={`order.withdraw_decision:${task.node_id}`}
        />
      </p>
      <Refusal id={`order.task:${task.node_id}`} error={act.error} />
      {giving && <GiveDialog task={task} act="reassign" onClose={() => setGiving(false)} />}
    </li>
  )
}

/** Through whose hands it went: when it was sent to each, when they had it and when they took it on. */
function Passages({ task }: { task: Task }) {
  const { t, words, code } = useWords()
  return (
    <ol className="passages quiet" data-testid={`order.passages:${task.node_id}`}>
      {task.passages.map(each => (
        <li key={`${each.sent_at} ${each.to.kind}`}>
          {each.why && `${code('hand_over', each.why)} · `}
          {words(each.to.name)} · {t('order.passage.sent')} <When at={each.sent_at} /> ·{' '}
          {each.received_at ? (
            <>
              {t('order.passage.received')} <When at={each.received_at} />
            </>
          ) : (
            t('order.passage.not_received')
          )}
          {each.taken_at && (
            <>
              {' · '}
              {t('order.passage.taken')} <When at={each.taken_at} />
            </>
          )}
        </li>
      ))}
    </ol>
  )
}

/** Everybody who is or was asked about the order, and what can be done about it. */
export function OrderTasks({ order }: { order: Order }) {
  const { t } = useWords()
  if (!order.tasks.length) return null
  const open = (task: Task) => (task.state === 'open' ? 0 : 1)
  const tasks = [...order.tasks].sort((a, b) => open(a) - open(b))
  return (
    <section className="block">
      <h3>{t('order.tasks')}</h3>
      <ul data-testid="order.tasks" data-count={tasks.length} data-live="task">
        {tasks.map(task => (
          <Row key={task.id} task={task} />
        ))}
      </ul>
    </section>
  )
}
