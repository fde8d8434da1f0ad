import { describe, expect, it } from 'vitest'
import { askedFor, filterOf } from './filter'

describe('what an address asks of a queue', () => {
  it('is read as text, without what means nothing', () => {
    const search = {
      queue: 'pool',
      step: 'standard:finance_review',
      amount_from: 500,
      customer: '',
      colour: 'red',
    }
    expect(filterOf(search)).toEqual({ step: 'standard:finance_review', amount_from: '500' })
  })

  it('knows the terms and days by which something is due', () => {
    for (const due of ['overdue', 'today', 'week', '2026-12-01']) expect(filterOf({ due })).toEqual({ due })
    for (const due of ['later', '1 December', '2026-12-1']) expect(filterOf({ due })).toEqual({})
  })

  it('is counted by the fields that people see', () => {
    expect(askedFor({})).toBe(0)
    expect(askedFor({ amount_from: '1', amount_to: '2', currency: 'CNY', due: 'week' })).toBe(2)
  })
})
