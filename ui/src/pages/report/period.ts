import type { Period, Traits } from '../../api/report'
import { text } from '../../app/search'

/** Days that a period can have; one is today. */
export const SPANS = [1, 7, 30, 90, 365] as const
export type Span = (typeof SPANS)[number]

/** What an address says of a period: so many days, or from a first day to a last one. */
export interface Asked {
  days: number
  first?: string
  last?: string
}

/** To what boards can be narrowed. */
export const traitKeys = ['channel', 'flow', 'level', 'owner', 'department'] as const

/** What an address says of that. */
export const askedTraits = (search: Partial<Traits>): Traits =>
  Object.fromEntries(traitKeys.map(key => [key, text(search[key])]))

const DAY_MS = 86_400_000
const isDay = (text: string | undefined) =>
  /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

/** So many days after a day, which is an ISO date; before it where they are negative. */
export const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** The last so many days, today included. `today` is an ISO date. */
export const lastDays = (span: number, today: string): Period => ({
  from: daysAfter(today, 1 - span),
  to: daysAfter(today, 1),
})

/** The first and the last day that an address names, or nothing: half of it means nothing. */
export const ownDays = (first: string | undefined, last: string | undefined) =>
  isDay(first) && isDay(last) ? { first, last } : { first: undefined, last: undefined }

/** The period that is asked for; nothing where it ends before it begins. */
export function periodOf({ days, first, last }: Asked, today: string): Period | undefined {
  if (!first || !last) return lastDays(days, today)
  return first <= last ? { from: first, to: daysAfter(last, 1) } : undefined
}

/** A part of a whole in percent with one decimal; nothing of nothing. */
export const percentOf = (part: number, whole: number) =>
  whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : '–'
