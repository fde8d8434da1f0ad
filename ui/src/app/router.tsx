import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type SearchSchemaInput,
  stripSearchParams,
} from '@tanstack/react-router'
import type { AuditQuery, ExceptionQuery } from '../api/admin'
import type { OrderQuery } from '../api/types'
import { bothLanguages } from '../i18n'
import type { FeedbackSearch } from '../pages/feedback/FeedbackPage'
import type { MasterSearch } from '../pages/master/MasterPage'
import type { PeopleSearch } from '../pages/people/Users'
import type { ReceivableSearch } from '../pages/receivable/Receivables'
import { recordSearch } from '../pages/record/asked'
import type { RecordSearch } from '../pages/record/RecordsPage'
import { askedTraits, ownDays, SPANS } from '../pages/report/period'
import type { ReportSearch } from '../pages/report/ReportPage'
import type { StockSearch } from '../pages/stock/StockPage'
import { filterOf, type TaskFilter } from '../pages/task/filter'
import { Loading } from '../ui/states'
import { NotFound } from './NotFound'
import {
  type ChangeView,
  changeViews,
  type EventKind,
  eventKinds,
  type FeedbackView,
  type FlowTab,
  feedbackViews,
  flowTabs,
  type IntakeView,
  intakeViews,
  type MasterView,
  masterViews,
  type NoticeView,
  noticeViews,
  type PeopleView,
  peopleViews,
  type ReportView,
  reportViews,
  type StockView,
  stockViews,
  type Tab,
  type TaskPlace,
  tabs,
  taskPlaces,
  type View,
  views,
} from './places'
import { Shell } from './Shell'
import { among, text } from './search'

const root = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: NotFound,
})

const workbench = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/workbench/Workbench')),
})

const start = createRoute({
  getParentRoute: () => root,
  path: '/start',
  component: lazyRouteComponent(() => import('../pages/start/Start')),
})

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (
    search: { queue?: TaskPlace } & TaskFilter & SearchSchemaInput,
  ): { queue: TaskPlace } & TaskFilter => ({
    queue: among(search.queue, taskPlaces, 'mine'),
    ...filterOf(search),
  }),
  search: { middlewares: [stripSearchParams({ queue: 'mine' as TaskPlace })] },
  component: lazyRouteComponent(() => import('../pages/task/Tasks')),
})

const orders = createRoute({
  getParentRoute: () => root,
  path: '/orders',
  validateSearch: (search: OrderQuery & SearchSchemaInput): OrderQuery & { view: View } => ({
    view: among(search.view, views, 'all'),
    q: text(search.q),
    status: text(search.status),
    stage: text(search.stage),
    channel: text(search.channel),
    department: text(search.department),
    customer: text(search.customer),
    amount_from: text(search.amount_from),
    amount_to: text(search.amount_to),
    currency: text(search.currency),
    warehouse: text(search.warehouse),
  }),
  search: { middlewares: [stripSearchParams({ view: 'all' as const })] },
  component: lazyRouteComponent(() => import('../pages/order/Orders')),
})

const newOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('../pages/order/NewOrder')),
})

interface OrderSearch {
  tab: Tab
  /** The order as it was then. */
  as_of?: string
  /** Of the timeline, only events of this kind. */
  events?: EventKind
}
const instant = (value: unknown) =>
  typeof value === 'string' && Number.isFinite(Date.parse(value)) ? value : undefined
const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id',
  validateSearch: (search: Partial<OrderSearch> & SearchSchemaInput): OrderSearch => ({
    tab: among(search.tab, tabs, 'overview'),
    as_of: instant(search.as_of),
    events: eventKinds.find(kind => kind === search.events),
  }),
  search: { middlewares: [stripSearchParams({ tab: 'overview' as Tab })] },
  component: lazyRouteComponent(() => import('../pages/order/OrderPage')),
})

const editOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id/edit',
  component: lazyRouteComponent(() => import('../pages/order/EditOrder')),
})

const changes = createRoute({
  getParentRoute: () => root,
  path: '/changes',
  validateSearch: (search: { view?: ChangeView } & SearchSchemaInput): { view: ChangeView } => ({
    view: among(search.view, changeViews, 'open'),
  }),
  search: { middlewares: [stripSearchParams({ view: 'open' as ChangeView })] },
  component: lazyRouteComponent(() => import('../pages/change/ChangesPage')),
})

const intake = createRoute({
  getParentRoute: () => root,
  path: '/orders/intake',
  validateSearch: (search: { view?: IntakeView } & SearchSchemaInput): { view: IntakeView } => ({
    view: among(search.view, intakeViews, 'incomplete'),
  }),
  search: { middlewares: [stripSearchParams({ view: 'incomplete' as IntakeView })] },
  component: lazyRouteComponent(() => import('../pages/intake/Intake')),
})

const exceptions = createRoute({
  getParentRoute: () => root,
  path: '/exceptions',
  validateSearch: (search: Partial<ExceptionQuery> & SearchSchemaInput): ExceptionQuery => ({
    state: among(search.state, ['open', 'closed'] as const, 'open'),
    kind: text(search.kind),
    owner: search.owner === 'mine' ? 'mine' : undefined,
  }),
  search: { middlewares: [stripSearchParams({ state: 'open' as const })] },
  component: lazyRouteComponent(() => import('../pages/exception/Exceptions')),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search: AuditQuery & SearchSchemaInput): AuditQuery => ({
    order: text(search.order),
    actor: text(search.actor),
    action: text(search.action),
    from: text(search.from),
    to: text(search.to),
    without: text(search.without),
  }),
  component: lazyRouteComponent(() => import('../pages/audit/Audit')),
})

const stock = createRoute({
  getParentRoute: () => root,
  path: '/stock',
  validateSearch: (search: Partial<StockSearch> & SearchSchemaInput): StockSearch => ({
    view: among(search.view, stockViews, 'levels'),
    q: text(search.q),
    state: text(search.state),
    product: text(search.product),
  }),
  search: { middlewares: [stripSearchParams({ view: 'levels' as StockView })] },
  component: lazyRouteComponent(() => import('../pages/stock/StockPage')),
})

const receivables = createRoute({
  getParentRoute: () => root,
  path: '/receivables',
  validateSearch: (search: ReceivableSearch & SearchSchemaInput): ReceivableSearch => ({
    customer: text(search.customer),
    overdue: String(search.overdue) === 'true' ? 'true' : undefined,
    credit: text(search.credit),
  }),
  component: lazyRouteComponent(() => import('../pages/receivable/Receivables')),
})

const records = createRoute({
  getParentRoute: () => root,
  path: '/records',
  validateSearch: (search: Partial<RecordSearch> & SearchSchemaInput) => recordSearch(search),
  search: { middlewares: [stripSearchParams({ view: 'shipments' as const })] },
  component: lazyRouteComponent(() => import('../pages/record/RecordsPage')),
})

const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: (search: Partial<ReportSearch> & SearchSchemaInput): ReportSearch => ({
    view: among(search.view, reportViews, 'overview'),
    days: SPANS.find(span => span === Number(search.days)) ?? 30,
    ...ownDays(text(search.first), text(search.last)),
    ...askedTraits(search),
    set: text(search.set),
    reason: text(search.reason),
    cycle: text(search.cycle),
    reached: text(search.reached),
    part: text(search.part),
    from: text(search.from),
    to: text(search.to),
  }),
  search: { middlewares: [stripSearchParams({ view: 'overview' as ReportView, days: 30 })] },
  component: lazyRouteComponent(() => import('../pages/report/ReportPage')),
})

const master = createRoute({
  getParentRoute: () => root,
  path: '/master',
  validateSearch: (search: Partial<MasterSearch> & SearchSchemaInput): MasterSearch => ({
    view: among(search.view, masterViews, 'customers'),
    q: text(search.q),
    code: text(search.code),
  }),
  search: { middlewares: [stripSearchParams({ view: 'customers' as MasterView })] },
  component: lazyRouteComponent(() => import('../pages/master/MasterPage')),
})

const flows = createRoute({
  getParentRoute: () => root,
  path: '/automation/flows',
  component: lazyRouteComponent(() => import('../pages/flow/Flows')),
})

interface FlowSearch {
  tab: FlowTab
  version?: number
  before?: number
}
const number = (value: unknown) =>
  Number.isInteger(Number(value ?? '')) && value ? Number(value) : undefined
const flow = createRoute({
  getParentRoute: () => root,
  path: '/automation/flows/$key',
  validateSearch: (search: Partial<FlowSearch> & SearchSchemaInput): FlowSearch => ({
    tab: among(search.tab, flowTabs, 'picture'),
    version: number(search.version),
    before: number(search.before),
  }),
  search: { middlewares: [stripSearchParams({ tab: 'picture' as FlowTab })] },
  component: lazyRouteComponent(() => import('../pages/flow/FlowPage')),
})

const flowDesign = createRoute({
  getParentRoute: () => root,
  path: '/automation/flows/$key/design',
  validateSearch: (search: { version?: number } & SearchSchemaInput): { version?: number } => ({
    version: number(search.version),
  }),
  // What is put into a flow is named in both languages at once.
  component: lazyRouteComponent(() => bothLanguages().then(() => import('../pages/flow/designer/Designer'))),
})

const calendars = createRoute({
  getParentRoute: () => root,
  path: '/automation/calendars',
  component: lazyRouteComponent(() => import('../pages/calendar/Calendars')),
})

const form = createRoute({
  getParentRoute: () => root,
  path: '/automation/form',
  component: lazyRouteComponent(() => import('../pages/form/FormPage')),
})

const noticeTexts = createRoute({
  getParentRoute: () => root,
  path: '/automation/notices',
  validateSearch: (search: { view?: NoticeView } & SearchSchemaInput): { view: NoticeView } => ({
    view: among(search.view, noticeViews, 'texts'),
  }),
  search: { middlewares: [stripSearchParams({ view: 'texts' as NoticeView })] },
  component: lazyRouteComponent(() => import('../pages/notice/NoticeTextsPage')),
})

const absence = createRoute({
  getParentRoute: () => root,
  path: '/settings/absence',
  component: lazyRouteComponent(() => import('../pages/people/Absence')),
})

const leavers = createRoute({
  getParentRoute: () => root,
  path: '/settings/leavers',
  validateSearch: (search: { who?: string } & SearchSchemaInput): { who?: string } => ({
    who: text(search.who),
  }),
  component: lazyRouteComponent(() => import('../pages/people/Leavers')),
})

const users = createRoute({
  getParentRoute: () => root,
  path: '/settings/users',
  validateSearch: (search: Partial<PeopleSearch> & SearchSchemaInput): PeopleSearch => ({
    view: among(search.view, peopleViews, 'people'),
    q: text(search.q),
    department: text(search.department),
    role: text(search.role),
    login: text(search.login),
  }),
  search: { middlewares: [stripSearchParams({ view: 'people' as PeopleView })] },
  component: lazyRouteComponent(() => import('../pages/people/Users')),
})

const feedback = createRoute({
  getParentRoute: () => root,
  path: '/feedback',
  validateSearch: (search: Partial<FeedbackSearch> & SearchSchemaInput): FeedbackSearch => ({
    view: among(search.view, feedbackViews, 'all'),
    flow: text(search.flow),
    step: text(search.step),
  }),
  search: { middlewares: [stripSearchParams({ view: 'all' as FeedbackView })] },
  component: lazyRouteComponent(() => import('../pages/feedback/FeedbackPage')),
})

const checks = createRoute({
  getParentRoute: () => root,
  path: '/checks',
  component: lazyRouteComponent(() => import('../pages/check/SelfChecks')),
})

export const router = createRouter({
  routeTree: root.addChildren([
    workbench,
    start,
    tasks,
    orders,
    newOrder,
    changes,
    intake,
    order,
    editOrder,
    exceptions,
    stock,
    receivables,
    records,
    reports,
    master,
    audit,
    flows,
    flow,
    flowDesign,
    calendars,
    form,
    noticeTexts,
    absence,
    leavers,
    users,
    feedback,
    checks,
  ]),
  defaultPendingComponent: () => <Loading />,
  defaultPendingMs: 150,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
