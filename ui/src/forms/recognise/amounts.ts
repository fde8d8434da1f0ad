/** Numbers and days as people write them in a message. */
import { dateOf } from '../lines/values'
import { oneOf } from './paper'
import words from './words.json'

const digits: Record<string, number> = words.digits
const places: Record<string, number> = words.places

export const NUMBER = `(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?`
const HAN_NUMBER = `[${Object.keys(digits).join('')}${Object.keys(places).join('')}]+`
const PLACE = `[${Object.keys(places).join('')}]`
/** A number in digits, with a place word behind it, or in words. */
export const ANY_NUMBER = `(?:${NUMBER}\\s*${PLACE}?|${HAN_NUMBER})`

/** Moves the point to the right, without the errors of binary fractions. */
function shifted(text: string, by: number): string {
  const [whole = '', fraction = ''] = text.split('.')
  const moved = whole + fraction.padEnd(by, '0').slice(0, by)
  const rest = fraction.slice(by)
  return moved.replace(/^0+(?=\d)/, '') + (rest ? `.${rest}` : '')
}

/** `两百五十` → 250, `一万二` → 12000; null when the words make no number. */
function hanNumber(text: string): string | null {
  let total = 0
  let section = 0
  let digit: number | null = null
  let last = 0
  for (const char of text) {
    const value = digits[char]
    const place = places[char]
    if (value !== undefined) {
      if (digit !== null && digit !== 0) return null
      digit = value
    } else if (place === 4) {
      total = (total + section + (digit ?? 0)) * 10_000
      section = 0
      digit = null
      last = 4
    } else if (place !== undefined) {
      section += (digit ?? 1) * 10 ** place
      digit = null
      last = place
    }
  }
  // In spoken numbers the last digit stands one place below the one before it.
  const short = last > 1 && digit && !/[\u3007\u96f6]/.test(text.slice(-2, -1))
  const number = total + section + (digit ?? 0) * (short ? 10 ** (last - 1) : 1)
  return number > 0 ? String(number) : null
}

/** `1,200`, `1.2万`, `两百` → a plain decimal above zero. */
export function numberOf(text: string): string | null {
  const compact = text.replace(/[,\s]/g, '')
  const [, number, place] = new RegExp(`^(\\d+(?:\\.\\d+)?)(${PLACE}?)$`).exec(compact) ?? []
  const value = number ? (place ? shifted(number, places[place] ?? 0) : number) : hanNumber(compact)
  return value && /[1-9]/.test(value) ? value : null
}

const DAY_MS = 86_400_000
const plus = (iso: string, days: number) =>
  new Date(Date.parse(`${iso}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

const weekday = (iso: string) => ((new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7) + 1

/** What a day may look like, each with how it is read: from its groups, today, and the calendar of the company. */
export interface DayForm {
  pattern: string
  read: (
    groups: (string | undefined)[],
    today: string,
    readDate: (text: string) => string | null,
  ) => string | null
}

const days: Record<string, number> = words.days
const weekdays: Record<string, number> = words.weekdays
const weeks: Record<string, number> = words.weeks
const named: Record<string, number> = words.named_weekdays
const marks = words.day_marks.join('')
const DUE = oneOf(words.due)
const DUE_AFTER = oneOf(words.due_after)
const AFTER = `(?:\\s*${DUE_AFTER})*`
const BEFORE = `(?:${DUE}\\s*:?\\s*)?`
const TWO = '(?<![\\w.-])(\\d{1,2})[-/](\\d{1,2})(?![\\w./-])'

function inYear(month: string, day: string, today: string): string | null {
  const year = Number(today.slice(0, 4))
  const iso = dateOf(`${month}-${day}`, year)
  return iso && iso < today ? dateOf(`${month}-${day}`, year + 1) : iso
}

function onDay(wanted: number | undefined, week: string | undefined, today: string): string | null {
  if (!wanted) return null
  const ahead = wanted - weekday(today)
  const whole = week ? (weeks[week] ?? 0) : ahead < 0 ? 1 : 0
  const iso = plus(today, ahead + 7 * whole)
  return iso < today ? null : iso
}

const form = (pattern: string, read: DayForm['read']): DayForm => ({
  pattern: BEFORE + pattern + AFTER,
  read,
})

export const dayForms: DayForm[] = [
  form(
    `((?:19|20)\\d\\d\\s*[-/.\\u5e74]\\s*\\d{1,2}\\s*[-/.\\u6708]\\s*\\d{1,2})(?!\\d)[${marks}]?`,
    ([text = '']) => dateOf(text.replace(/\s/g, ''), 0),
  ),
  form(`(\\d{1,2})\\s*\\u6708\\s*(\\d{1,2})(?!\\d)\\s*[${marks}]?`, ([month = '', day = ''], today) =>
    inYear(month, day, today),
  ),
  // Two numbers may be a size or a range; only what says that something is due makes a day of them.
  ...[`${DUE}\\s*:?\\s*${TWO}`, `${TWO}(?:[${marks}]|\\s*${DUE_AFTER})`].map(
    (pattern): DayForm => ({
      pattern: pattern + AFTER,
      read: ([month = '', day = ''], today) => inYear(month, day, today),
    }),
  ),
  form(`(${oneOf(Object.keys(days))})`, ([word = ''], today) => plus(today, days[word] ?? 0)),
  form(
    `(${oneOf(Object.keys(weeks))})?\\s*(?:${oneOf(words.week)})([${Object.keys(weekdays).join('')}])`,
    ([week, day = ''], today) => onDay(weekdays[day], week, today),
  ),
  form(`(?<![a-z])(${oneOf(Object.keys(named))})(?![a-z])`, ([day = ''], today) =>
    onDay(named[day], undefined, today),
  ),
  form(
    `(\\d{1,3}|${HAN_NUMBER})\\s*(?:${oneOf(words.working_days)})\\s*(?:${oneOf(words.within)})?`,
    ([count = ''], _, readDate) => readDate(`+${numberOf(count) ?? ''}`),
  ),
  form(
    `(\\d{1,3}|${HAN_NUMBER})\\s*(?:${oneOf(words.calendar_days)})\\s*(?:${oneOf(words.within)})`,
    ([count = ''], today) => plus(today, Number(numberOf(count) ?? 0)),
  ),
  form(`(${oneOf(words.month_end)})`, (_, today) => {
    const [year = 0, month = 1] = today.split('-').map(Number)
    return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
  }),
]
