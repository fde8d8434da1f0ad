import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Workdays } from '../../forms/lines/workdays'
import { useWords } from '../../i18n'
import { useNow } from '../../ui/clock'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { useWide } from '../../ui/useWide'
import { dayAfter } from '../stock/atpDays'
import { daysOfMonth, monthAfter, weekdayOf, worked } from './days'
import { DAYS } from './Week'

/** Room for a year at once; on a phone it is a month. */
const WIDE = 700
const MONTHS = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, '0'))
const dayAt = (target: EventTarget) => (target as HTMLElement).dataset.day

interface Shown {
  calendar: Workdays
  /** The calendar as it was: days that have changed since stand out. */
  was?: Workdays
  names?: Map<string, string>
  onToggle?: (day: string) => void
}

type Kind = 'worked' | 'weekend' | 'holiday' | 'makeup'
function kindOf(day: string, calendar: Workdays): Kind {
  const week = Boolean(calendar.week[weekdayOf(day)]?.length)
  if (worked(day, calendar)) return week ? 'worked' : 'makeup'
  return week || calendar.holidays.includes(day) ? 'holiday' : 'weekend'
}

/** The mark of a day that is otherwise than its week; drawn by the style, so that a day is read by its number. */
function useMark() {
  const { t } = useWords()
  return (kind: Kind) => (kind === 'holiday' || kind === 'makeup' ? t(`calendar.mark.${kind}`) : undefined)
}

function DayCell({ day, today, stop, shown }: { day: string; today: boolean; stop: boolean; shown: Shown }) {
  const { t } = useWords()
  const mark = useMark()
  const { calendar, was, names, onToggle } = shown
  const kind = kindOf(day, calendar)
  const moved = was && worked(day, was) !== worked(day, calendar)
  const date = String(Number(day.slice(8)))
  const label = [
    date,
    t(`weekday.${weekdayOf(day)}`),
    t(`calendar.kind.${kind}`),
    names?.get(day),
    moved && t('calendar.changed'),
    day,
  ]
    .filter(Boolean)
    .join(' ')
  const look = {
    className: `day day-${kind}${moved ? ' day-moved' : ''}${today ? ' day-today' : ''}`,
    title: label,
    'data-day': day,
    'data-kind': kind,
    'data-mark': mark(kind),
  }
  if (!onToggle) return <span {...look}>{date}</span>
  return (
    <button {...look} type="button" aria-label={label} tabIndex={stop ? 0 : -1} onClick={() => onToggle(day)}>
      {date}
    </button>
  )
}

function Month({
  month,
  today,
  stop,
  shown,
}: {
  month: string
  today?: string
  stop?: string
  shown: Shown
}) {
  const { t, lang } = useWords()
  const days = daysOfMonth(month)
  const before = weekdayOf(`${month}-01`)
  const weeks = Array.from({ length: Math.ceil((before + days.length) / 7) }, (_, week) =>
    DAYS.map(day => days[week * 7 + day - before]),
  )
  const name = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en', { month: 'long', timeZone: 'UTC' })
  return (
    <table className="month" data-testid={`calendar.month:${month}`}>
      <caption>{name.format(new Date(`${month}-01T00:00:00Z`))}</caption>
      <thead>
        <tr>
          {DAYS.map(day => (
            <th key={day} abbr={t(`weekday.${day}`)}>
              {t(`weekday.short.${day}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the weeks of a month do not move
          <tr key={at}>
            {week.map((day, weekday) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week do not either
              <td key={weekday}>
                {day && <DayCell day={day} today={day === today} stop={day === stop} shown={shown} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** How far a key leads from a day. */
const steps: Record<string, (day: string) => string> = {
  ArrowLeft: day => dayAfter(day, -1),
  ArrowRight: day => dayAfter(day, 1),
  ArrowUp: day => dayAfter(day, -7),
  ArrowDown: day => dayAfter(day, 7),
  Home: day => dayAfter(day, -weekdayOf(day)),
  End: day => dayAfter(day, 6 - weekdayOf(day)),
  PageUp: day => `${monthAfter(day.slice(0, 7), -1)}-01`,
  PageDown: day => `${monthAfter(day.slice(0, 7), 1)}-01`,
}

/** The month that the company is in. */
export function useMonth() {
  const zone = useZone()
  return dayIn(Date.now(), zone).slice(0, 7)
}

/**
 * The days of a year, or of a month where there is no room for more. Where days can be switched they are buttons of
 * which one is in the order of Tab; arrows, Home, End and the page keys go from there, into other years too.
 */
export function YearGrid({
  id,
  month,
  onMonth,
  ...shown
}: { id: string; month: string; onMonth: (month: string) => void } & Shown) {
  const { t } = useWords()
  const mark = useMark()
  const wide = useWide(WIDE)
  const today = dayIn(useNow(), useZone())
  const grid = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(today)
  const moving = useRef(false)
  const year = month.slice(0, 4)
  const months = wide ? MONTHS.map(each => `${year}-${each}`) : [month]
  const isShown = (day: string) => months.includes(day.slice(0, 7))
  const stop = isShown(at) ? at : isShown(today) ? today : `${months[0]}-01`
  // biome-ignore lint/correctness/useExhaustiveDependencies: the day is drawn anew when it moves
  useEffect(() => {
    if (moving.current) grid.current?.querySelector<HTMLElement>(`[data-day="${stop}"]`)?.focus()
    moving.current = false
  }, [stop, month])
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const from = dayAt(event.target)
    const to = from && steps[event.key]?.(from)
    if (!to) return
    event.preventDefault()
    moving.current = true
    setAt(to)
    if (!isShown(to)) onMonth(to.slice(0, 7))
  }
  const turn = (by: number) => (
    <Button
      size="small"
      icon={by < 0 ? <LeftOutlined aria-hidden /> : <RightOutlined aria-hidden />}
      aria-label={t(`calendar.${by < 0 ? 'earlier' : 'later'}_${wide ? 'year' : 'month'}`)}
      onClick={() => onMonth(monthAfter(month, wide ? by * 12 : by))}
      data-testid={`${id}.${by < 0 ? 'earlier' : 'later'}`}
    />
  )
  return (
    <div className="year" data-testid={`${id}.year`} data-year={year}>
      <div className="beside">
        {turn(-1)}
        <span className="strong num" aria-live="polite">
          {wide ? year : month}
        </span>
        {turn(1)}
        <span className="year-legend quiet">
          {(['holiday', 'makeup', 'weekend'] as const).map(kind => (
            <span key={kind} className="nowrap">
              <span className={`day day-${kind}`} data-mark={mark(kind)} aria-hidden />{' '}
              {t(`calendar.kind.${kind}`)}
            </span>
          ))}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the days inside */}
      <div
        className="year-grid"
        ref={grid}
        onKeyDown={onKey}
        onFocus={event => setAt(dayAt(event.target) ?? at)}
      >
        {months.map(each => (
          <Month
            key={each}
            month={each}
            today={today.startsWith(each) ? today : undefined}
            stop={stop.startsWith(each) ? stop : undefined}
            shown={shown}
          />
        ))}
      </div>
    </div>
  )
}
