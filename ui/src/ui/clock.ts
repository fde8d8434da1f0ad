import { useSyncExternalStore } from 'react'
import { usePast } from '../api/past'

const TICK_MS = 15_000
let now = Date.now()
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void) {
  watchers.add(watcher)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of watchers) each()
  }, TICK_MS)
  return () => {
    watchers.delete(watcher)
    if (watchers.size) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present, shared by all clocks on the page; moves every 15 s, but for a page that stands in the past. */
export function useNow() {
  const past = usePast()
  const present = useSyncExternalStore(
    watch,
    () => now,
    () => now,
  )
  return past ?? present
}
