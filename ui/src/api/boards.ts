import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from './client'
import { usePages } from './pages'
import type { Period } from './report'
import type { components } from './schema'
import type { Page } from './types'

type S = components['schemas']
export type SlaBoard = S['SlaBoard']
export type QualityBoard = S['QualityBoard']
export type ReportTask = S['ReportTask']
export type Happening = S['Happening']

/** Boards follow the orders some seconds behind them, as figures do. */
const FRESH_MS = 60_000

const query = <T>(board: string, period: Period, read: () => Promise<T>) => ({
  queryKey: ['reports', board, period],
  queryFn: read,
  placeholderData: keepPreviousData,
  refetchInterval: FRESH_MS,
})

export const useSlaBoard = (period: Period) =>
  useQuery(
    query('sla', period, () => take(api.GET('/api/v1/reports/sla', { params: { query: { ...period } } }))),
  )

export const useQualityBoard = (period: Period) =>
  useQuery(
    query('quality', period, () =>
      take(api.GET('/api/v1/reports/quality', { params: { query: { ...period } } })),
    ),
  )

export const useOperationsBoard = (period: Period) =>
  useQuery(
    query('operations', period, () =>
      take(api.GET('/api/v1/reports/operations', { params: { query: { ...period } } })),
    ),
  )

/** To what sorts of orders boards can be narrowed. */
export const useBoardChoices = ({ from, to }: Period) =>
  useQuery({
    queryKey: ['reports', 'choices', from, to],
    queryFn: () => take(api.GET('/api/v1/reports/choices', { params: { query: { from, to } } })),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  })

/** Which tasks a figure counts. An empty text asks for those that have none. */
export interface TaskChoice {
  set: string
  node?: string
  step_flow?: string
  department?: string
  person?: string
  reason?: string
  age?: string
  from?: string
  to?: string
}

export const useReportTasks = (choice: TaskChoice, period: Period) =>
  usePages(
    ['reports', 'tasks', choice, period],
    cursor =>
      take(
        api.GET('/api/v1/reports/tasks', {
          params: { query: { ...period, ...choice, limit: '50', cursor } },
        }),
      ) as Promise<Page<ReportTask>>,
  )

/** Which happenings a figure counts. */
export interface HappeningChoice {
  kind: string
  about?: string
  state?: string
}

export const useHappenings = (choice: HappeningChoice, period: Period) =>
  usePages(
    ['reports', 'happenings', choice, period],
    cursor =>
      take(
        api.GET('/api/v1/reports/happenings', {
          params: { query: { ...period, ...choice, limit: '50', cursor } },
        }),
      ) as Promise<Page<Happening>>,
  )

/** The same rows as a file. */
export const boardFile = (
  list: 'tasks' | 'happenings',
  choice: TaskChoice | HappeningChoice,
  period: Period,
) => {
  const asked = Object.entries({ ...period, ...choice }).filter(([, value]) => value !== undefined)
  return `/api/v1/reports/${list}.csv?${new URLSearchParams(asked)}`
}
