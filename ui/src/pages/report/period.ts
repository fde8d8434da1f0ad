import type { Period } from '../../api/report'

export const SPANS = [7, 30, 90, 365] as const
export type Span = (typeof SPANS)[number]

const DAY_MS = 86_400_000

/** The last so many days, today included. `today` is an ISO date. */
export function lastDays(span: number, today: string): Period {
  const at = Date.parse(`${today}T00:00:00Z`)
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  return { from: day(at - (span - 1) * DAY_MS), to: day(at + DAY_MS) }
}

/** A part of a whole in percent with one decimal; nothing of nothing. */
export const percentOf = (part: number, whole: number) =>
  whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : '–'
