/** The first set-up of a company: what is there already, and records in number. */
import { useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { useDepartments, useMay, useUsers } from './admin'
import { api, take } from './client'
import { idempotent } from './hooks'
import type { components } from './schema'

type S = components['schemas']
export type SheetKind = 'people' | 'customers' | 'products' | 'stock'
export type Loaded = S['Upserted']
export type Load =
  | { kind: 'people'; items: S['UserItemBody'][] }
  | { kind: 'customers'; items: S['CustomerItemBody'][] }
  | { kind: 'products'; items: S['ProductItemBody'][] }
  | { kind: 'stock'; items: S['StockItemBody'][] }

function put(load: Load, key: string): Promise<Loaded> {
  const params = idempotent(key)
  switch (load.kind) {
    case 'people':
      return take(api.PUT('/api/v1/users', { params, body: { items: load.items } })) as Promise<Loaded>
    case 'customers':
      return take(api.PUT('/api/v1/customers', { params, body: { items: load.items } })) as Promise<Loaded>
    case 'products':
      return take(api.PUT('/api/v1/products', { params, body: { items: load.items } })) as Promise<Loaded>
    case 'stock':
      return take(api.PUT('/api/v1/stock/feed', { params, body: { items: load.items } })) as Promise<Loaded>
  }
}

export const useLoad = () =>
  useAdminWrite(put, ['start', 'users', 'departments', 'colleagues', 'master', 'stock', 'flow-inspection'])

const one = { params: { query: { limit: '1' } } }
const some = (call: Promise<{ data?: { items: unknown[] } }>) =>
  take(call).then(page => page.items.length > 0)

/** Whether there is anything of a kind; null where the caller may not know. */
function useSome(name: string, permission: string, read: () => Promise<boolean>) {
  const may = useMay()(permission)
  const { data } = useQuery({ queryKey: ['start', name], queryFn: read, enabled: may })
  return may ? data : null
}

/** How far the set-up is, read from what is really there. */
export function useStart() {
  const may = useMay()
  const departments = useDepartments()
  const users = useUsers(may('read_users'))
  const customers = useSome('customers', 'read_master', () => some(api.GET('/api/v1/customers', one)))
  const products = useSome('products', 'read_master', () => some(api.GET('/api/v1/products', one)))
  const stock = useSome('stock', 'read_stock', () => some(api.GET('/api/v1/stock', one)))
  const confirmed = useSome('confirmed', 'read_orders', () =>
    some(
      api.GET('/api/v1/orders', {
        params: { query: { limit: '1', status: 'confirmed,in_fulfilment,completed' } },
      }),
    ),
  )
  const empty = departments.data?.filter(each => each.members === 0) ?? []
  return {
    /** Absent until they are known. */
    users: users.data,
    departments: departments.data ?? [],
    empty,
    done: {
      company: true,
      people: departments.data ? departments.data.length - empty.length >= 2 : undefined,
      customers,
      products,
      stock,
      order: confirmed,
    },
  }
}
export type StartStep = keyof ReturnType<typeof useStart>['done']
