/** Flows as they are designed: drafts, what is said of them, publishing, running orders. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { Field } from '../flow/condition'
import type { FlowDoc } from '../flow/doc'
import type { FlowProblem } from '../flow/fixes'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import { idempotent, newKey } from './hooks'
import type { components } from './schema'

type S = components['schemas']
type Lang = 'zh' | 'en'

export type Vocabulary = Omit<S['FlowVocabulary'], 'fields'> & { fields: Field[] }
export const useVocabulary = (lang: Lang) =>
  useQuery({
    queryKey: ['flow-vocabulary', lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/flow-vocabulary', { params: { query: { lang } } }),
      ) as Promise<unknown> as Promise<Vocabulary>,
    staleTime: 60_000,
  })

/** Drafts and orders under way are counted anew now and then. */
export const useFlowOverview = () =>
  useQuery({
    queryKey: ['flows', 'overview'],
    queryFn: () => take(api.GET('/api/v1/flow-overview')),
    refetchInterval: 30_000,
  })

export interface SavedCase {
  name: string
  facts: Record<string, unknown>
  open?: string[]
  path: string[]
}
export type Draft = Omit<S['FlowDraft'], 'doc' | 'cases'> & { doc: FlowDoc; cases: SavedCase[] }
export const readDraft = (key: string) =>
  take(
    api.GET('/api/v1/flows/{key}/draft', { params: { path: { key } } }),
  ) as Promise<unknown> as Promise<Draft>
export const saveDraft = (
  key: string,
  revision: number,
  body: { doc: FlowDoc; cases: SavedCase[] } | { template: string },
) =>
  take(
    api.PUT('/api/v1/flows/{key}/draft', {
      params: { path: { key }, header: { ...idempotent(newKey()).header, 'If-Match': `"${revision}"` } },
      body: body as never,
    }),
  ) as Promise<unknown> as Promise<{ revision: number }>

export const readVersion = (key: string, version: number) =>
  take(
    api.GET('/api/v1/flows/{key}/versions/{version}', { params: { path: { key, version } } }),
  ) as Promise<unknown> as Promise<FlowDoc>
export const useFlowDoc = (key: string, version: number | undefined) =>
  useQuery({
    queryKey: ['flows', key, version, 'doc'],
    queryFn: () => readVersion(key, version ?? 0),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

export type Inspection = Omit<S['FlowInspection'], 'problems'> & { problems: FlowProblem[] }
/** What is said of a document that need not be saved; the last answer stays until the next is there. */
export const useInspection = (key: string, doc: FlowDoc | undefined, cases: SavedCase[], lang: Lang) =>
  useQuery({
    queryKey: ['flow-inspection', key, lang, doc, cases],
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/flows/{key}/inspect', {
          params: { path: { key }, query: { lang }, ...idempotent(newKey()) },
          body: { doc, cases } as never,
          signal,
        }),
      ) as Promise<unknown> as Promise<Inspection>,
    enabled: doc !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    retry: false,
  })

export type Trial = S['FlowTrial']
export const useTrial = (key: string) =>
  useMutation({
    mutationFn: (body: { doc: FlowDoc; order?: string; facts?: Record<string, unknown>; open?: string[] }) =>
      take(
        api.POST('/api/v1/flows/{key}/try', {
          params: { path: { key }, ...idempotent(newKey()) },
          body: body as never,
        }),
      ),
  })

export type Play = S['FlowPlay']
/** One act of a play, as the server reads it. */
export type PlayAct =
  | { act: 'approve'; task: number; as: string; reason?: string; values?: Record<string, string> }
  | { act: 'reject'; task: number; as: string; reason?: string }
  | { act: 'return'; task: number; as: string; reason?: string; to?: string }
  | { act: 'submit' }
  | { act: 'accept' | 'decline'; as: string }
  | { act: 'answer' | 'fail' | 'arrive'; visit: number }
  | { act: 'wait'; until: string }
/** A real order by its number, or the facts of one that is thought out. */
export type PlayInput = { order: string } | { facts: Record<string, unknown> }
export const usePlayed = (key: string) =>
  useMutation({
    mutationFn: (
      body: { doc: FlowDoc; acts: PlayAct[]; look?: { task: number; as: string } | undefined } & PlayInput,
    ) =>
      take(
        api.POST('/api/v1/flows/{key}/play', {
          params: { path: { key }, ...idempotent(newKey()) },
          body: body as never,
        }),
      ),
  })

export interface Way {
  steps: string[]
  outcome?: string
}
export interface Replayed {
  orders: number
  different: number
  asks_nobody: number
  /** What all that go another way cost more, in working minutes. */
  minutes: number
  groups: {
    added: string[]
    removed: string[]
    count: number
    before: Way
    after: Way
    /** How much longer each is under way, in working minutes. */
    minutes: number
    /** Steps of which nobody knows yet how long they take. */
    unmeasured?: string[]
    orders: string[]
  }[]
  uncovered: { node: string; count: number; orders: string[] }[]
}
/** Sends the orders of so many days through the saved draft. */
export const useReplay = (key: string) =>
  useMutation({
    mutationFn: (days: number) =>
      take(
        api.POST('/api/v1/flows/{key}/replay', {
          params: { path: { key }, ...idempotent(newKey()) },
          body: { days } as never,
        }),
      ) as Promise<unknown> as Promise<Replayed>,
  })

export interface Sentence {
  kind: string
  /** What it is about: `people`, `condition`, `field`, `deadline`, `notice` and others. */
  topic: string
  node?: string
  text: string
}
/** What changed since a version; up to the saved draft of a revision, or the release that waits. */
export const useChangesSince = (key: string, from: number | undefined, revision: number, lang: Lang) =>
  useQuery({
    queryKey: ['flows', key, 'draft-diff', from, revision, lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/flows/{key}/diff', { params: { path: { key }, query: { from: from ?? 0, lang } } }),
      ).then(answer => answer.sentences as unknown as Sentence[]),
    enabled: from !== undefined && revision > 0,
  })
export const useReleaseChanges = (key: string, from: number | undefined, lang: Lang) =>
  useQuery({
    queryKey: ['flows', key, 'release-diff', from, lang],
    queryFn: () =>
      take(
        api.GET('/api/v1/flows/{key}/diff', {
          params: { path: { key }, query: { from: from ?? 0, release: true, lang } },
        }),
      ).then(answer => answer.sentences as unknown as Sentence[]),
    enabled: from !== undefined,
  })

const written = ['flows', 'flow-vocabulary']
/** What became of a release: the version that it is, or what it waits for. */
export interface Released {
  key: string
  version: number | null
  waits_for: string[]
}
interface ToPublish {
  note: string
  acknowledged?: string[]
  restore?: number
  revision?: number
  /** An instant; at once without it. */
  effective_at?: string
}
export const usePublish = (key: string) =>
  useAdminWrite((body: ToPublish, idem) => {
    const { revision, ...rest } = body
    const header = {
      ...idempotent(idem).header,
      ...(revision !== undefined && { 'If-Match': `"${revision}"` }),
    }
    return take(
      api.POST('/api/v1/flows/{key}/publish', { params: { path: { key }, header }, body: rest as never }),
    ) as Promise<unknown> as Promise<Released>
  }, written)
/** The release of a flow that waits; asked for only where the overview says that there is one. */
export const useRelease = (key: string) => {
  const { data: overview } = useFlowOverview()
  const waits = Boolean(overview?.releases[key])
  const { data } = useQuery({
    queryKey: ['flows', key, 'release'],
    queryFn: () => take(api.GET('/api/v1/flows/{key}/release', { params: { path: { key } } })),
    enabled: waits,
  })
  return waits ? data : undefined
}
export const useApproveRelease = (key: string) =>
  useAdminWrite(
    (_: undefined, idem) =>
      take(
        api.POST('/api/v1/flows/{key}/release/approve', {
          params: { path: { key }, ...idempotent(idem) },
        }),
      ) as Promise<unknown> as Promise<Released>,
    written,
  )
export const useWithdrawRelease = (key: string) =>
  useAdminWrite(
    (reason: string, idem) =>
      take(
        api.POST('/api/v1/flows/{key}/release/withdraw', {
          params: { path: { key }, ...idempotent(idem) },
          body: { reason } as never,
        }),
      ),
    written,
  )
export const useDisable = () =>
  useAdminWrite(
    ({ key, reason }: { key: string; reason: string }, idem) =>
      take(
        api.POST('/api/v1/flows/{key}/disable', {
          params: { path: { key }, ...idempotent(idem) },
          body: { reason } as never,
        }),
      ),
    written,
  )

export type MoveClass = 'A' | 'B' | 'C' | 'X'
export interface MoveReason {
  reason: string
  [fact: string]: unknown
}
export interface MoveGroup {
  node: string
  class: MoveClass
  reasons: MoveReason[]
  suggestion?: string
  orders: { id: string; number: string }[]
}
export interface MovePlan {
  from: number
  to: number
  counts: Record<MoveClass, number>
  groups: MoveGroup[]
}
export const useMovePlan = (key: string, version: number | undefined) =>
  useQuery({
    queryKey: ['flows', key, 'migrate', version],
    queryFn: () =>
      take(
        api.GET('/api/v1/flows/{key}/migrate', { params: { path: { key }, query: { version } } }),
      ) as Promise<unknown> as Promise<MovePlan[]>,
    enabled: version !== undefined,
  })
export type Moved = S['MigratedView']
export const useMigrate = (key: string) =>
  useAdminWrite(
    (body: S['MigrateBody'], idem) =>
      take(api.POST('/api/v1/flows/{key}/migrate', { params: { path: { key }, ...idempotent(idem) }, body })),
    ['order', 'orders', 'tasks', 'exceptions'],
  )
export const useUndoMove = () =>
  useAdminWrite(
    (id: string, idem) =>
      take(
        api.POST('/api/v1/orders/{id}/undo-migration', {
          params: { path: { id }, ...idempotent(idem) },
          body: {} as never,
        }),
      ),
    ['order', 'orders', 'tasks', 'flows'],
  )
