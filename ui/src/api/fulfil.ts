/** What follows a confirmation: goods that leave, money that comes in, invoices, complaints. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from './client'
import { idempotent, useWrite } from './hooks'
import { usePages } from './pages'
import type { components } from './schema'
import type { Order, Page, Receivable } from './types'

type S = components['schemas']
const asOrder = (call: Promise<{ data?: S['Order'] }>) => take(call) as Promise<Order>

export type FulfilAct =
  | { act: 'shipments'; body: S['ShipmentBody'] }
  | { act: 'payments'; body: S['PaymentBody'] }
  | { act: 'payment-reversals'; body: S['ReversalBody'] }
  | { act: 'invoices'; body: S['InvoiceRecordBody'] }
  | { act: 'corrections'; iid: string; body: S['InvoiceCorrectionBody'] }
  | { act: 'complaints'; body: S['ComplaintBody'] }
  | { act: 'answer'; qid: string; body: S['ComplaintAnswerBody'] }
  | { act: 'close'; qid: string; body: S['ComplaintOutcomeBody'] }

export const useFulfil = (id: string) =>
  useWrite((input: FulfilAct, key) => {
    const params = { path: { id }, ...idempotent(key) }
    switch (input.act) {
      case 'shipments':
        return asOrder(api.POST('/api/v1/orders/{id}/shipments', { params, body: input.body }))
      case 'payments':
        return asOrder(api.POST('/api/v1/orders/{id}/payments', { params, body: input.body }))
      case 'payment-reversals':
        return asOrder(api.POST('/api/v1/orders/{id}/payment-reversals', { params, body: input.body }))
      case 'invoices':
        return asOrder(api.POST('/api/v1/orders/{id}/invoices', { params, body: input.body }))
      case 'corrections':
        return asOrder(
          api.POST('/api/v1/orders/{id}/invoices/{iid}/corrections', {
            params: { ...params, path: { id, iid: input.iid } },
            body: input.body,
          }),
        )
      case 'complaints':
        return asOrder(api.POST('/api/v1/orders/{id}/complaints', { params, body: input.body }))
      case 'answer':
        return asOrder(
          api.POST('/api/v1/orders/{id}/complaints/{qid}/answer', {
            params: { ...params, path: { id, qid: input.qid } },
            body: input.body,
          }),
        )
      case 'close':
        return asOrder(
          api.POST('/api/v1/orders/{id}/complaints/{qid}/close', {
            params: { ...params, path: { id, qid: input.qid } },
            body: input.body,
          }),
        )
    }
  })

export interface ReceivableQuery {
  customer?: string
  overdue?: 'true'
}
export const useReceivables = (query: ReceivableQuery) =>
  usePages(
    ['orders', 'receivables', query],
    cursor =>
      take(
        api.GET('/api/v1/receivables', { params: { query: { ...query, limit: '50', cursor } } }),
      ) as Promise<Page<Receivable>>,
  )

/** What a customer owes by stage; with a payment, which waiting orders it would let go. */
export const useCredit = (code: string, payment: string, enabled: boolean) =>
  useQuery({
    queryKey: ['orders', 'credit', code, payment],
    queryFn: () =>
      take(
        api.GET('/api/v1/customers/{code}/credit', {
          params: { path: { code }, query: { payment: payment || undefined } },
        }),
      ),
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
  })
