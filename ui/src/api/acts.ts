/** What people do with tasks and orders beside deciding them one by one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, take } from './client'
import { idempotent, newKey, readOrder, useWrite } from './hooks'
import { asProblem } from './problem'
import type { components } from './schema'
import type { BatchResult, ChangePreview, Decision, Order } from './types'

type S = components['schemas']
const asOrder = (call: Promise<{ data?: S['Order'] }>) => take(call) as Promise<Order>

/** An act for which somebody is chosen, with the task that it is about. */
export interface Choosing {
  task: string
  act: 'transfer' | 'delegate' | 'add_signer'
}

/** Everybody active, or those who may be chosen for an act. */
export const useColleagues = (choosing?: Choosing) =>
  useQuery({
    queryKey: ['colleagues', choosing?.task ?? '', choosing?.act ?? ''],
    queryFn: () =>
      take(api.GET('/api/v1/colleagues', { params: { query: choosing ?? {} } })).then(page => page.items),
    staleTime: 60_000,
  })

export type TaskAct =
  | { act: 'transfer' | 'delegate'; body: S['TransferBody'] }
  | { act: 'give-back'; body: S['NoteBody'] }
  | { act: 'hold'; body: S['HoldTaskBody'] }
  | { act: 'copies'; body: S['CopiesBody'] }
  | { act: 'reassign'; body: S['ReassignmentBody'] }
  | { act: 'add-signer'; body: S['SignerBody'] }
  | { act: 'return'; body: S['ReturnBody'] }
  | { act: 'tick'; body: S['PointBody'] }
  | { act: 'fields'; body: S['FieldsBody'] }
  | { act: 'seen'; body: S['SeenBody'] }
  | { act: 'press'; body: S['PressBody'] }
  | { act: 'urge' | 'withdraw' | 'remove-signer' | 'resume'; body?: undefined }

export const useTaskAct = () =>
  useWrite(({ id, ...input }: { id: string } & TaskAct, key) => {
    const params = { path: { id }, ...idempotent(key) }
    switch (input.act) {
      case 'transfer':
      case 'delegate':
        return asOrder(api.POST(`/api/v1/tasks/{id}/${input.act}`, { params, body: input.body }))
      case 'give-back':
        return asOrder(api.POST('/api/v1/tasks/{id}/give-back', { params, body: input.body }))
      case 'hold':
        return asOrder(api.POST('/api/v1/tasks/{id}/hold', { params, body: input.body }))
      case 'copies':
        return asOrder(api.POST('/api/v1/tasks/{id}/copies', { params, body: input.body }))
      case 'reassign':
        return asOrder(api.POST('/api/v1/tasks/{id}/reassign', { params, body: input.body }))
      case 'add-signer':
        return asOrder(api.POST('/api/v1/tasks/{id}/add-signer', { params, body: input.body }))
      case 'return':
        return asOrder(api.POST('/api/v1/tasks/{id}/return', { params, body: input.body }))
      case 'tick':
        return asOrder(api.POST('/api/v1/tasks/{id}/tick', { params, body: input.body }))
      case 'seen':
        return asOrder(api.POST('/api/v1/tasks/{id}/seen', { params, body: input.body }))
      case 'press':
        return asOrder(api.POST('/api/v1/tasks/{id}/press', { params, body: input.body }))
      case 'fields':
        return asOrder(api.PUT('/api/v1/tasks/{id}/fields', { params, body: input.body }))
      default:
        return asOrder(api.POST(`/api/v1/tasks/{id}/${input.act}`, { params, body: {} }))
    }
  })

/** Decides exactly the named tasks; the answer says what became of each. */
export const useBatch = () =>
  useWrite(
    (body: { ids: string[]; decision: Decision; reason?: string }, key) =>
      take(api.POST('/api/v1/tasks/batch', { params: idempotent(key), body })) as Promise<BatchResult>,
  )

export type OrderAct =
  | { act: 'people'; body: S['PeopleBody'] }
  | { act: 'answer'; body: S['AnswerBody'] }
  | { act: 'notices'; body: S['NoticeBody'] }
  | { act: 'intervene'; body: S['InterventionBody'] }
  | { act: 'issues'; body: S['IssueBody'] }
  | { act: 'cancel'; body: S['CancelBody'] }
  | { act: 'changes'; version: number; body: ChangeBody; same: (now: Order) => boolean }
  | { act: 'split'; body: S['SplitBody'] }
  | { act: 'merge'; body: S['MergeBody'] }
  | { act: 'copy'; body: S['EmptyBody'] }

export type ChangeBody = S['ChangeBody']

type Asked = Extract<OrderAct, { act: 'changes' }>

/**
 * Asks for a change of what was read. Where the order has moved since and still holds what was read — its confirmation
 * has left, somebody has written a comment — the change is asked for of the order as it is now.
 */
async function askForChange(id: string, key: string, { version, body, same }: Asked): Promise<Order> {
  const ask = (version: number, key: string) => {
    const params = { path: { id }, header: { ...idempotent(key).header, 'If-Match': `"${version}"` } }
    return asOrder(api.POST('/api/v1/orders/{id}/changes', { params, body }))
  }
  try {
    return await ask(version, key)
  } catch (error) {
    if (asProblem(error).status !== 412) throw error
    const now = await readOrder(id)
    if (!same(now)) throw error
    return ask(now.version, newKey())
  }
}

export const useOrderAct = (id: string) =>
  useWrite((input: OrderAct, key) => {
    const params = { path: { id }, ...idempotent(key) }
    switch (input.act) {
      case 'people':
        return asOrder(api.POST('/api/v1/orders/{id}/people', { params, body: input.body }))
      case 'answer':
        return asOrder(api.POST('/api/v1/orders/{id}/answer', { params, body: input.body }))
      case 'notices':
        return asOrder(api.POST('/api/v1/orders/{id}/notices', { params, body: input.body }))
      case 'intervene':
        return asOrder(api.POST('/api/v1/orders/{id}/intervene', { params, body: input.body }))
      case 'issues':
        return asOrder(api.POST('/api/v1/orders/{id}/issues', { params, body: input.body }))
      case 'cancel':
        return asOrder(api.POST('/api/v1/orders/{id}/cancel', { params, body: input.body }))
      case 'changes':
        return askForChange(id, key, input)
      case 'split':
        return asOrder(api.POST('/api/v1/orders/{id}/split', { params, body: input.body }))
      case 'merge':
        return asOrder(api.POST('/api/v1/orders/{id}/merge', { params, body: input.body }))
      case 'copy':
        return asOrder(api.POST('/api/v1/orders/{id}/copy', { params, body: input.body }))
    }
  })

/** What a change would come to; nothing is written. */
export const useChangePreview = (id: string) =>
  useMutation({
    mutationFn: (body: ChangeBody) =>
      take(
        api.POST('/api/v1/orders/{id}/changes/preview', { params: { path: { id } }, body }),
      ) as Promise<ChangePreview>,
  })

/** The notice as it would leave now; nothing is sent. */
export const useNoticePreview = (id: string, template: string, lang: 'zh-CN' | 'en') =>
  useQuery({
    queryKey: ['order', id, 'notice', template, lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/orders/{id}/notices/preview', {
          params: { path: { id }, query: { template, lang } },
        }),
      ),
    retry: false,
  })

export const useExceptionAct = () =>
  useWrite(({ id, reason }: { id: string; reason?: string }, key) => {
    const params = { path: { id }, ...idempotent(key) }
    return reason === undefined
      ? asOrder(api.POST('/api/v1/exceptions/{id}/take', { params, body: {} }))
      : asOrder(api.POST('/api/v1/exceptions/{id}/close', { params, body: { reason } }))
  })

/** A write outside of orders; afterwards the named lists are read again. */
export function useAdminWrite<Input, Output>(
  write: (input: Input, key: string) => Promise<Output>,
  lists: string[],
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => write(input, newKey()),
    onSettled: () => {
      for (const list of lists) client.invalidateQueries({ queryKey: [list] })
    },
  })
}

export type LateProduct = S['LateProduct']

/** Which orders wait for a product and what a later day would do to each; nothing is written. */
export const useLatePreview = () =>
  useMutation({
    mutationFn: (body: S['LateProductBody']) =>
      take(api.POST('/api/v1/changes/late-product/preview', { body })),
  })

/** Moves the day of a product in the named orders; the answer says what became of each. */
export const usePostpone = () =>
  useWrite((body: S['LateProductBody'], key) =>
    take(api.POST('/api/v1/changes/late-product', { params: idempotent(key), body })),
  )
