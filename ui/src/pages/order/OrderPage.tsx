import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useState } from 'react'
import { useMe, useOrder } from '../../api/hooks'
import type { Problem } from '../../api/problem'
import type { Order, Task } from '../../api/types'
import { useShows } from '../../app/about'
import { type Tab, tabs } from '../../app/places'
import { useWords } from '../../i18n'
import { StageBar } from '../../ui/StageBar'
import { Loading, PageFailed } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { useDetail } from '../../ui/Time'
import { DecisionBar } from '../task/DecisionBar'
import { Accounts } from './fulfil/Accounts'
import { Complaints } from './fulfil/Complaints'
import { Shipments } from './fulfil/Shipments'
import { LineTable } from './LineTable'
import { OrderHead } from './OrderHead'
import { BrokenPromises } from './tabs/BrokenPromises'
import { Changes } from './tabs/Changes'
import { Comments } from './tabs/Comments'
import { Files } from './tabs/Files'
import { Findings } from './tabs/Findings'
import { Flow } from './tabs/Flow'
import { Notices } from './tabs/Notices'
import { Overview } from './tabs/Overview'
import { Supply } from './tabs/Supply'
import { Timeline } from './tabs/Timeline'

/** What one can do to anybody's task is no reason to show its decision bar: it stands in the flow tab. */
const ANYBODYS = ['urge', 'reassign', 'print']
const mineFirst = (tasks: Task[]) =>
  tasks.find(
    task =>
      task.state === 'open' && task.actions.some(action => action.allowed && !ANYBODYS.includes(action.name)),
  )

const countOf = (order: Order, tab: Tab): number | undefined => {
  switch (tab) {
    case 'lines':
      return order.lines.length
    case 'findings':
      return (
        order.findings.filter(f => f.state === 'open').length +
        order.questions.filter(q => q.state === 'open').length
      )
    case 'notices':
      return order.notices.length
    case 'files':
      return order.attachments.length
    case 'shipments':
      return order.fulfilment.shipments.length
    case 'accounts':
      return order.fulfilment.payments.length + order.fulfilment.invoices.length
    case 'complaints':
      return order.fulfilment.complaints.filter(each => each.state !== 'closed').length
    default:
      return undefined
  }
}

function TabBody({ order, tab }: { order: Order; tab: Tab }) {
  switch (tab) {
    case 'overview':
      return <Overview order={order} />
    case 'lines':
      return (
        <>
          <LineTable order={order} id="order" />
          <BrokenPromises order={order} />
          <Supply order={order} />
        </>
      )
    case 'findings':
      return <Findings order={order} />
    case 'flow':
      return <Flow order={order} />
    case 'timeline':
      return <Timeline order={order} />
    case 'changes':
      return <Changes order={order} />
    case 'shipments':
      return <Shipments order={order} />
    case 'accounts':
      return <Accounts order={order} />
    case 'complaints':
      return <Complaints order={order} />
    case 'notices':
      return <Notices order={order} />
    case 'files':
      return <Files order={order} />
    case 'comments':
      return <Comments order={order} />
  }
}

function OrderView({ order }: { order: Order }) {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const { tab } = useSearch({ from: '/orders/$id' })
  const { data: me } = useMe()
  const detailOf = useDetail()
  useShows(order.id)
  const [stale, setStale] = useState<Problem>()
  const task = mineFirst(order.tasks)
  return (
    <div
      className="page order"
      data-testid="order.page"
      data-status={order.status}
      data-version={order.version}
      data-user={me?.login}
    >
      <OrderHead order={order} />
      <section className="card progress">
        <p className="sentence" data-testid="order.sentence" data-live="order" aria-live="polite">
          {words(order.sentence)}
        </p>
        <StageBar stage={order.stage} />
      </section>
      {stale && (
        <Alert
          type="warning"
          showIcon
          closable={{ onClose: () => setStale(undefined) }}
          data-testid="order.stale"
          title={detailOf(stale)}
        />
      )}
      {task && (
        <div className="sticky-decision">
          <DecisionBar key={task.id} task={task} onStale={setStale} />
        </div>
      )}
      <TabBar
        id="order.tab"
        label={t('order.tabs')}
        value={tab}
        options={tabs.map(key => ({ key, text: t(`order.tab.${key}`), count: countOf(order, key) }))}
        onChange={key =>
          navigate({
            to: '/orders/$id',
            params: { id: order.id },
            search: { tab: key },
            replace: true,
            resetScroll: false,
          })
        }
      />
      <div role="tabpanel" aria-label={t(`order.tab.${tab}`)} className="card tab-body">
        <TabBody order={order} tab={tab} />
      </div>
    </div>
  )
}

export default function OrderPage() {
  const { id } = useParams({ from: '/orders/$id' })
  const { t } = useWords()
  const { data, error, isPending, refetch } = useOrder(id)
  if (isPending) return <Loading rows={12} />
  if (!data)
    return (
      <PageFailed id="order" error={error} retry={() => refetch()} missing={t('order.not_found')}>
        <Link to="/orders" data-testid="order.all">
          {t('workbench.all_orders')}
        </Link>
      </PageFailed>
    )
  return <OrderView order={data} />
}
