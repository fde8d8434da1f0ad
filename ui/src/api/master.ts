/** Customers, products and prices: what orders are made from. */
import { useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import { idempotent } from './hooks'
import { usePages } from './pages'
import { leftOut } from './problem'
import type { components } from './schema'
import type { Customer, Page, Price, Product } from './types'

type S = components['schemas']
const LIMIT = '50'

export const useCustomers = (q: string | undefined) =>
  usePages(
    ['master', 'customers', q ?? ''],
    cursor =>
      take(api.GET('/api/v1/customers', { params: { query: { q, limit: LIMIT, cursor } } })) as Promise<
        Page<Customer>
      >,
  )
/** One customer. The search is by parts of words, so others are left out here. */
export const useCustomer = (code: string) =>
  useQuery({
    queryKey: ['master', 'customer', code],
    queryFn: () =>
      take(api.GET('/api/v1/customers', { params: { query: { q: code, limit: '200' } } })).then(
        page => (page.items as Customer[]).find(customer => customer.code === code) ?? null,
      ),
  })
export const useProducts = (q: string | undefined) =>
  usePages(
    ['master', 'products', q ?? ''],
    cursor =>
      take(api.GET('/api/v1/products', { params: { query: { q, limit: LIMIT, cursor } } })) as Promise<
        Page<Product>
      >,
  )
export const usePrices = (q: string | undefined) =>
  usePages(
    ['master', 'prices', q ?? ''],
    cursor =>
      take(api.GET('/api/v1/prices', { params: { query: { q, limit: LIMIT, cursor } } })) as Promise<
        Page<Price>
      >,
  )

/** The standard clauses are few: they come all at once. */
export const useClauses = () =>
  usePages(['master', 'clauses'], () =>
    take(api.GET('/api/v1/clauses')).then(({ items }) => ({ items, next_cursor: null })),
  )

const touched = ['master', 'orders', 'order']
export const usePutCustomer = () =>
  useAdminWrite(
    (body: S['CustomerItemBody'], key) =>
      take(api.PUT('/api/v1/customers', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    touched,
  )
export const useGrantLimit = (code: string) =>
  useAdminWrite(
    (body: S['LimitGrantBody'], key) =>
      take(
        api.PUT('/api/v1/customers/{code}/temporary-limit', {
          params: { path: { code }, ...idempotent(key) },
          body,
        }),
      ).then(leftOut),
    [...touched, 'credit'],
  )
export const usePutProduct = () =>
  useAdminWrite(
    (body: S['ProductItemBody'], key) =>
      take(api.PUT('/api/v1/products', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    touched,
  )
export const usePutPrice = () =>
  useAdminWrite(
    (body: S['PriceItemBody'], key) =>
      take(api.PUT('/api/v1/prices', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    touched,
  )
export const usePutClause = () =>
  useAdminWrite(
    (body: S['ClauseItemBody'], key) =>
      take(api.PUT('/api/v1/clauses', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    touched,
  )
