import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, session, take } from './client'
import { usePast } from './past'
import { Problem } from './problem'
import type { components } from './schema'
import type {
  CheckAnswer,
  Customer,
  Me,
  Order,
  OrderBody,
  OrderChanges,
  OrderQuery,
  OrderRow,
  Page,
  Product,
  Queue,
  Task,
  TaskPage,
  TaskQuery,
  TimelineItem,
  WorkbenchData,
  Workload,
} from './types'

type S = components['schemas']
type Call<T> = Promise<{ data?: T }>

/** What the contract says, read as the views of `types.ts` that name its words. */
const asMe = (call: Call<S['Me']>) => take(call) as Promise<Me>
const asOrder = (call: Call<S['Order']>) => take(call) as Promise<Order>
const asTask = (call: Call<S['Task']>) => take(call) as Promise<Task>
const asOrders = (call: Call<S['Page_OrderRow']>) => take(call) as Promise<Page<OrderRow>>

export const newKey = () => crypto.randomUUID()
export const idempotent = (key: string) => ({ header: { 'Idempotency-Key': key } })

function remember(me: Me): Me {
  session.csrf = me.csrf
  session.side = me.practice ? 'practice' : me.viewer ? `view:${me.id}` : 'own'
  return me
}

/** The signed-in person, or null when nobody is. */
export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    // An answer that another one has overtaken is not waited for: it would bring back the token of an older session.
    queryFn: ({ signal }) =>
      asMe(api.GET('/api/v1/me', { signal })).then(remember, (error: unknown) => {
        if (error instanceof Problem && error.status === 401) return null
        throw error
      }),
  })

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { login: string; password: string }) => {
      session.csrf = ''
      return take(api.POST('/api/v1/session', { body }))
    },
    onSuccess: async () => {
      await client.invalidateQueries()
    },
  })
}

/** The session goes on under another cookie and token. */
export function useChangePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      take(api.PUT('/api/v1/me/password', { body })),
    onSuccess: async ({ user }) => {
      client.setQueryData(['me'], remember(user as Me))
      await client.invalidateQueries()
    },
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/session')),
    onSettled: () => {
      session.side = undefined
      client.clear()
      client.setQueryData(['me'], null)
    },
  })
}

export const saveLang = (lang: 'zh' | 'en') => take(api.PUT('/api/v1/me', { body: { lang } }))

export const useWorkbench = () =>
  useQuery({
    queryKey: ['workbench'],
    queryFn: () => take(api.GET('/api/v1/workbench')) as Promise<WorkbenchData>,
  })

export const useWorkload = () =>
  useQuery({
    queryKey: ['workbench', 'workload'],
    queryFn: () => take(api.GET('/api/v1/workload')) as Promise<Workload>,
  })

export const useOrders = (query: OrderQuery) =>
  useInfiniteQuery({
    queryKey: ['orders', query],
    queryFn: ({ pageParam }) =>
      asOrders(
        api.GET('/api/v1/orders', {
          params: { query: { ...query, limit: '50', cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
  })

export const readOrder = (id: string) => asOrder(api.GET('/api/v1/orders/{id}', { params: { path: { id } } }))

export const useOrder = (id: string, enabled = true) =>
  useQuery({ queryKey: ['order', id], queryFn: () => readOrder(id), enabled })

/** The order as it was at an instant. Of what was open to whom then, nothing is open now. */
export const useOrderThen = (id: string, at: string | undefined) =>
  useQuery({
    queryKey: ['order', id, 'then', at],
    queryFn: () =>
      asOrder(api.GET('/api/v1/orders/{id}', { params: { path: { id }, query: { as_of: at } } })),
    select: unactable,
    enabled: at !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

const unactable = (order: Order): Order => ({
  ...order,
  actions: [],
  by_hand: null,
  people_to_choose: [],
  notice_to_send: null,
  tasks: order.tasks.map(task => ({ ...task, actions: [], buttons: [] })),
})

/** The story of an order, the latest first; on a page that stands in the past, what had happened by then. */
export function useTimeline(id: string, limit = 50) {
  const past = usePast()
  return useInfiniteQuery({
    queryKey: ['order', id, 'timeline', limit],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/orders/{id}/timeline', {
          params: { path: { id }, query: { limit: String(limit), cursor: pageParam || undefined } },
        }),
      ) as Promise<Page<TimelineItem>>,
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
    select: data =>
      past === undefined ? data : { ...data, pages: data.pages.map(page => until(page, past)) },
  })
}

const until = (page: Page<TimelineItem>, past: number): Page<TimelineItem> => ({
  ...page,
  items: page.items.filter(item => Date.parse(item.at) <= past),
})

export const useWhy = (id: string) =>
  useQuery({
    queryKey: ['order', id, 'why'],
    queryFn: () => take(api.GET('/api/v1/orders/{id}/why', { params: { path: { id } } })),
  })

export const useTasks = (queue: Queue, filter: TaskQuery = {}) =>
  useInfiniteQuery({
    queryKey: ['tasks', queue, filter],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/v1/tasks', {
          params: { query: { ...filter, queue, limit: '50', cursor: pageParam || undefined } },
        }),
      ) as Promise<TaskPage>,
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
  })

/** What a queue can be asked for: steps and warehouses change seldom. */
export const useTaskChoices = () =>
  useQuery({
    queryKey: ['task_choices'],
    queryFn: () => take(api.GET('/api/v1/tasks/choices')),
    staleTime: 60_000,
  })

export const useTask = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ['task', id],
    queryFn: () => asTask(api.GET('/api/v1/tasks/{id}', { params: { path: { id } } })),
    enabled,
  })

/** All notices to me, or those of one kind. */
export const useNotices = (enabled: boolean, kind?: string) =>
  useQuery({
    queryKey: ['notices', kind ?? ''],
    queryFn: () => take(api.GET('/api/v1/notices', { params: { query: { kind, limit: '50' } } })),
    enabled,
  })

/** Working days and holidays of the company; they change a few times in a year. */
export const useCompanyCalendar = () =>
  useQuery({
    queryKey: ['calendar', 'company'],
    queryFn: () => take(api.GET('/api/v1/calendars/company')),
    staleTime: 3_600_000,
  })

export const findCustomers = (q: string) =>
  take(api.GET('/api/v1/customers', { params: { query: { q, limit: '12' } } })).then(
    page => page.items as Customer[],
  )
export const findProducts = (q: string) =>
  take(api.GET('/api/v1/products', { params: { query: { q, limit: '12' } } })).then(
    page => page.items as Product[],
  )
export const findOrders = (q: string) =>
  asOrders(api.GET('/api/v1/orders', { params: { query: { q, limit: '8' } } })).then(page => page.items)

/** `order` is the order being changed, which is no duplicate of itself. */
export const checkOrder = (body: OrderBody, order?: string) =>
  take(api.POST('/api/v1/orders/check', { body, params: { query: { order } } })) as Promise<CheckAnswer>
export const createOrder = (body: OrderBody, key: string) =>
  asOrder(api.POST('/api/v1/orders', { body, params: idempotent(key) }))
export const replaceOrder = (id: string, version: number, body: OrderBody, key: string) =>
  asOrder(
    api.PUT('/api/v1/orders/{id}', {
      body,
      params: { path: { id }, header: { ...idempotent(key).header, 'If-Match': `"${version}"` } },
    }),
  )
export const submitOrder = (id: string, reasons: { finding_id: string; reason: string }[], key: string) =>
  asOrder(
    api.POST('/api/v1/orders/{id}/submit', {
      body: reasons.length ? { reasons } : {},
      params: { path: { id }, ...idempotent(key) },
    }),
  )

/** Runs a write; afterwards everything the write may have touched is read again. */
export function useWrite<Input, Output>(write: (input: Input, key: string) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => write(input, newKey()),
    onSettled: () => {
      for (const key of ['order', 'orders', 'tasks', 'exceptions', 'workbench', 'me'])
        client.invalidateQueries({ queryKey: [key] })
    },
  })
}

type OrderVerb = 'hold' | 'recall' | 'resume' | 'acknowledge'
export const useOrderVerb = (id: string) =>
  useWrite(({ verb, reason }: { verb: OrderVerb; reason: string }, key) => {
    const params = { path: { id }, ...idempotent(key) }
    if (verb === 'resume' || verb === 'acknowledge')
      return asOrder(api.POST(`/api/v1/orders/{id}/${verb}`, { params, body: {} }))
    return asOrder(api.POST(`/api/v1/orders/{id}/${verb}`, { params, body: { reason } }))
  })

/** Changes belong to a version of their order. */
export const useChanges = (id: string, version: number, enabled = true) =>
  useQuery({
    queryKey: ['order', id, 'changes', version],
    enabled,
    queryFn: () =>
      take(api.GET('/api/v1/orders/{id}/changes', { params: { path: { id } } })) as Promise<OrderChanges>,
  })

export type ChangeVerb = 'take' | 'reject' | 'withdraw'
export const useChangeVerb = (id: string) =>
  useWrite(({ change, verb, reason }: { change: string; verb: ChangeVerb; reason: string }, key) => {
    const params = { path: { id, change }, ...idempotent(key) }
    if (verb === 'take')
      return asOrder(api.POST('/api/v1/orders/{id}/changes/{change}/take', { params, body: {} }))
    return asOrder(api.POST(`/api/v1/orders/{id}/changes/{change}/${verb}`, { params, body: { reason } }))
  })

export const useComment = (id: string) =>
  useWrite((text: string, key) =>
    asOrder(
      api.POST('/api/v1/orders/{id}/comments', {
        params: { path: { id }, ...idempotent(key) },
        body: { text },
      }),
    ),
  )

export type QuestionVerb =
  | { verb: 'ask'; to: 'customer' | 'sales'; text: string; finding_id?: string }
  | { verb: 'answer'; qid: string; text: string }
  | { verb: 'withdraw'; qid: string; text: string }

export const useQuestion = (id: string) =>
  useWrite((input: QuestionVerb, key) => {
    const header = idempotent(key).header
    if (input.verb === 'ask') {
      const { verb: _, ...body } = input
      return asOrder(api.POST('/api/v1/orders/{id}/questions', { params: { path: { id }, header }, body }))
    }
    const params = { path: { id, qid: input.qid }, header }
    if (input.verb === 'answer')
      return asOrder(
        api.POST('/api/v1/orders/{id}/questions/{qid}/answer', { params, body: { text: input.text } }),
      )
    return asOrder(
      api.POST('/api/v1/orders/{id}/questions/{qid}/withdraw', { params, body: { reason: input.text } }),
    )
  })

export const useClaim = () =>
  useWrite((id: string, key) =>
    asOrder(api.POST('/api/v1/tasks/{id}/claim', { params: { path: { id }, ...idempotent(key) }, body: {} })),
  )

export interface DecideInput {
  id: string
  decision: 'approve' | 'reject' | 'return'
  reason?: string
  accept?: { finding_id: string; reason: string }[]
  /** A drawn signature: a PNG in base64. */
  signature?: string
}
export const useDecide = () =>
  useWrite(({ id, ...body }: DecideInput, key) =>
    asOrder(api.POST('/api/v1/tasks/{id}/decide', { params: { path: { id }, ...idempotent(key) }, body })),
  )

export const useReadNotices = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { ids?: string[]; copies_of?: string; all?: boolean }) =>
      take(api.POST('/api/v1/notices/read', { body })),
    onSettled: () => {
      client.invalidateQueries({ queryKey: ['notices'] })
      client.invalidateQueries({ queryKey: ['tasks'] })
      client.invalidateQueries({ queryKey: ['me'] })
    },
  })
}
