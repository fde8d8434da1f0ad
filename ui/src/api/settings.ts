/** Documents that the company sets as a whole, each with the tag that it was read under; rates, groups and people by the piece. */
import { useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import { idempotent } from './hooks'
import { usePages } from './pages'
import { leftOut } from './problem'
import type { components } from './schema'

type S = components['schemas']
export type SlaRow = S['SlaRow']
export type SupplyRules = S['SupplyRules']
export type FormField = S['FormField']
export type FormCondition = S['FormCondition']
export type HandRules = S['HandRules']
export type SavedSet = S['SavedSet']
export type CancelReason = S['CancelReason']
export type IssueType = S['IssueType']
export type Organisation = S['Organisation']
export type Rate = S['Rate']
export type CreditGroup = S['CreditGroup']
export type User = S['User']
export type Digest = S['Digest']
export type FigureTargets = S['FigureTargets']
export type NoticeRules = S['NoticeRules']
export type Channel = S['Channel']
export type Review = S['Review']
export type ReviewBody = S['ReviewBody']

/** A document and what it is recognised by. */
export interface Tagged<Body> {
  body: Body
  tag: string
}
export async function tagged<Body>(
  call: Promise<{ data?: Body; response: Response }>,
): Promise<Tagged<Body>> {
  const { data, response } = await call
  return { body: data as Body, tag: response.headers.get('etag') ?? '' }
}
export const under = (tag: string, key: string) => ({
  header: { ...idempotent(key).header, 'If-Match': tag },
})

export const useSla = () =>
  useQuery({ queryKey: ['settings', 'sla'], queryFn: () => tagged(api.GET('/api/v1/settings/sla')) })
export const usePutSla = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['Sla']>, key) =>
      take(api.PUT('/api/v1/settings/sla', { params: under(tag, key), body })),
    ['settings', 'tasks', 'order', 'flow-inspection'],
  )
/** What orders are asked for beside their own fields. */
export const useOrderForm = () =>
  useQuery({
    queryKey: ['settings', 'order-form'],
    queryFn: () => tagged(api.GET('/api/v1/order-form')),
    staleTime: 60_000,
  })
export const usePutOrderForm = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['OrderFormBody']>, key) =>
      take(api.PUT('/api/v1/order-form', { params: under(tag, key), body })),
    ['settings'],
  )
const timekeeping = ['calendars', 'calendar', 'deadline', 'workbench', 'me']
/** Read anew each time it is opened for changing, so that the tag is of what is on screen. */
export const useCompanyHours = () =>
  useQuery({
    queryKey: ['calendars', 'company'],
    queryFn: () => tagged(api.GET('/api/v1/calendars/company')),
    gcTime: 0,
  })
export const usePutCompanyHours = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['CalendarBody']>, key) =>
      take(api.PUT('/api/v1/calendars/company', { params: under(tag, key), body })),
    timekeeping,
  )
/** A department by its code, or a person by the login. */
export interface HoursOf {
  kind: 'departments' | 'people'
  key: string
}
export const useHoursOf = ({ kind, key }: HoursOf) =>
  useQuery({
    queryKey: ['calendars', kind, key],
    queryFn: () =>
      kind === 'departments'
        ? tagged(api.GET('/api/v1/calendars/departments/{code}', { params: { path: { code: key } } }))
        : tagged(api.GET('/api/v1/calendars/people/{login}', { params: { path: { login: key } } })),
    gcTime: 0,
  })
export const usePutHoursOf = ({ kind, key: whose }: HoursOf) =>
  useAdminWrite(({ body, tag }: Tagged<S['CalendarLayerBody']>, key) => {
    const params = under(tag, key)
    return kind === 'departments'
      ? take(
          api.PUT('/api/v1/calendars/departments/{code}', {
            params: { ...params, path: { code: whose } },
            body,
          }),
        )
      : take(
          api.PUT('/api/v1/calendars/people/{login}', {
            params: { ...params, path: { login: whose } },
            body,
          }),
        )
  }, timekeeping)
export const useSupplyRules = () =>
  useQuery({ queryKey: ['settings', 'supply'], queryFn: () => tagged(api.GET('/api/v1/settings/supply')) })
export const usePutSupplyRules = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<SupplyRules>, key) =>
      take(api.PUT('/api/v1/settings/supply', { params: under(tag, key), body })),
    ['settings', 'stock', 'order'],
  )
/** Lists that the rules of flows name. */
export const useSavedSets = () =>
  useQuery({ queryKey: ['settings', 'saved-sets'], queryFn: () => tagged(api.GET('/api/v1/saved-sets')) })
export const usePutSavedSets = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['SavedSets']>, key) =>
      take(api.PUT('/api/v1/saved-sets', { params: under(tag, key), body })),
    ['settings', 'master', 'flow-vocabulary', 'flow-inspection'],
  )
/** For what orders are cancelled. */
export const useCancelReasons = () =>
  useQuery({
    queryKey: ['settings', 'cancel-reasons'],
    queryFn: () => tagged(api.GET('/api/v1/cancel-reasons')),
    staleTime: 60_000,
  })
export const usePutCancelReasons = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['CancelReasons']>, key) =>
      take(api.PUT('/api/v1/cancel-reasons', { params: under(tag, key), body })),
    ['settings', 'master', 'order', 'reports'],
  )
/** What problems are reported as, and who handles each first. */
export const useIssueTypes = () =>
  useQuery({
    queryKey: ['settings', 'issue-types'],
    queryFn: () => tagged(api.GET('/api/v1/issue-types')),
    staleTime: 60_000,
  })
export const usePutIssueTypes = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['IssueTypesBody']>, key) =>
      take(api.PUT('/api/v1/issue-types', { params: under(tag, key), body })),
    ['settings', 'master'],
  )
export const useHandRules = () =>
  useQuery({ queryKey: ['settings', 'by-hand'], queryFn: () => tagged(api.GET('/api/v1/settings/by-hand')) })
export const usePutHandRules = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<HandRules>, key) =>
      take(api.PUT('/api/v1/settings/by-hand', { params: under(tag, key), body })),
    ['settings', 'order'],
  )
/** To whom figures are mailed, and how often. */
export const useDigests = () =>
  useQuery({
    queryKey: ['settings', 'digests'],
    queryFn: () => tagged(api.GET('/api/v1/settings/digests')),
    staleTime: 60_000,
  })
export const usePutDigests = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['Digests']>, key) =>
      take(api.PUT('/api/v1/settings/digests', { params: under(tag, key), body })),
    ['settings'],
  )
/** How people of the house are told. */
export const useNoticeRules = () =>
  useQuery({ queryKey: ['settings', 'notices'], queryFn: () => tagged(api.GET('/api/v1/settings/notices')) })
export const usePutNoticeRules = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<NoticeRules>, key) =>
      take(api.PUT('/api/v1/settings/notices', { params: under(tag, key), body })),
    ['settings', 'notices'],
  )
/** What carries messages other than mail. */
export const useChannels = () =>
  useQuery({
    queryKey: ['settings', 'channels'],
    queryFn: () => tagged(api.GET('/api/v1/settings/channels')),
  })
export const usePutChannels = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['Channels']>, key) =>
      take(api.PUT('/api/v1/settings/channels', { params: under(tag, key), body })),
    ['settings'],
  )
export const useConnectors = () =>
  useQuery({ queryKey: ['connectors'], queryFn: () => take(api.GET('/api/v1/connectors')) })
/** What the figures are measured by. */
export const useFigureTargets = () =>
  useQuery({
    queryKey: ['settings', 'figures'],
    queryFn: () => tagged(api.GET('/api/v1/settings/figures')),
    staleTime: 60_000,
  })
export const usePutFigureTargets = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<FigureTargets>, key) =>
      take(api.PUT('/api/v1/settings/figures', { params: under(tag, key), body })),
    ['settings', 'reports'],
  )
export const useReviewMonths = () =>
  useQuery({ queryKey: ['reviews', 'months'], queryFn: () => take(api.GET('/api/v1/reviews')) })
export const useReview = (month: string) =>
  useQuery({
    queryKey: ['reviews', month],
    queryFn: () => tagged(api.GET('/api/v1/reviews/{month}', { params: { path: { month } } })),
  })
export const usePutReview = (month: string) =>
  useAdminWrite(
    ({ body, tag }: Tagged<ReviewBody>, key) =>
      take(api.PUT('/api/v1/reviews/{month}', { params: { path: { month }, ...under(tag, key) }, body })),
    ['reviews'],
  )
export const useOrganisation = () =>
  useQuery({
    queryKey: ['settings', 'organisation'],
    queryFn: () => tagged(api.GET('/api/v1/organisation')),
  })
export const usePutOrganisation = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<Organisation>, key) =>
      take(api.PUT('/api/v1/organisation', { params: under(tag, key), body })),
    ['settings', 'dependence', 'flow-inspection'],
  )

const all = <Item>({ items }: { items: Item[] }) => ({ items, next_cursor: null })
export const useSavedSetList = () =>
  usePages(['master', 'saved-sets'], () => take(api.GET('/api/v1/saved-sets')).then(all))
export const useCancelReasonList = () =>
  usePages(['master', 'cancel-reasons'], () => take(api.GET('/api/v1/cancel-reasons')).then(all))
export const useIssueTypeList = () =>
  usePages(['master', 'issue-types'], () => take(api.GET('/api/v1/issue-types')).then(all))
export const useRates = () => usePages(['master', 'rates'], () => take(api.GET('/api/v1/rates')).then(all))
export const usePutRate = () =>
  useAdminWrite(
    (body: Rate, key) =>
      take(api.PUT('/api/v1/rates', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    ['master', 'orders', 'order'],
  )
export const useGroups = () =>
  usePages(['master', 'groups'], () => take(api.GET('/api/v1/credit-groups')).then(all))
export const usePutGroup = () =>
  useAdminWrite(
    (body: CreditGroup, key) =>
      take(api.PUT('/api/v1/credit-groups', { params: idempotent(key), body: { items: [body] } })).then(
        leftOut,
      ),
    ['master', 'orders', 'order', 'credit'],
  )

/** The people of the house are few enough to come all at once. */
export const usePeople = () =>
  usePages(['users', 'all'], () =>
    take(api.GET('/api/v1/users')).then(({ items }) => all({ items: items as User[] })),
  )
export const usePutUser = () =>
  useAdminWrite(
    (body: S['UserItemBody'], key) =>
      take(api.PUT('/api/v1/users', { params: idempotent(key), body: { items: [body] } })).then(leftOut),
    ['users', 'colleagues', 'dependence', 'flow-vocabulary', 'departments'],
  )

export const useSettlePromise = (order: string) =>
  useAdminWrite(
    ({ line, ...body }: { line: string; by: 'instead' | 'new_date' | 'exchange'; with?: string }, key) =>
      take(
        api.POST('/api/v1/orders/{id}/lines/{line}/promise', {
          params: { path: { id: order, line }, ...idempotent(key) },
          body,
        }),
      ),
    ['order', 'orders', 'tasks', 'exceptions', 'stock', 'exchanges'],
  )
/** Orders that could exchange goods with a line whose goods come too late. */
export const useExchanges = (id: string, line: string) =>
  useQuery({
    queryKey: ['exchanges', id, line],
    queryFn: () =>
      take(api.GET('/api/v1/orders/{id}/lines/{line}/exchanges', { params: { path: { id, line } } })),
  })

/** Roles with their rights and members, and who holds two that should be apart. */
export const useRoles = () =>
  useQuery({ queryKey: ['roles'], queryFn: () => tagged(api.GET('/api/v1/roles')) })
/** Replaces the company's own roles; whoever has one may do other things from the next request on. */
export const usePutRoles = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['OwnRoles']>, key) =>
      take(api.PUT('/api/v1/roles', { params: under(tag, key), body })),
    ['roles', 'users', 'me', 'flow-vocabulary'],
  )
