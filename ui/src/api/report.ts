import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import { idempotent } from './hooks'
import { usePages } from './pages'
import type { components } from './schema'
import type { Page } from './types'

type S = components['schemas']
export type Figures = S['Figures']
export type Overview = S['Overview']
export type LostOrders = S['LostOrders']
export type Speeds = S['Speeds']
export type OrderFact = S['ReportOrder']
export type HandOver = S['HandOver']

/** From (inclusive) and to (exclusive), as ISO dates. */
export interface Period extends Traits {
  from: string
  to: string
}

/** What sort of orders a board is about; the department is that of their tasks. */
export interface Traits {
  channel?: string
  flow?: string
  level?: string
  owner?: string
  department?: string
}

/** Which of the orders of a set: lost for a reason, confirmed in so many minutes (`120-240`, `960-` and more). */
export interface Cut {
  reason?: string
  cycle?: string
  /** Received and come at least so far: `0` received to `3` confirmed. */
  reached?: string
  /** Confirmed after they waited for this part. */
  part?: string
}

/** Figures follow the orders some seconds behind them. */
const FRESH_MS = 30_000

export const useOverview = (period: Period) =>
  useQuery({
    queryKey: ['reports', 'overview', period],
    queryFn: () => take(api.GET('/api/v1/reports/overview', { params: { query: { ...period } } })),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  })

export const useLostOrders = (period: Period) =>
  useQuery({
    queryKey: ['reports', 'lost', period],
    queryFn: () => take(api.GET('/api/v1/reports/lost', { params: { query: { ...period } } })),
    placeholderData: keepPreviousData,
  })

export const useSpeed = (period: Period) =>
  useQuery({
    queryKey: ['reports', 'speed', period],
    queryFn: () => take(api.GET('/api/v1/reports/speed', { params: { query: { ...period } } })),
    placeholderData: keepPreviousData,
  })

/** Exactly the orders that a figure counts. */
export const useFactOrders = (set: string, period: Period, cut: Cut) =>
  usePages(
    ['reports', 'orders', set, period, cut],
    cursor =>
      take(
        api.GET('/api/v1/reports/orders', {
          params: { query: { ...period, ...cut, set, limit: '50', cursor } },
        }),
      ) as Promise<Page<OrderFact>>,
  )

export const factFile = (set: string, period: Period, cut: Cut) => {
  const asked = Object.entries({ set, ...period, ...cut }).filter(([, value]) => value)
  return `/api/v1/reports/orders.csv?${new URLSearchParams(asked)}`
}

/** How work arrived at each department. */
export const useHandOvers = (period: Period) =>
  useQuery({
    queryKey: ['reports', 'handed', period],
    queryFn: () => take(api.GET('/api/v1/reports/hand-overs', { params: { query: { ...period } } })),
    placeholderData: keepPreviousData,
  })

/** Which hand-overs are listed, and of which department. */
export interface HandOverChoice {
  set: 'sent' | 'received' | 'waiting' | 'escalated'
  department: string
}

export const useHandOverList = (choice: HandOverChoice, period: Period) =>
  usePages(
    ['reports', 'hand-over-list', choice, period],
    cursor =>
      take(
        api.GET('/api/v1/reports/hand-over-list', {
          params: { query: { ...period, ...choice, limit: '50', cursor } },
        }),
      ) as Promise<Page<HandOver>>,
  )

export const handOverFile = (choice: HandOverChoice, period: Period) => {
  const asked = Object.entries({ ...period, ...choice }).filter(([, value]) => value !== undefined)
  return `/api/v1/reports/hand-over-list.csv?${new URLSearchParams(asked)}`
}

/** What happened to the orders received in a period, for the tools of process mining. */
export const eventLogFile = (form: 'xes' | 'json', { from, to }: Period) =>
  `/api/v1/reports/event-log.${form}?${new URLSearchParams({ from, to })}`

/** Puts right why an order was lost. The figures follow a moment later. */
export const useExplainLoss = () =>
  useAdminWrite(
    ({ id, reason_code }: { id: string; reason_code: string }, key) =>
      take(
        api.POST('/api/v1/orders/{id}/loss', {
          params: { path: { id }, ...idempotent(key) },
          body: { reason_code },
        }),
      ),
    ['reports', 'order'],
  )
