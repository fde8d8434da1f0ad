import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type SearchSchemaInput,
  stripSearchParams,
} from '@tanstack/react-router'
import type { OrderQuery, Queue } from '../api/types'
import { Loading } from '../ui/states'
import { NotFound } from './NotFound'
import { queues, type Tab, tabs, type View, views } from './places'
import { Shell } from './Shell'

const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
const among = <T extends string>(value: unknown, all: readonly T[], first: T): T =>
  all.includes(value as T) ? (value as T) : first

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

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (
    search: { queue?: Queue; due?: string; department?: string } & SearchSchemaInput,
  ): { queue: Queue; due?: string; department?: string } => ({
    queue: among(search.queue, queues, 'mine'),
    due: text(search.due),
    department: text(search.department),
  }),
  search: { middlewares: [stripSearchParams({ queue: 'mine' as Queue })] },
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
  }),
  search: { middlewares: [stripSearchParams({ view: 'all' as const })] },
  component: lazyRouteComponent(() => import('../pages/order/Orders')),
})

const newOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('../pages/order/NewOrder')),
})

const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id',
  validateSearch: (search: { tab?: Tab } & SearchSchemaInput): { tab: Tab } => ({
    tab: among(search.tab, tabs, 'overview'),
  }),
  search: { middlewares: [stripSearchParams({ tab: 'overview' as Tab })] },
  component: lazyRouteComponent(() => import('../pages/order/OrderPage')),
})

const editOrder = createRoute({
  getParentRoute: () => root,
  path: '/orders/$id/edit',
  component: lazyRouteComponent(() => import('../pages/order/EditOrder')),
})

export const router = createRouter({
  routeTree: root.addChildren([workbench, tasks, orders, newOrder, order, editOrder]),
  defaultPendingComponent: () => <Loading />,
  defaultPendingMs: 150,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
