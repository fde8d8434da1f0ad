import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTaskAct } from '../../api/acts'
import { useMe, useOrder, useTimeline } from '../../api/hooks'
import type { Problem } from '../../api/problem'
import type { Order, Task } from '../../api/types'
import { useShows } from '../../app/about'
import { useWords } from '../../i18n'
import { FieldValue } from '../../ui/FieldValue'
import { FindingList } from '../../ui/FindingList'
import { Money } from '../../ui/Money'
import { Failed, Loading } from '../../ui/states'
import { StatusTag } from '../../ui/Tags'
import { TaskDue } from '../../ui/Time'
import { LineTable } from '../order/LineTable'
import { TimelineList } from '../order/TimelineList'
import { CopyRead } from './CopyRead'
import { DecisionBar } from './DecisionBar'
import { Handled } from './Handled'
import { StepSupply } from './StepSupply'

function LooksAt({ task, order }: { task: Task; order: Order }) {
  const { t, code } = useWords()
  const paths = task.looks_at.filter(path => !path.startsWith('lines'))
  if (!paths.length) return null
  return (
    <section className="block">
      <h3>{t('task.looks_at')}</h3>
      <dl className="facts">
        {paths.map(path => (
          <div key={path}>
            <dt>{code('field', path)}</dt>
            <dd>
              <FieldValue order={order} path={path} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Says that the fields which have to be seen before an approval came into view: they stand above this. */
function Seen({ task }: { task: Task }) {
  const { mutate } = useTaskAct()
  const end = useRef<HTMLSpanElement>(null)
  const fields = task.unseen.join(' ')
  useEffect(() => {
    if (!fields || !end.current) return
    const watch = new IntersectionObserver(seen => {
      if (!seen.some(entry => entry.isIntersecting)) return
      watch.disconnect()
      mutate({ id: task.id, act: 'seen', body: { fields: fields.split(' ') } })
    })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [task.id, fields, mutate])
  return <span ref={end} />
}

/** Says that whoever holds the task has it: they have opened it. */
function Received({ task }: { task: Task }) {
  const { mutate } = useTaskAct()
  const mine = task.actions.some(each => each.name === 'approve' && each.allowed)
  const unreceived = task.state === 'open' && task.passages.at(-1)?.received_at == null
  const due = mine && unreceived
  useEffect(() => {
    if (due) mutate({ id: task.id, act: 'seen', body: { fields: [] } })
  }, [task.id, due, mutate])
  return null
}

/** Everything needed to decide, with what this person must look at on top. */
export function TaskPreview({
  task,
  gone,
  onDecided,
  onStale,
}: {
  task: Task
  /** Somebody else decided or took it: what was on screen stays readable, and nothing can be done. */
  gone: boolean
  onDecided: (task: Task) => void
  onStale: (task: Task, problem: Problem) => void
}) {
  const { t, words } = useWords()
  const order = useOrder(task.order_id)
  const { data: me } = useMe()
  const timeline = useTimeline(task.order_id, 3)
  useShows(task.order_id, task.node_id)
  const events = timeline.data?.pages[0]?.items.slice(0, 3) ?? []
  return (
    <article
      className={gone ? 'preview gone' : 'preview'}
      aria-label={task.order_number}
      data-testid="tasks.preview"
    >
      <header className="preview-head">
        <h2>
          <Link to="/orders/$id" params={{ id: task.order_id }} data-testid="tasks.open">
            {task.order_number}
          </Link>
        </h2>
        {order.data && <StatusTag status={order.data.status} />}
        <span className="grow clip">{task.customer_name}</span>
        <Money value={task.total} currency={task.currency} strong />
      </header>
      <p className="preview-why">
        {task.title && <span data-testid="task.title">{task.title} · </span>}
        <span className="strong">{words(task.node_name)}</span> · {words(task.why)} <TaskDue task={task} />
      </p>
      {gone ? (
        <p className="decision" data-testid="tasks.preview.gone">
          <Handled id={task.id} />
        </p>
      ) : task.kind === 'copy' ? (
        <CopyRead order={order.data} onDone={() => onDecided(task)} />
      ) : (
        <DecisionBar
          task={task}
          onDecided={() => onDecided(task)}
          onStale={problem => onStale(task, problem)}
        />
      )}
      {task.findings.length > 0 && (
        <section className="block">
          <h3>{t(task.kind === 'copy' ? 'task.findings_copy' : 'task.findings')}</h3>
          <FindingList id="tasks" findings={task.findings} />
        </section>
      )}
      {order.isPending && <Loading rows={8} />}
      {order.error && !order.data && (
        <Failed id="tasks.preview" error={order.error} retry={() => order.refetch()} />
      )}
      {order.data && (
        <>
          <LooksAt task={task} order={order.data} />
          <section className="block">
            <h3>{t('order.lines', { count: order.data.lines.length })}</h3>
            <LineTable order={order.data} id="tasks" compact />
          </section>
          {task.shows_supply && <StepSupply order={task.order_id} />}
          {!me?.viewer && <Seen task={task} />}
          {!gone && !me?.viewer && <Received task={task} />}
        </>
      )}
      {events.length > 0 && (
        <section className="block">
          <h3>{t('task.last_events')}</h3>
          <TimelineList items={events} id="tasks" />
        </section>
      )}
      {words(task.description) && <p data-testid="task.description">{words(task.description)}</p>}
      {words(task.sop) && (
        <section className="block">
          <h3>{t('task.sop')}</h3>
          <p className="sop">{words(task.sop)}</p>
        </section>
      )}
    </article>
  )
}
