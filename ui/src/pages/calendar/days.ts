/** Days of calendars: which are worked, what differs between two calendars, and hours as people type them. */
import type { components } from '../../api/schema'
import { isWorked, type Workdays } from '../../forms/lines/workdays'
import { dayAfter } from '../stock/atpDays'

type PublicHolidays = components['schemas']['PublicHolidays']

/** Days that are otherwise than the hours of the week, or the calendar above, would have them. */
export interface Otherwise {
  off: string[]
  on: string[]
}

const sunday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay()
/** Monday is 0. */
export const weekdayOf = (day: string) => (sunday(day) + 6) % 7
export const worked = (day: string, calendar: Workdays) => isWorked(day, sunday(day), calendar)

/** The days from one to another, both included; an end before its start is no span. */
export function daysFrom(from: string, to: string): string[] {
  const days = []
  for (let day = from; day <= to; day = dayAfter(day, 1)) days.push(day)
  return days
}
export const daysOfMonth = (month: string) => {
  const next = dayAfter(`${month}-01`, 31).slice(0, 7)
  return daysFrom(`${month}-01`, dayAfter(`${next}-01`, -1))
}
export const daysOfYear = (year: string) => daysFrom(`${year}-01-01`, `${year}-12-31`)
/** `2026-11` and 2 is `2027-01`. */
export const monthAfter = (month: string, count: number) => {
  const at = new Date(`${month}-01T00:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + count)
  return at.toISOString().slice(0, 7)
}

/** The calendar that a department or a person has under another one, as the server makes it. */
export function under(above: Workdays, { off, on }: Otherwise, week: string[][] = above.week): Workdays {
  return {
    week,
    holidays: [...above.holidays, ...off].filter(day => !on.includes(day)),
    makeup_workdays: [...above.makeup_workdays.filter(day => !off.includes(day)), ...on],
  }
}

/** The days with some of them worked, or off; one that the calendar beneath has like that anyway is not named. */
export function put(days: Otherwise, which: string[], work: boolean, base: Workdays): Otherwise {
  let { off, on } = days
  for (const day of which) {
    if (worked(day, under(base, { off, on })) === work) continue
    off = off.filter(each => each !== day)
    on = on.filter(each => each !== day)
    if (worked(day, base) !== work) {
      if (work) on = [...on, day].sort()
      else off = [...off, day].sort()
    }
  }
  return { off, on }
}

/** Those of some days that are off, and those that are worked, only by the later of two calendars. */
export function differing(which: Iterable<string>, was: Workdays, is: Workdays): Otherwise {
  const moved = [...new Set(which)].sort().filter(day => worked(day, was) !== worked(day, is))
  return { off: moved.filter(day => !worked(day, is)), on: moved.filter(day => worked(day, is)) }
}

export interface Run {
  from: string
  to: string
}
/** Days as spans of days that follow one another. */
export function runs(days: string[]): Run[] {
  const found: Run[] = []
  for (const day of days) {
    const last = found.at(-1)
    if (last && dayAfter(last.to, 1) === day) last.to = day
    else found.push({ from: day, to: day })
  }
  return found
}
export const runText = ({ from, to }: Run) => (from === to ? from : `${from} – ${to}`)

/** The public holidays on the hours of a week, and what each of their days is called. */
export function publicDays(known: PublicHolidays | null, week: string[][]) {
  const periods = known?.years.flatMap(year => year.periods) ?? []
  const named = periods.flatMap(({ name, from, to, workdays }) =>
    [...daysFrom(from, to), ...workdays].map((day): [string, string] => [day, name]),
  )
  const calendar: Workdays = {
    week,
    holidays: periods.flatMap(({ from, to }) => daysFrom(from, to)),
    makeup_workdays: periods.flatMap(({ workdays }) => workdays),
  }
  return { calendar, names: new Map(named) }
}

/** Hours of a day as a line to type in, and back: marks of either width, and whatever stands for "to". */
export const spansText = (spans: string[]) => spans.join(', ')
export const spansIn = (text: string): string[] =>
  text
    .replaceAll('：', ':')
    .replace(/\s*[-–—－~～\u81f3\u5230]+\s*/g, '-')
    .split(/[,，;；、\s]+/)
    .filter(Boolean)
export const weekIn = (lines: string[]) => lines.map(spansIn)
