import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { readSse } from './sse'
import type { LiveEvent, Order, OrderRow, Page } from './types'

export type LiveState = 'live' | 'reconnecting' | 'offline'
export interface LiveView {
  state: LiveState
  asOf: number
}

const SILENCE_MS = 40_000
const OFFLINE_AFTER = 3
const REFETCH_MS = 250
/** Long lists: however many events come, they are read again at most this often. */
const LIST_MS = 2000
const LONG = new Set(['orders', 'stock', 'master'])

let view: LiveView = { state: 'reconnecting', asOf: Date.now() }
const watchers = new Set<() => void>()
function setView(state: LiveState, asOf = view.asOf) {
  if (view.state === state && asOf - view.asOf < 1000) return
  view = { state, asOf }
  for (const watcher of watchers) watcher()
}
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
export const useLive = () =>
  useSyncExternalStore(
    watch,
    () => view,
    () => view,
  )

/** Query keys that may have changed because of an event. */
export function keysOf(event: LiveEvent): string[][] {
  const own = event.order_id ? [['order', event.order_id]] : []
  switch (event.kind) {
    case 'order':
    case 'task':
      return [...own, ['orders'], ['stock'], ['tasks'], ['exceptions'], ['workbench'], ['me']]
    case 'stock':
      return [...own, ['stock'], ['workbench']]
    case 'notice':
      return [...own, ['notices'], ['me']]
    case 'master':
      return [...own, ['stock'], ['master']]
  }
}

/** Writes what the event says at once; the rest follows with the refetch. */
export function patch(client: QueryClient, event: LiveEvent) {
  const { order_id: id, status } = event
  if (!id || !status) return
  client.setQueryData<Order>(['order', id], old => (old ? { ...old, status } : old))
  client.setQueriesData<InfiniteData<Page<OrderRow>>>(
    {
      queryKey: ['orders'],
      predicate: query => Array.isArray((query.state.data as { pages?: unknown } | undefined)?.pages),
    },
    old =>
      old && {
        ...old,
        pages: old.pages.map(page => ({
          ...page,
          items: page.items.map(row => (row.id === id ? { ...row, status } : row)),
        })),
      },
  )
}

/** Keeps the stream open, and the cache true to it. Returns the way to stop. */
export function startLive(client: QueryClient, url = '/api/v1/events'): () => void {
  let stopped = false
  let lastId = ''
  let failures = 0
  let abort = new AbortController()
  let silence: ReturnType<typeof setTimeout> | undefined
  let refetch: ReturnType<typeof setTimeout> | undefined
  let lists: ReturnType<typeof setTimeout> | undefined
  let listsReadAt = 0
  let retry = () => {}
  const due = new Map<string, string[]>()
  const dueLists = new Set<string>()

  const beat = () => {
    clearTimeout(silence)
    silence = setTimeout(() => abort.abort(), SILENCE_MS)
    setView('live', Date.now())
  }
  const flush = () => {
    refetch = undefined
    const keys = [...due.values()]
    due.clear()
    for (const queryKey of keys) void client.invalidateQueries({ queryKey })
  }
  const readLists = () => {
    lists = undefined
    listsReadAt = Date.now()
    for (const list of dueLists) void client.invalidateQueries({ queryKey: [list] })
    dueLists.clear()
  }
  const receive = (id: string, data: string) => {
    if (id) lastId = id
    const event = JSON.parse(data) as LiveEvent
    patch(client, event)
    for (const key of keysOf(event)) {
      const [list = ''] = key
      if (LONG.has(list)) dueLists.add(list)
      else due.set(key.join('/'), key)
    }
    if (dueLists.size)
      lists ??= setTimeout(readLists, Math.max(REFETCH_MS, listsReadAt + LIST_MS - Date.now()))
    if (due.size) refetch ??= setTimeout(flush, REFETCH_MS)
  }
  /** The browser learns at once that the network is gone or back; silence would tell only after a while. */
  const cut = () => {
    setView('offline')
    abort.abort()
  }
  const joined = () => retry()
  const run = async () => {
    while (!stopped) {
      abort = new AbortController()
      try {
        await readSse(url, lastId, abort.signal, {
          onOpen: () => {
            if (failures) client.invalidateQueries()
            failures = 0
            beat()
          },
          onBeat: beat,
          onMessage: message => receive(message.id, message.data),
        })
      } catch {
        failures += 1
      }
      if (stopped) return
      setView(failures >= OFFLINE_AFTER || !navigator.onLine ? 'offline' : 'reconnecting')
      await new Promise<void>(done => {
        retry = done
        setTimeout(done, Math.min(500 * 2 ** failures, 8000))
      })
    }
  }
  window.addEventListener('offline', cut)
  window.addEventListener('online', joined)
  void run()
  return () => {
    stopped = true
    window.removeEventListener('offline', cut)
    window.removeEventListener('online', joined)
    clearTimeout(silence)
    clearTimeout(refetch)
    clearTimeout(lists)
    abort.abort()
  }
}
