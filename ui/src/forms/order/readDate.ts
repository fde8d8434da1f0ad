import { createContext, useContext, useMemo } from 'react'
import { useCompanyCalendar } from '../../api/hooks'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { dateOf } from '../lines/values'
import { daysAhead, workdayAfter } from '../lines/workdays'

/** Typed text to an ISO date; null when it is none. */
export type ReadDate = (text: string) => string | null

export const plainDate: ReadDate = text => dateOf(text, new Date().getFullYear())

export const DateReader = createContext<ReadDate>(plainDate)
export const useReadDate = () => useContext(DateReader)

/** Reads `+3` too: the third working day from today by the calendar of the company. */
export function useCalendarDates(): ReadDate {
  const { data: calendar } = useCompanyCalendar()
  const zone = useZone()
  return useMemo(
    () => text => {
      const days = daysAhead(text)
      if (days === null) return plainDate(text)
      return calendar ? workdayAfter(dayIn(Date.now(), zone), days, calendar) : null
    },
    [calendar, zone],
  )
}
