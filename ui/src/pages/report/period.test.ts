import { expect, test } from 'vitest'
import { lastDays, percentOf } from './period'

test('a period ends with today and has as many days as it says', () => {
  expect(lastDays(1, '2026-03-01')).toEqual({ from: '2026-03-01', to: '2026-03-02' })
  expect(lastDays(7, '2026-03-01')).toEqual({ from: '2026-02-23', to: '2026-03-02' })
  expect(lastDays(365, '2026-03-01').from).toBe('2025-03-02')
})

test('a part of nothing is not told', () => {
  expect(percentOf(1, 3)).toBe('33.3 %')
  expect(percentOf(0, 0)).toBe('–')
})
