import { expect, test } from 'vitest'
import { weeksOf } from './weeks'

const day = (on: string, received: number) => ({
  day: on,
  received,
  confirmed: 1,
  lost: 0,
  cycle_p50: null,
})

test('days become weeks from Monday on, cut to the period', () => {
  const days = [day('2026-03-01', 1), day('2026-03-02', 2), day('2026-03-08', 3), day('2026-03-09', 4)]
  const weeks = weeksOf(days, { from: '2026-02-27', to: '2026-03-10' })
  expect(weeks.map(week => [week.from, week.to, week.received])).toEqual([
    ['2026-02-27', '2026-03-02', 1],
    ['2026-03-02', '2026-03-09', 5],
    ['2026-03-09', '2026-03-10', 4],
  ])
  expect(weeks.reduce((sum, week) => sum + week.confirmed, 0)).toBe(days.length)
})
