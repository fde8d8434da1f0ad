import type { Overview } from '../../api/report'

type Day = Overview['days'][number]

/** A week from Monday on, with the days of it that the period has. */
export interface Week {
  /** Its Monday, and the day after its last, as ISO dates. */
  from: string
  to: string
  received: number
  confirmed: number
  lost: number
}

const DAY_MS = 86_400_000
const iso = (at: number) => new Date(at).toISOString().slice(0, 10)
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const monday = (day: string) => iso(at(day) - ((new Date(at(day)).getUTCDay() + 6) % 7) * DAY_MS)

/** Days put together to weeks, within a period: what lies outside of it is not counted, nor opened. */
export function weeksOf(days: Day[], period: { from: string; to: string }): Week[] {
  const weeks = new Map<string, Week>()
  for (const day of days) {
    const start = monday(day.day)
    const end = iso(at(start) + 7 * DAY_MS)
    const week = weeks.get(start) ?? {
      from: start < period.from ? period.from : start,
      to: end > period.to ? period.to : end,
      received: 0,
      confirmed: 0,
      lost: 0,
    }
    week.received += day.received
    week.confirmed += day.confirmed
    week.lost += day.lost
    weeks.set(start, week)
  }
  return [...weeks.values()].sort((a, b) => a.from.localeCompare(b.from))
}
