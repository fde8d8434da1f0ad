/** What the company's calendar says of days: hours by weekday (Monday first), holidays, and days worked instead. */
export interface Workdays {
  week: string[][]
  holidays: string[]
  makeup_workdays: string[]
}

const DAY_MS = 86_400_000
/** Nobody plans further ahead by counting days. */
const MOST = 366

/** Whether a day is worked; the weekday counts from Sunday. */
export const isWorked = (day: string, weekday: number, calendar: Workdays) =>
  calendar.makeup_workdays.includes(day) ||
  (Boolean(calendar.week[(weekday + 6) % 7]?.length) && !calendar.holidays.includes(day))

/** The working day `count` working days after `from`, both as ISO dates; null when there is none within reach. */
export function workdayAfter(from: string, count: number, calendar: Workdays): string | null {
  let at = Date.parse(`${from}T00:00:00Z`)
  let left = count
  for (let seen = 0; left > 0 && seen < 3 * MOST; seen += 1) {
    at += DAY_MS
    const date = new Date(at)
    if (isWorked(date.toISOString().slice(0, 10), date.getUTCDay(), calendar)) left -= 1
  }
  return left > 0 ? null : new Date(at).toISOString().slice(0, 10)
}

/** `+3` → 3; null when the text is no such shorthand. */
export function daysAhead(text: string): number | null {
  const [, days] = /^[+＋]\s*(\d{1,3})$/.exec(text.trim()) ?? []
  return days && Number(days) <= MOST ? Number(days) : null
}
