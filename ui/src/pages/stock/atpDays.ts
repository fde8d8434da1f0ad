import type { Coming } from '../../api/supply'

/** A day on which it is asked what can be promised, and what is to come on it. */
export interface AtpDay {
  date: string
  comes: Coming[]
}

/** Days of the horizon, in days from today. */
const LOOKS = [0, 7, 30]
/** Each day is a question to the server. */
export const MOST_DAYS = 12

export function dayAfter(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** Today, a week and a month ahead, and each day on which goods come; what is late is shown today, and cannot be promised. */
export function atpDays(today: string, coming: Coming[]): AtpDay[] {
  const days = new Map<string, Coming[]>(LOOKS.map(days => [dayAfter(today, days), []]))
  for (const line of coming) {
    if (!line.due_date) continue
    const date = line.due_date < today ? today : line.due_date
    days.set(date, [...(days.get(date) ?? []), line])
  }
  return [...days]
    .map(([date, comes]) => ({ date, comes }))
    .sort((a, b) => a.date.localeCompare(b.date))
    .slice(0, MOST_DAYS)
}
