import { useEffect, useMemo, useRef, useState } from 'react'

/** Rows of a live list stay where they are (G7): updates in place, gone rows grey out, new rows wait behind a pill. */
export interface Held<Row> {
  row: Row
  goneAt: number | null
}

export const GONE_MS = 10_000

export function mergeHeld<Row>(
  held: Held<Row>[],
  incoming: Row[],
  keyOf: (row: Row) => string,
  now: number,
): Held<Row>[] {
  if (!held.length) return incoming.map(row => ({ row, goneAt: null }))
  const fresh = new Map(incoming.map(row => [keyOf(row), row]))
  const kept = held
    .map(old => {
      const row = fresh.get(keyOf(old.row))
      return row ? { row, goneAt: null } : { row: old.row, goneAt: old.goneAt ?? now }
    })
    .filter(each => each.goneAt === null || now - each.goneAt < GONE_MS)
  const known = new Set(kept.map(each => keyOf(each.row)))
  const lastKnown = incoming.findLastIndex(row => known.has(keyOf(row)))
  const after = lastKnown < 0 && kept.length ? [] : incoming.slice(lastKnown + 1)
  return [...kept, ...after.map(row => ({ row, goneAt: null }))]
}

export function useHeld<Row>(items: Row[] | undefined, keyOf: (row: Row) => string, scope: string) {
  const [held, setHeld] = useState<Held<Row>[]>([])
  const seen = useRef({ scope, keyOf })
  seen.current.keyOf = keyOf
  useEffect(() => {
    if (!items) return
    const anew = seen.current.scope !== scope
    seen.current.scope = scope
    setHeld(old => mergeHeld(anew ? [] : old, items, seen.current.keyOf, Date.now()))
  }, [items, scope])
  const anyGone = held.some(each => each.goneAt !== null)
  useEffect(() => {
    if (!anyGone || !items) return
    const timer = setTimeout(
      () => setHeld(old => mergeHeld(old, items, seen.current.keyOf, Date.now())),
      GONE_MS + 50,
    )
    return () => clearTimeout(timer)
  }, [anyGone, items])
  const waiting = useMemo(() => {
    const known = new Set(held.map(each => seen.current.keyOf(each.row)))
    return held.length ? (items ?? []).filter(row => !known.has(seen.current.keyOf(row))).length : 0
  }, [held, items])
  return {
    held,
    /** New rows that are not shown yet. */
    waiting,
    show: () => setHeld((items ?? []).map(row => ({ row, goneAt: null }))),
    drop: (key: string) => setHeld(old => old.filter(each => seen.current.keyOf(each.row) !== key)),
  }
}
