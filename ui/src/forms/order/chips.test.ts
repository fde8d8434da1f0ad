import { describe, expect, it } from 'vitest'
import type { CheckAnswer, Finding } from '../../api/types'
import { type Chip, chipState, chips } from './chips'

const all = Object.keys(chips) as Chip[]
const line = {
  product_name: '减速机',
  unit: '台',
  list_price: '118.00',
  price_source: 'list',
  amount: '118.00',
  tax: null,
  available: '5',
  stock_as_of: null,
  atp: { state: 'backed', date: null, short: '0', from: [] },
}
const answer = (left: string): CheckAnswer =>
  ({
    findings: [],
    totals: { net: '1', tax: '0', gross: '1', currency: 'CNY' },
    lines: [line],
    customer: {
      matched: true,
      name: '华东机电',
      defaults: null,
      credit: { limit: '9', exposure: '1', left },
    },
    submit_allowed: true,
  }) as unknown as CheckAnswer
const finding = (check: string, path: string, severity = 'blocker') =>
  ({ check, path, severity, state: 'open' }) as Finding

describe('the chips of the readiness bar', () => {
  it('are green when everything was checked and nothing was found', () => {
    for (const chip of all) expect(chipState(chip, answer('8'), [])).toBe('ok')
  })

  it('are not green before the checks could be made', () => {
    for (const chip of all) expect(chipState(chip, null, [])).toBe('unknown')
    const empty = { ...answer('8'), lines: [], totals: null, customer: null } as CheckAnswer
    for (const chip of all) if (chip !== 'required') expect(chipState(chip, empty, [])).toBe('unknown')
  })

  it('do not judge price, stock and credit of a line that is faulty', () => {
    const bad = { ...answer('8'), totals: null }
    const faults = [finding('quantity', 'lines[0].quantity')]
    expect(all.map(chip => chipState(chip, bad, faults))).toEqual([
      'blocker',
      'unknown',
      'ok',
      'unknown',
      'unknown',
      'ok',
    ])
  })

  it('never show credit that is overdrawn as well', () => {
    expect(chipState('credit', answer('-20000.00'), [])).toBe('warning')
  })
})
