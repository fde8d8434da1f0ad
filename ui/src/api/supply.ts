/** Goods: what is there, what came and went, what is bought, what things are made of, and what can be promised. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import { idempotent } from './hooks'
import { usePages } from './pages'
import { leftOut } from './problem'
import type { components } from './schema'
import type {
  Bom,
  LineSupply,
  Page,
  Preparation,
  PurchaseLine,
  ShortageTask,
  Stock,
  StockMovement,
  Warehouse,
  WorkCentre,
  WorkOrder,
} from './types'

type S = components['schemas']
/** A line of a purchase, or a work order. */
export type Coming = Pick<PurchaseLine, 'number' | 'product' | 'open' | 'due_date' | 'order_id'> & {
  line?: number
}

const LIMIT = '50'
/** For look-ups of one thing among those that look alike. */
const MOST = '200'

export const useStock = (q: string | undefined) =>
  usePages(
    ['stock', 'levels', q ?? ''],
    cursor =>
      take(api.GET('/api/v1/stock', { params: { query: { q, limit: LIMIT, cursor } } })) as Promise<
        Page<Stock>
      >,
  )

/** What each place has of one product. The search is by parts of words, so others are left out here. */
export const useStockOf = (product: string) =>
  useQuery({
    queryKey: ['stock', 'of', product],
    queryFn: () =>
      take(api.GET('/api/v1/stock', { params: { query: { q: product, limit: MOST } } })).then(page =>
        page.items.filter(row => row.product === product),
      ),
  })
/** What is ordered or being made of one product and has not come. */
export const useComing = (product: string) =>
  useQuery({
    queryKey: ['stock', 'coming', product],
    queryFn: async () => {
      const asked = (state: string) => ({ params: { query: { q: product, state, limit: MOST } } })
      const pages = await Promise.all([
        take(api.GET('/api/v1/purchase-orders', asked('ordered'))),
        take(api.GET('/api/v1/work-orders', asked('released'))),
      ])
      return pages.flatMap(page => page.items as Coming[]).filter(each => each.product === product)
    },
  })
export const useProduct = (code: string, enabled: boolean) =>
  useQuery({
    queryKey: ['master', 'product', code],
    queryFn: () =>
      take(api.GET('/api/v1/products', { params: { query: { q: code, limit: MOST } } })).then(
        page => page.items.find(product => product.code === code) ?? null,
      ),
    enabled,
  })

export const useMovements = (product: string | undefined) =>
  usePages(
    ['stock', 'movements', product ?? ''],
    cursor =>
      take(
        api.GET('/api/v1/stock/movements', { params: { query: { product, limit: LIMIT, cursor } } }),
      ) as Promise<Page<StockMovement>>,
  )

export const useWarehouses = () =>
  usePages(['master', 'warehouses'], () => take(api.GET('/api/v1/warehouses')) as Promise<Page<Warehouse>>)

export interface PurchaseQuery {
  q?: string
  state?: string
}
export const usePurchases = (query: PurchaseQuery) =>
  usePages(
    ['stock', 'purchases', query],
    cursor =>
      take(
        api.GET('/api/v1/purchase-orders', { params: { query: { ...query, limit: LIMIT, cursor } } }),
      ) as Promise<Page<PurchaseLine>>,
  )

export const useWorkOrders = (query: { q: string | undefined; state: string | undefined }) =>
  usePages(
    ['stock', 'work', query],
    cursor =>
      take(
        api.GET('/api/v1/work-orders', { params: { query: { ...query, limit: LIMIT, cursor } } }),
      ) as Promise<Page<WorkOrder>>,
  )
/** Where things are made, and how busy that is. */
export const useWorkCentres = () =>
  useQuery({
    queryKey: ['stock', 'work_centres'],
    queryFn: () =>
      take(api.GET('/api/v1/work-centres', { params: { query: { limit: MOST } } })).then(
        page => page.items as WorkCentre[],
      ),
  })

/** What orders are short of and nobody has ordered or planned, the most urgent first. */
export const useShortages = () =>
  usePages(
    ['stock', 'shortages'],
    cursor =>
      take(api.GET('/api/v1/tasks/shortages', { params: { query: { limit: LIMIT, cursor } } })) as Promise<
        Page<ShortageTask>
      >,
  )

/** What confirmed orders hold and has not left, what is wanted first at the top. */
export const usePreparation = (warehouse: string | undefined) =>
  usePages(
    ['stock', 'preparation', warehouse ?? ''],
    cursor =>
      take(
        api.GET('/api/v1/preparation', { params: { query: { warehouse, limit: LIMIT, cursor } } }),
      ) as Promise<Page<Preparation>>,
  )

export const useBoms = () =>
  usePages(
    ['stock', 'boms'],
    cursor =>
      take(api.GET('/api/v1/boms', { params: { query: { limit: LIMIT, cursor } } })) as Promise<Page<Bom>>,
  )

export interface AtpQuery {
  product: string
  quantity: string
  unit?: string
  date?: string
}
const atp = (query: AtpQuery) => ({
  queryKey: ['stock', 'atp', query],
  queryFn: () => take(api.GET('/api/v1/atp', { params: { query } })),
  retry: false,
})
/** What can be promised, without holding anything. */
export const useAtp = (query: AtpQuery, enabled: boolean) => useQuery({ ...atp(query), enabled })
/** What can be promised from each of some days on; how much is asked for plays no part. */
export const useAtpOn = (product: string, dates: string[]) =>
  useQueries({ queries: dates.map(date => atp({ product, quantity: '1', date })) })

/** How each line of an order stands against stock and purchases. It changes with both, so it is read anew each time. */
export const useSupply = (order: string) =>
  useQuery({
    queryKey: ['order', order, 'supply'],
    queryFn: () =>
      take(api.GET('/api/v1/orders/{id}/supply', { params: { path: { id: order } } })).then(
        page => page.items as LineSupply[],
      ),
  })

const touched = ['stock', 'order', 'orders', 'tasks', 'workbench']
export const useMove = () =>
  useAdminWrite(
    (body: S['MovementItemBody'], key) =>
      take(api.POST('/api/v1/stock/movements', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const useLevels = () =>
  useAdminWrite(
    (body: S['LevelItemBody'], key) =>
      take(api.PUT('/api/v1/stock/levels', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const usePutPurchase = () =>
  useAdminWrite(
    (body: S['PurchaseItemBody'], key) =>
      take(api.PUT('/api/v1/purchase-orders', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const useReceive = () =>
  useAdminWrite(
    (body: S['ReceiptItemBody'], key) =>
      take(
        api.POST('/api/v1/purchase-orders/receive', { params: idempotent(key), body: { items: [body] } }),
      ).then(leftOut),
    touched,
  )
export const usePutWorkOrder = () =>
  useAdminWrite(
    (body: S['WorkOrderBody'], key) =>
      take(api.PUT('/api/v1/work-orders', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const useFinishWork = () =>
  useAdminWrite(
    (body: S['FinishBody'], key) =>
      take(api.POST('/api/v1/work-orders/finish', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const usePutWorkCentre = () =>
  useAdminWrite(
    (body: S['WorkCentreBody'], key) =>
      take(api.PUT('/api/v1/work-centres', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    touched,
  )
export const usePutWarehouse = () =>
  useAdminWrite(
    (body: S['WarehouseItemBody'], key) =>
      take(api.PUT('/api/v1/warehouses', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    ['master', ...touched],
  )
export const usePutBom = () =>
  useAdminWrite(
    (body: Bom, key) =>
      take(api.PUT('/api/v1/boms', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    touched,
  )
