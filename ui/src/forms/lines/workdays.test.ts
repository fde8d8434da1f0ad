import { describe, expect, it } from 'vitest'
import { daysAhead, workdayAfter } from './workdays'

const hours = ['09:00-18:00']
const calendar = {
  week: [hours, hours, hours, hours, hours, [], []],
  holidays: ['2026-12-01'],
  makeup_workdays: ['2026-12-05'],
}

describe('working days from a day', () => {
  it('leaves out weekends and holidays, and counts days worked instead', () => {
    expect(workdayAfter('2026-11-26', 1, calendar)).toBe('2026-11-27')
    expect(workdayAfter('2026-11-26', 3, calendar)).toBe('2026-12-02')
    expect(workdayAfter('2026-12-04', 1, calendar)).toBe('2026-12-05')
    expect(workdayAfter('2026-11-26', 0, calendar)).toBe('2026-11-26')
  })
  it('has an end where nobody ever works', () => {
    expect(workdayAfter('2026-11-26', 1, { ...calendar, week: [], makeup_workdays: [] })).toBeNull()
  })
  it('is asked for by a plus and a number', () => {
    expect(daysAhead('+3')).toBe(3)
    expect(daysAhead('＋ 12')).toBe(12)
    for (const text of ['3', '+', '+abc', '+3.5', '+999']) expect(daysAhead(text)).toBeNull()
  })
})
