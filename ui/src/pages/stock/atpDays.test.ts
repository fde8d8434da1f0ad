import { describe, expect, it } from 'vitest'
import type { Coming } from '../../api/supply'
import { atpDays, dayAfter, MOST_DAYS } from './atpDays'

const line = (due_date: string | null) => ({ due_date }) as Coming

describe('the days on which it is asked what can be promised', () => {
  it('are today, a week and a month ahead when nothing comes', () => {
    expect(atpDays('2026-02-25', []).map(day => day.date)).toEqual(['2026-02-25', '2026-03-04', '2026-03-27'])
  })

  it('are also those on which goods come, in order, several goods on one day together', () => {
    const days = atpDays('2026-02-25', [line('2026-03-10'), line('2026-02-26'), line('2026-03-10')])
    expect(days.map(day => [day.date, day.comes.length])).toEqual([
      ['2026-02-25', 0],
      ['2026-02-26', 1],
      ['2026-03-04', 0],
      ['2026-03-10', 2],
      ['2026-03-27', 0],
    ])
  })

  it('show what is late today, and leave out what has no day', () => {
    const days = atpDays('2026-02-25', [line('2026-02-01'), line(null)])
    expect(days[0]).toEqual({ date: '2026-02-25', comes: [line('2026-02-01')] })
    expect(days.flatMap(day => day.comes)).toHaveLength(1)
  })

  it('are not without end', () => {
    const many = Array.from({ length: 40 }, (_, i) => line(dayAfter('2026-03-01', i)))
    expect(atpDays('2026-02-25', many)).toHaveLength(MOST_DAYS)
  })
})
