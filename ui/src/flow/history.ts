/** The states of a document that one can go back to and forward again. */

export const STEPS_MAX = 100

export interface History<T> {
  past: T[]
  now: T
  future: T[]
}

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] })

/** An edit; whatever was undone before it is gone. The oldest states fall out. */
export function record<T>(history: History<T>, now: T): History<T> {
  if (now === history.now) return history
  return { past: [...history.past, history.now].slice(-STEPS_MAX), now, future: [] }
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1)
  if (last === undefined) return history
  return { past: history.past.slice(0, -1), now: last, future: [history.now, ...history.future] }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.now], now: next, future }
}
