import { describe, expect, it } from 'vitest'
import { changes } from './changes'
import { asGroup, changedRow, emptyLines, emptyRow, ofGroup, operandOf, operandText } from './condition'
import type { Kind } from './doc'
import { fix, settled } from './fixes'
import { chosen, isSaidAtLength, ofChosen, settings, strangeIn, valueAt, withValue } from './settings'

const settingOf = (type: string, path: string) => {
  const found = settings[type]?.find(each => each.path.join('.') === path)
  if (!found) throw new Error(path)
  return found
}

describe('a setting', () => {
  it('that means what it means anyway is not written down', () => {
    const vote = settingOf('review', 'vote')
    expect(withValue({ type: 'review', vote: 'all' }, vote, 'any')).toEqual({ type: 'review' })
    expect(withValue({ type: 'review' }, vote, ofChosen('percent', 60))).toEqual({
      type: 'review',
      vote: { percent: 60 },
    })
    expect(chosen({ percent: 60 }, 'any')).toEqual({ value: 'percent', beside: 60 })
    expect(chosen(undefined, 'any')).toEqual({ value: 'any' })
  })

  it('deep inside leaves nothing empty behind', () => {
    const batch = settingOf('review', 'batch.max_amount')
    const set = withValue({ type: 'review' }, batch, '5000')
    expect(set).toEqual({ type: 'review', batch: { max_amount: '5000' } })
    expect(valueAt(set, batch.path)).toBe('5000')
    expect(withValue(set, batch, undefined)).toEqual({ type: 'review' })
  })

  it('of another kind is kept as it came', () => {
    const kind = { type: 'review', assignee: [{ formula: [] }], later: { unknown: 1 } }
    expect(withValue(kind, settingOf('review', 'guarded'), true)).toEqual({ ...kind, guarded: true })
  })

  it('that is not known is named, and what is drawn on the canvas is not', () => {
    const name = { zh: 'x', en: 'x' }
    const kind = { type: 'cc', to: [], lanes: [], later: { unknown: 1 } }
    const step = { id: 'a', name, stage: 'review', tags: ['t'], kind, newer: true }
    expect(strangeIn(step)).toEqual([
      ['newer', true],
      ['later', { unknown: 1 }],
    ])
  })
})

describe('a condition', () => {
  const amount = { name: 'amount', type: 'money', label: '', line: false, may_be_empty: true }
  const level = { name: 'customer_level', type: 'choice', label: '', line: false, may_be_empty: true }
  it('begins with a row that says what an empty field means', () => {
    expect(emptyRow(amount)).toEqual({
      row: { field: 'amount', op: 'ge', value: { number: '0' }, when_empty: false },
    })
  })
  it('keeps its value where it still fits', () => {
    const row = { field: 'amount', op: 'ge', value: { number: '5' }, when_empty: true }
    expect(changedRow(row, { op: 'lt' }, amount)).toEqual({ ...row, op: 'lt' })
    expect(changedRow(row, { field: level }, amount)).toEqual({
      field: 'customer_level',
      op: 'eq',
      value: { text: '5' },
      when_empty: true,
    })
    expect(changedRow(row, { op: 'is_empty' }, amount)).toEqual({ field: 'amount', op: 'is_empty' })
  })
  it('of one row is that row, and a list is typed with commas', () => {
    const one = emptyRow(amount)
    expect(ofGroup(true, [one])).toBe(one)
    expect(ofGroup(true, [])).toBeUndefined()
    expect(ofGroup(false, [one, one])).toEqual({ any: [one, one] })
    expect(asGroup({ any: [one] })).toEqual({ all: false, items: [one] })
    expect(operandOf('choice', 'in', 'A, B')).toEqual({ list: [{ text: 'A' }, { text: 'B' }] })
    expect(operandText({ list: [{ text: 'A' }, { text: 'B' }] })).toBe('A, B')
    expect(emptyLines('sum')).toEqual({ lines: { quantifier: 'sum', field: 'amount', op: 'ge', value: '1' } })
  })
  it('asks each type of field what fits it', () => {
    expect(operandOf('tags', 'includes', 'vip')).toEqual({ list: [{ text: 'vip' }] })
    expect(operandOf('date', 'within_working_days', '3')).toEqual({ number: '3' })
    expect(operandOf('date', 'is_working_day', '')).toBeUndefined()
    expect(operandOf('money', 'deviates', '5')).toEqual({ deviation: { from: '', percent: '5' } })
    expect(operandText({ formula: { field: 'net_amount', times: '1.1', plus: '5' } })).toBe('5')
    const date = { name: 'requested_date', type: 'date', label: 'd', line: false, may_be_empty: true }
    expect(
      changedRow(
        { field: 'requested_date', op: 'ge', value: { date: '2026-12-01' } },
        { op: 'is_working_day' },
        date,
      ),
    ).toEqual({ field: 'requested_date', op: 'is_working_day', when_empty: false })
  })
  it('is settled for the empty field alone that was asked about', () => {
    const row = (field: string) => ({ row: { field, op: 'ge', value: { number: '1' } } })
    expect(settled({ all: [row('amount'), row('other')] }, 'amount')).toEqual({
      all: [{ row: { ...row('amount').row, when_empty: false } }, row('other')],
    })
  })
})

it('rules of a deadline take the place of its short form', () => {
  const kind = { type: 'review', deadline_minutes: 60 }
  const [short, long] = [settingOf('review', 'deadline_minutes'), settingOf('review', 'deadline')]
  const rules = { from: { after: { minutes: 60 } }, rules: [] }
  const next = withValue(kind, long, rules) as Kind
  expect(next).toEqual({ type: 'review', deadline: rules })
  expect([kind, next].map(each => isSaidAtLength(each as Kind, short))).toEqual([false, true])
})

it('a problem is mended at its step', () => {
  const name = { zh: 'x', en: 'x' }
  const doc = { key: 'f', name, steps: [{ id: 'a', name, stage: 'review', kind: { type: 'review' } }] }
  const problem = {
    code: 'F-040',
    severity: 'warning' as const,
    node: 'a',
    params: {},
    mark: 'F-040@a',
    text: '',
  }
  const next = fix(doc, problem, { sop: name, timeout: name, end: name })
  expect(next.steps[0]?.kind.deadline_minutes).toBe(240)
  expect(changes(doc, next)).toEqual([{ kind: 'changed', id: 'a', name }])
  expect(fix(doc, { ...problem, code: 'F-001' }, { sop: name, timeout: name, end: name })).toBe(doc)
})
