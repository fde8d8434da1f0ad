import { describe, expect, it } from 'vitest'
import { daysOfMonth, differing, monthAfter, put, runs, spansIn, under, worked } from './days'

const hours = ['09:00-18:00']
const base = { week: [hours, hours, hours, hours, hours, [], []], holidays: [], makeup_workdays: [] }
const none = { off: [], on: [] }

describe('days of a calendar', () => {
  it('are named only where they are otherwise than the week', () => {
    const off = put(none, ['2026-12-03', '2026-12-04', '2026-12-05', '2026-12-06'], false, base)
    expect(off).toEqual({ off: ['2026-12-03', '2026-12-04'], on: [] })
    expect(put(off, ['2026-12-03', '2026-12-05'], true, base)).toEqual({
      off: ['2026-12-04'],
      on: ['2026-12-05'],
    })
    expect(put(off, off.off, true, base)).toEqual(none)
  })

  it('keep a weekend off when the holiday around it is worked', () => {
    const holiday = { off: ['2026-10-02', '2026-10-03'], on: [] }
    expect(put(holiday, ['2026-10-03'], true, base)).toEqual({ off: ['2026-10-02'], on: ['2026-10-03'] })
  })

  it('of a department are put over those of the company', () => {
    const company = under(base, { off: ['2026-12-01'], on: ['2026-12-05'] })
    const department = under(company, { off: ['2026-12-05'], on: ['2026-12-01'] })
    expect([worked('2026-12-01', company), worked('2026-12-05', company)]).toEqual([false, true])
    expect([worked('2026-12-01', department), worked('2026-12-05', department)]).toEqual([true, false])
    expect(differing(['2026-12-05', '2026-12-01', '2026-12-02'], company, department)).toEqual({
      off: ['2026-12-05'],
      on: ['2026-12-01'],
    })
  })

  it('are told as spans', () => {
    expect(runs(['2026-12-31', '2027-01-01', '2027-01-04'])).toEqual([
      { from: '2026-12-31', to: '2027-01-01' },
      { from: '2027-01-04', to: '2027-01-04' },
    ])
    expect(daysOfMonth('2028-02').at(-1)).toBe('2028-02-29')
    expect(monthAfter('2026-11', 2)).toBe('2027-01')
  })
})

describe('hours', () => {
  it('are read as they are typed', () => {
    expect(spansIn('9:00—12:00；13：00 至 18：00')).toEqual(['9:00-12:00', '13:00-18:00'])
    expect(spansIn(' ')).toEqual([])
    expect(spansIn('nine, 10:00')).toEqual(['nine', '10:00'])
  })
})
