import { beforeAll, describe, expect, it } from 'vitest'
import { bothLanguages, startI18n } from '../../i18n'
import { blankDraft, blankLine, bodyOf } from './draft'
import { plainDate } from './readDate'
import { unreadable } from './unreadable'

beforeAll(() => startI18n().then(bothLanguages))

const draft = (date: string, quantity: string) => {
  const empty = blankDraft('CNY')
  return {
    ...empty,
    head: { ...empty.head, requested_date: date },
    lines: [blankLine(), { ...blankLine(), product: 'P-1', quantity, requested_date: date }],
  }
}

describe('text that is no number or date', () => {
  it('is named as unreadable, at its place, with what was typed', () => {
    const found = unreadable(draft('2026-02-30', '-5abc'), plainDate)
    expect(found.map(each => each.finding.path)).toEqual([
      'requested_date',
      'lines[0].quantity',
      'lines[0].requested_date',
    ])
    expect(found.map(each => each.finding.message.zh)).toEqual([
      '要求交期「2026-02-30」读不懂：应为日期，如 2026-12-01',
      '第 2 行 数量「-5abc」读不懂：应为数字，如 12.5',
      '第 2 行 要求交期「2026-02-30」读不懂：应为日期，如 2026-12-01',
    ])
    expect(found[1]?.finding.message.en).toContain('"-5abc" cannot be read')
  })

  it('is not named when it can be read, or when nothing was typed', () => {
    expect(unreadable(draft('2026/12/1', '1,200'), plainDate)).toEqual([])
    expect(unreadable(draft('', ''), plainDate)).toEqual([])
  })

  it('leaves days from today to whoever knows the calendar', () => {
    const calendar = (text: string) => (text === '+3' ? '2026-12-02' : plainDate(text))
    expect(unreadable(draft('+3', '2'), calendar)).toEqual([])
    expect(unreadable(draft('+3', '2'), plainDate)).toHaveLength(2)
    expect(bodyOf(draft('+3', '2'), true, calendar).body.requested_date).toBe('2026-12-02')
  })
})
