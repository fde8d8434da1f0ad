import { describe, expect, it } from 'vitest'
import type { Finding, Task } from '../../api/types'
import { decidable, standing } from './standing'

const finding = (more: Partial<Finding>): Finding =>
  ({
    code: 'stock_short',
    check: 'stock',
    severity: 'warning',
    state: 'open',
    acceptable: false,
    ...more,
  }) as Finding
const task = (...findings: Finding[]): Task =>
  ({
    state: 'open',
    next: { zh: '通过后订单确认', en: 'Then the order is confirmed' },
    findings,
    actions: ['approve', 'return', 'batch'].map(name => ({ name, allowed: true, reason_code: null })),
  }) as Task

describe('a task whose goods are missing', () => {
  it('cannot be approved, alone or in a batch, says why, and promises nothing', () => {
    const found = decidable(task(finding({})))
    expect(found.actions).toEqual([
      { name: 'approve', allowed: false, reason_code: 'promise_not_backed' },
      { name: 'return', allowed: true, reason_code: null },
      { name: 'batch', allowed: false, reason_code: 'promise_not_backed' },
    ])
    expect(found.next).toBeNull()
  })

  it("keeps the server's own reason", () => {
    const held = task(finding({}))
    held.actions = [{ name: 'approve', allowed: false, reason_code: 'on_hold' }]
    expect(decidable(held).actions[0]?.reason_code).toBe('on_hold')
  })

  it('is any other task once the goods came, or when a reason is enough', () => {
    for (const each of [
      finding({ acceptable: true }),
      finding({ state: 'accepted' }),
      finding({ severity: 'info' }),
    ]) {
      expect(standing(task(each))).toEqual([])
      expect(decidable(task(each)).actions[0]?.allowed).toBe(true)
    }
  })
})
