/** Words for instants and durations (G8). Pure: the caller says what time it is and which zone counts. */
export type Translate = (key: string, values?: Record<string, string | number>) => string

interface Parts {
  y: string
  m: string
  d: string
  hm: string
}
const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(ms: number, zone: string): Parts {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  const found = Object.fromEntries(format.formatToParts(ms).map(part => [part.type, part.value]))
  return {
    y: found.year ?? '',
    m: found.month ?? '',
    d: found.day ?? '',
    hm: `${found.hour}:${found.minute}`,
  }
}

const dayOf = (parts: Parts) => `${parts.y}-${parts.m}-${parts.d}`

/** The calendar day of an instant, e.g. 2026-12-01. */
export const dayIn = (ms: number, zone: string) => dayOf(partsOf(ms, zone))

/** 今天 14:30 · 昨天 09:05 · 06-12 14:30 · 2025-06-12 14:30 */
export function instantWords(ms: number, now: number, zone: string, t: Translate): string {
  const at = partsOf(ms, zone)
  const day = dayOf(at)
  if (day === dayIn(now, zone)) return t('time.today', { time: at.hm })
  if (day === dayIn(now - 86_400_000, zone)) return t('time.yesterday', { time: at.hm })
  if (day === dayIn(now + 86_400_000, zone)) return t('time.tomorrow', { time: at.hm })
  const short = `${at.m}-${at.d} ${at.hm}`
  return at.y === partsOf(now, zone).y ? short : `${at.y}-${short}`
}

const UTC_INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

/** A sentence of the server with the instants in it told as everywhere else on the page. */
export const withInstants = (text: string, now: number, zone: string, t: Translate) =>
  text.replace(UTC_INSTANT, found => instantWords(Date.parse(found), now, zone, t))

/** The whole instant with its zone, for the hover. */
export function instantFull(ms: number, zone: string): string {
  const at = partsOf(ms, zone)
  return `${dayOf(at)} ${at.hm} (${zone})`
}

/** 3 天 4 小时 · 1 小时 12 分 · 48 分 · 不足 1 分 */
export function durationWords(ms: number, t: Translate): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days >= 3) return t('time.days', { d: days })
  if (days > 0) return hours ? t('time.days_hours', { d: days, h: hours }) : t('time.days', { d: days })
  if (hours > 0) return rest ? t('time.hours_minutes', { h: hours, m: rest }) : t('time.hours', { h: hours })
  return minutes > 0 ? t('time.minutes', { m: minutes }) : t('time.under_minute')
}

/** Minutes as the hours that people type; two decimals tell every minute apart. */
export const hoursOf = (minutes: number | null | undefined) =>
  minutes == null ? '' : String(Math.round((minutes / 60) * 100) / 100)
export const minutesOf = (hours: string | undefined) => Math.round(Number(hours) * 60)

export type Urgency = 'late' | 'soon' | 'calm'

/** Amber when a quarter of the time is left, red when it is over. */
export function urgency(opened: number, due: number, now: number): Urgency {
  if (now >= due) return 'late'
  return due - now <= (due - opened) * 0.25 ? 'soon' : 'calm'
}
