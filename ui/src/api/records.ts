/** Shipments, invoices, payments and complaints of all orders. */
import { api, take } from './client'
import { usePages } from './pages'
import type { ListedComplaint, ListedInvoice, ListedPayment, ListedShipment, Page } from './types'

/** What a list is asked for. */
export interface RecordQuery {
  q?: string
  customer?: string
  from?: string
  to?: string
  state?: string
  warehouse?: string
}

const LIMIT = '50'
const asked = (query: RecordQuery, cursor: string | undefined) => ({
  params: { query: { ...query, limit: LIMIT, cursor } },
})

export const useShipments = (query: RecordQuery) =>
  usePages(
    ['orders', 'shipments', query],
    cursor => take(api.GET('/api/v1/shipments', asked(query, cursor))) as Promise<Page<ListedShipment>>,
  )

export const useInvoices = (query: RecordQuery) =>
  usePages(
    ['orders', 'invoices', query],
    cursor => take(api.GET('/api/v1/invoices', asked(query, cursor))) as Promise<Page<ListedInvoice>>,
  )

export const usePayments = (query: RecordQuery) =>
  usePages(
    ['orders', 'payments', query],
    cursor => take(api.GET('/api/v1/payments', asked(query, cursor))) as Promise<Page<ListedPayment>>,
  )

export const useComplaints = (query: RecordQuery) =>
  usePages(
    ['orders', 'complaints', query],
    cursor => take(api.GET('/api/v1/complaints', asked(query, cursor))) as Promise<Page<ListedComplaint>>,
  )
