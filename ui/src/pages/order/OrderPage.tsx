import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Alert } from 'antd'
import { useState } from 'react'
import { useMe, useOrder, useOrderThen } from '../../api/hooks'
import { PastProvider, usePast } from '../../api/past'
import type { Problem } from '../../api/problem'
import type { Order, Task } from '../../api/types'
import { useShows } from '../../app/about'
import { useKeys } from '../../app/keys'
import { type Tab, tabs } from '../../app/places'
import { besideIt } from '../../app/trail'
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
import { ThenStrip } from './ThenStrip'
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

/** Changes are read as they are now, so they are no part of the order as it was. */
const pastTabs = tabs.filter(tab => tab !== 'changes')

function TabBody({ order, tab }: { order: Order; tab: Tab }) {
  const past = usePast()
  switch (tab) {
    case 'overview':
      return <Overview order={order} />
    case 'lines':
      return (
        <>
          <LineTable order={order} id="order" />
          <BrokenPromises order={order} />
          {past === undefined && <Supply order={order} />}
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

/** Digits choose a tab, brackets the order beside this one in the list that it was opened from. */
function useOrderKeys(order: Order, shown: readonly Tab[], show: (tab: Tab) => void) {
  const navigate = useNavigate()
  const { tab, as_of } = useSearch({ from: '/orders/$id' })
  const beside = (by: 1 | -1) => () => {
    const id = besideIt(order.id, by)
    if (id) void navigate({ to: '/orders/$id', params: { id }, search: { tab } })
  }
  useKeys({
    ...Object.fromEntries(shown.slice(0, 10).map((key, i) => [`${(i + 1) % 10}`, () => show(key)])),
    '[': beside(-1),
    ']': beside(1),
    ...(as_of && {
      escape: () => void navigate({ to: '/orders/$id', params: { id: order.id }, search: { tab } }),
    }),
  })
}

function OrderView({ order }: { order: Order }) {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ from: '/orders/$id' })
  const past = usePast()
  const shown = past === undefined ? tabs : pastTabs
  const tab = shown.find(each => each === search.tab) ?? 'overview'
  const { data: me } = useMe()
  const detailOf = useDetail()
  useShows(order.id)
  const [stale, setStale] = useState<Problem>()
  const task = mineFirst(order.tasks)
  const show = (key: Tab) =>
    navigate({
      to: '/orders/$id',
      params: { id: order.id },
      search: { ...search, tab: key },
      replace: true,
      resetScroll: false,
    })
  useOrderKeys(order, shown, show)
  return (
    <div
      className="page order"
      data-testid="order.page"
      data-status={order.status}
      data-version={order.version}
      data-user={me?.login}
    >
      {search.as_of && <ThenStrip id={order.id} at={search.as_of} tab={tab} />}
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
        options={shown.map(key => ({ key, text: t(`order.tab.${key}`), count: countOf(order, key) }))}
        onChange={show}
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
  const { as_of } = useSearch({ from: '/orders/$id' })
  const now = useOrder(id, !as_of)
  const then = useOrderThen(id, as_of)
  const { data, error, isPending, refetch } = as_of ? then : now
  if (isPending) return <Loading rows={12} />
  if (!data)
    return (
      <PageFailed
        id="order"
        error={error}
        retry={() => refetch()}
        missing={t(as_of ? 'order.then_not_found' : 'order.not_found')}
      >
        {as_of && (
          <>
            <Link to="/orders/$id" params={{ id }} data-testid="order.then.back">
              {t('order.then_back')}
            </Link>{' '}
            ·{' '}
          </>
        )}
        <Link to="/orders" data-testid="order.all">
          {t('workbench.all_orders')}
        </Link>
      </PageFailed>
    )
  return (
    <PastProvider value={as_of ? Date.parse(as_of) : undefined}>
      <OrderView key={as_of ? 'then' : 'now'} order={data} />
    </PastProvider>
  )
}
