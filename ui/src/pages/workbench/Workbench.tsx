import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useMe, useWorkbench } from '../../api/hooks'
import type { OrderRow, Task, WorkbenchData } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { StageDots } from '../../ui/StageBar'
import { Empty, Failed, Loading } from '../../ui/states'
import { Flags, StatusTag } from '../../ui/Tags'
import { TaskDue, When } from '../../ui/Time'
import { CountCards } from './CountCards'
import { StartCard } from './StartCard'
import { Workload } from './Workload'

function Card({
  id,
  title,
  more,
  children,
}: {
  id: string
  title: string
  more?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="card" aria-label={title} data-testid={`workbench.${id}`} data-live={id}>
      <header className="card-head">
        <h2>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  )
}

function TopTasks({ tasks, orders }: { tasks: Task[]; orders: boolean }) {
  const { t, words } = useWords()
  if (!tasks.length)
    return (
      <Empty id="workbench.tasks" text={t('workbench.no_tasks')}>
        {orders && (
          <Link to="/orders" data-testid="workbench.all_orders">
            {t('workbench.all_orders')}
          </Link>
        )}
      </Empty>
    )
  return (
    <ul className="rows" data-count={tasks.length}>
      {tasks.map(task => (
        <li key={task.id} className="row-task">
          <Link
            to="/orders/$id"
            params={{ id: task.order_id }}
            className="strong"
            data-testid={`workbench.task:${task.order_number}`}
          >
            {task.order_number}
          </Link>
          <span className="grow clip" title={task.customer_name ?? ''}>
            {task.customer_name}
          </span>
          <span className="clip row-why" title={words(task.why)}>
            {words(task.node_name)}
          </span>
          <span className="row-money">
            <Money value={task.total} currency={task.currency} />
          </span>
          <span className="row-clock">
            <TaskDue task={task} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Stages({ stages }: { stages: WorkbenchData['stages'] }) {
  const { code } = useWords()
  const most = Math.max(1, ...stages.map(stage => stage.count))
  return (
    <ul className="bars" data-count={stages.length}>
      {stages.map(({ stage, count }) => (
        <li key={stage}>
          <Link to="/orders" search={{ view: 'all', stage }} data-testid={`workbench.stage:${stage}`}>
            <span className="bar-name">{code('stage', stage)}</span>
            <span className="bar-track">
              {count > 0 && <span className="bar-fill" style={{ width: `${(count / most) * 100}%` }} />}
            </span>
            <span className="num bar-count">{count}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** One's own queue opens the tasks it counts; another department's opens the orders that wait there. */
function Departments({ rows, own }: { rows: WorkbenchData['by_department']; own: string | null }) {
  const { t, code } = useWords()
  return (
    <ul className="rows" data-count={rows.length}>
      {rows.map(({ department, open, overdue }) => (
        <li key={department}>
          <Link
            {...(department === own
              ? { to: '/tasks', search: { queue: 'mine' as const } }
              : { to: '/orders', search: { view: 'all' as const, department } })}
            className="row-department"
            data-testid={`workbench.department:${department}`}
          >
            <span className="grow">{code('department', department)}</span>
            <span className="num">{t('workbench.open', { count: open })}</span>
            <span className={overdue ? 'num ink-red' : 'num quiet'}>
              {t('workbench.overdue', { count: overdue })}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Recent({ orders }: { orders: OrderRow[] }) {
  const { t } = useWords()
  if (!orders.length) return <Empty id="workbench.recent" text={t('workbench.no_orders')} />
  return (
    <ul className="rows" data-count={orders.length}>
      {orders.map(order => (
        <li key={order.id} className="row-order">
          <Link
            to="/orders/$id"
            params={{ id: order.id }}
            className="strong"
            data-testid={`workbench.order:${order.number}`}
          >
            {order.number}
          </Link>
          <span className="grow clip" title={order.customer_name ?? ''}>
            {order.customer_name}
          </span>
          <span className="row-money">
            <Money value={order.total} currency={order.currency} />
          </span>
          <StageDots states={order.stage_bar} />
          <span className="row-status">
            <StatusTag status={order.status} /> <Flags flags={order.flags} />
          </span>
          <span className="quiet wide-only">
            <When at={order.updated_at} />
          </span>
        </li>
      ))}
    </ul>
  )
}

export default function Workbench() {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const { data: me } = useMe()
  const { data, error, isPending, refetch } = useWorkbench()
  if (isPending) return <Loading rows={10} />
  if (!data) return <Failed id="workbench" error={error} retry={() => refetch()} />
  // Who may not read orders is told nothing about them.
  const orders = Boolean(me?.menu.includes('orders'))
  return (
    <div className="page workbench">
      <div className="page-head">
        <h1 className="sentence" data-testid="workbench.sentence" data-live="task">
          {orders || data.counts.my_open > 0 ? words(data.sentence) : t('workbench.no_tasks')}
        </h1>
        {me?.menu.includes('order_new') && (
          <Button
            type="primary"
            className="narrow-only"
            onClick={() => navigate({ to: '/orders/new' })}
            data-testid="workbench.new"
          >
            {t('nav.order_new')}
          </Button>
        )}
      </div>
      {(me?.may.includes('write_users') || me?.may.includes('write_master')) && <StartCard />}
      <CountCards counts={data.counts} orders={orders} />
      <div className="workbench-grid">
        <Card
          id="tasks"
          title={t('workbench.top_tasks')}
          more={
            <Link to="/tasks" search={{ queue: 'mine' }} data-testid="workbench.all_tasks">
              {t('workbench.all_tasks')}
            </Link>
          }
        >
          <TopTasks tasks={data.tasks} orders={orders} />
        </Card>
        {orders && (
          <>
            <Card id="stages" title={t('workbench.by_stage')}>
              <Stages stages={data.stages} />
            </Card>
            <Card
              id="recent"
              title={t('workbench.recent')}
              more={
                <Link to="/orders" search={{ view: 'all' }} data-testid="workbench.more_orders">
                  {t('workbench.all_orders')}
                </Link>
              }
            >
              <Recent orders={data.recent_orders} />
            </Card>
            <Card id="departments" title={t('workbench.by_department')}>
              <Departments rows={data.by_department} own={me?.department ?? null} />
            </Card>
            <Card id="workload" title={t('workload.title')}>
              <Workload own={me?.department ?? null} />
            </Card>
          </>
        )}
      </div>
    </div>
  )
}
