import { expect, test } from 'vitest'
import { lastDays, ownDays, percentOf, periodOf } from './period'

test('a period ends with today and has as many days as it says', () => {
  expect(lastDays(1, '2026-03-01')).toEqual({ from: '2026-03-01', to: '2026-03-02' })
  expect(lastDays(7, '2026-03-01')).toEqual({ from: '2026-02-23', to: '2026-03-02' })
  expect(lastDays(365, '2026-03-01').from).toBe('2025-03-02')
})

test('a period of own days ends after the last of them, and not before the first', () => {
  const asked = (first?: string, last?: string) => periodOf({ days: 1, first, last }, '2026-03-01')
  expect(asked()).toEqual({ from: '2026-03-01', to: '2026-03-02' })
  expect(asked('2026-02-28', '2026-02-28')).toEqual({ from: '2026-02-28', to: '2026-03-01' })
  expect(asked('2026-02-28', '2026-02-27')).toBeUndefined()
})

test('own days are two days, or none', () => {
  expect(ownDays('2026-01-01', '2026-01-31')).toEqual({ first: '2026-01-01', last: '2026-01-31' })
  for (const [first, last] of [['2026-01-01'], ['2026-13-01', '2026-12-31'], ['1 May', '2026-05-02']])
    expect(ownDays(first, last)).toEqual({ first: undefined, last: undefined })
})

test('a part of nothing is not told', () => {
  expect(percentOf(1, 3)).toBe('33.3 %')
  expect(percentOf(0, 0)).toBe('–')
})
