/** Reading and writing of what lies around the orders: exceptions, absence, the log, calendars, flows. */
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import type { Sentence } from './flows'
import { idempotent, useMe } from './hooks'
import { usePast } from './past'
import type { components } from './schema'
import type { AuditRow, Delegation, Dependence, IntakeItem, Page } from './types'

type S = components['schemas']

/** Whether the server lets the caller do something, by the name of the permission. */
export function useMay() {
  const { data: me } = useMe()
  const past = usePast()
  return (permission: string) => past === undefined && Boolean(me?.may.includes(permission))
}

export interface ExceptionQuery {
  state: 'open' | 'closed'
  kind?: string
  owner?: 'mine'
}
export const useExceptions = (query: ExceptionQuery) =>
  useInfiniteQuery({
    queryKey: ['exceptions', query],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/exceptions', {
          params: { query: { ...query, limit: '50', cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
  })

export const useLeave = () =>
  useQuery({ queryKey: ['leave'], queryFn: () => take(api.GET('/api/v1/leave')).then(page => page.items) })
export const useDelegations = () =>
  useQuery({
    queryKey: ['delegations'],
    queryFn: () => take(api.GET('/api/v1/delegations')).then(page => page.items as Delegation[]),
    staleTime: 60_000,
  })
const absences = ['leave', 'delegations', 'colleagues', 'tasks', 'order', 'me', 'calendars']
export const useRecordLeave = () =>
  useAdminWrite(
    (body: S['LeaveBody'], key) => take(api.POST('/api/v1/leave', { params: idempotent(key), body })),
    absences,
  )
export const useDelegate = () =>
  useAdminWrite(
    (body: S['DelegationBody'], key) =>
      take(api.POST('/api/v1/delegations', { params: idempotent(key), body })),
    absences,
  )
export const useEndAbsence = () =>
  useAdminWrite(({ kind, id }: { kind: 'leave' | 'delegations'; id: string }, key) => {
    const params = { path: { id }, ...idempotent(key) }
    return kind === 'leave'
      ? take(api.DELETE('/api/v1/leave/{id}', { params })).then(() => undefined)
      : take(api.DELETE('/api/v1/delegations/{id}', { params })).then(() => undefined)
  }, absences)

export const useUsers = (enabled = true) =>
  useQuery({
    queryKey: ['users'],
    queryFn: () => take(api.GET('/api/v1/users')).then(page => page.items),
    enabled,
  })
export const useDependence = (id: string | undefined) =>
  useQuery({
    queryKey: ['dependence', id],
    queryFn: () =>
      take(
        api.GET('/api/v1/users/{id}/dependence', { params: { path: { id: id ?? '' } } }),
      ) as Promise<Dependence>,
    enabled: Boolean(id),
  })
export const useHandOver = () =>
  useAdminWrite(
    ({ id, ...body }: { id: string } & S['TransferBody'], key) =>
      take(api.POST('/api/v1/users/{id}/hand-over', { params: { path: { id }, ...idempotent(key) }, body })),
    ['dependence', 'tasks', 'order', 'orders', 'me'],
  )

export interface AuditQuery {
  order?: string
  actor?: string
  action?: string
  from?: string
  to?: string
  /** Actions that are left out. */
  without?: string
}
export const useAudit = (query: AuditQuery) =>
  useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/audit', {
          params: { query: { ...query, limit: '50', cursor: pageParam || undefined } },
        }),
      ) as Promise<Page<AuditRow>>,
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
    retry: false,
  })
export const useVerify = () =>
  useMutation({ mutationFn: () => take(api.POST('/api/v1/audit/verify', { body: {} })) })

/** The log as a file that proves itself, for whoever is to check it elsewhere. */
export const useEvidence = () =>
  useMutation({
    mutationFn: () =>
      take(
        api.POST('/api/v1/audit/evidence', { body: {}, parseAs: 'blob' }),
      ) as Promise<unknown> as Promise<Blob>,
    onSuccess: file => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file)
      link.download = 'evidence.jsonl.gz'
      link.click()
      URL.revokeObjectURL(link.href)
    },
  })

export const useIntake = () =>
  useInfiniteQuery({
    queryKey: ['intake'],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/intake', { params: { query: { limit: '50', cursor: pageParam || undefined } } }),
      ) as Promise<Page<IntakeItem>>,
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
  })

export const useCalendars = () =>
  useQuery({ queryKey: ['calendars'], queryFn: () => take(api.GET('/api/v1/calendars')) })
export const useDepartments = () =>
  useQuery({
    queryKey: ['departments'],
    queryFn: () => take(api.GET('/api/v1/departments')).then(page => page.items),
    staleTime: 60_000,
  })
export interface DeadlineQuery {
  from?: string
  minutes: string
  department?: string
}
export const useDeadline = (query: DeadlineQuery, enabled: boolean) =>
  useQuery({
    queryKey: ['deadline', query],
    queryFn: () => take(api.GET('/api/v1/calendars/deadline', { params: { query } })),
    enabled,
    retry: false,
  })

export const useFlows = () => useQuery({ queryKey: ['flows'], queryFn: () => take(api.GET('/api/v1/flows')) })
/** The procedure of a version, as Markdown. */
export const useSop = (key: string, version: number, lang: 'zh' | 'en') =>
  useQuery({
    queryKey: ['flows', key, version, 'sop', lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/flows/{key}/versions/{version}/sop', {
          params: { path: { key, version }, query: { lang } },
          parseAs: 'text',
        }),
      ),
  })
export const useFlowDiff = (key: string, from: number, to: number, lang: 'zh' | 'en') =>
  useQuery({
    queryKey: ['flows', key, 'diff', from, to, lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/flows/{key}/diff', { params: { path: { key }, query: { from, to, lang } } }),
      ).then(answer => answer.sentences as unknown as Sentence[]),
    enabled: from !== to,
  })
