import { describe, expect, it } from 'vitest'
import type { Order, RouteStep, Task } from '../../../api/types'
import type { FlowDoc, Step } from '../../../flow/doc'
import { standings, visitsOf } from './standing'

const text = (words: string) => ({ zh: words, en: words })
const step = (id: string, kind: Step['kind'] = { type: 'review' }): Step => ({
  id,
  name: text(id),
  stage: 'review',
  kind,
})
const doc: FlowDoc = {
  key: 'f',
  name: text('f'),
  steps: [
    step('start', { type: 'start' }),
    step('size', {
      type: 'exclusive',
      lanes: [
        { id: 'big', name: text('big'), steps: [step('boss')] },
        { id: 'rest', name: text('rest'), otherwise: true, steps: [] },
      ],
    }),
    step('finance'),
    step('end', { type: 'end' }),
  ],
}
const way = (id: string, state: RouteStep['state'], more: Partial<RouteStep> = {}) =>
  ({ node_id: id, state, by_rule: false, because: null, ...more }) as RouteStep
const task = (node_id: string, opened_at: string, more: Partial<Task> = {}) =>
  ({ node_id, opened_at, run: 0, state: 'open', added: null, decision: null, ...more }) as Task
const order = (route: RouteStep[], tasks: Task[] = []) => ({ route, tasks }) as unknown as Order
const told = (found: ReturnType<typeof standings>) =>
  Object.fromEntries(Object.entries(found.steps).map(([id, each]) => [id, each.standing]))

describe('where an order stands in its flow', () => {
  it('leads through an empty lane when every other one is left out', () => {
    const because = text('amount 100 < 1,000')
    const found = standings(
      order([
        way('start', 'done'),
        way('boss', 'skipped', { because }),
        way('finance', 'open'),
        way('end', 'waiting'),
      ]),
      doc,
    )
    expect(told(found)).toEqual({
      start: 'passed',
      size: 'passed',
      boss: 'skipped',
      finance: 'waiting',
      end: 'ahead',
    })
    expect(found.lanes).toEqual({
      'size/big': { state: 'not_taken', because },
      'size/rest': { state: 'taken', because: undefined },
    })
  })

  it('says only what is expected of a branch that was not reached', () => {
    const found = standings(
      order([
        way('start', 'waiting'),
        way('boss', 'waiting'),
        way('finance', 'waiting'),
        way('end', 'waiting'),
      ]),
      doc,
    )
    expect(found.lanes['size/big']?.state).toBe('expected')
    expect(found.lanes['size/rest']?.state).toBe('not_expected')
  })

  it('tells what was sent back from what was never reached, and counts how often it was there', () => {
    const first = task('finance', '2026-01-01T01:00:00Z', { decision: 'return', state: 'done' })
    const back = standings(order([way('start', 'done'), way('finance', 'waiting')], [first]), doc)
    expect(back.steps.finance?.standing).toBe('returned')
    const again = task('finance', '2026-01-02T01:00:00Z', { overdue: true })
    const now = standings(order([way('start', 'done'), way('finance', 'open')], [again, first]), doc)
    expect(now.steps.finance?.standing).toBe('overdue')
    expect(now.steps.finance?.visits.map(each => each.at)).toEqual([first.opened_at, again.opened_at])
  })

  it('takes people who are asked at once or in turn for one visit', () => {
    const one = task('finance', 'a', { decided_at: 'b', decision: 'approve' })
    const two = task('finance', 'a')
    const next = task('finance', 'b')
    const beside = task('finance', 'c', { added: { at: 'after' } as unknown as Task['added'] })
    const side = task('finance', 'd', { run: 1 })
    const all = [one, two, next, beside, side]
    expect(visitsOf(all, 'finance').map(each => each.tasks.length)).toEqual([4])
  })
})
