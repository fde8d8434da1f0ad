import { describe, expect, it } from 'vitest'
import en from '../i18n/en.json'
import zh from '../i18n/zh-CN.json'
import { groupDigits, moneyWords } from './money'
import { durationWords, instantWords, urgency, withInstants } from './time'

const translator =
  (catalogue: Record<string, string>) =>
  (key: string, values: Record<string, unknown> = {}) =>
    (catalogue[key] ?? key).replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name]))
const t = translator(zh)
const te = translator(en)
const M = 60_000
const ZONE = 'Asia/Shanghai'
const at = (text: string) => Date.parse(`${text}+08:00`)

describe('words for time', () => {
  it('names durations', () => {
    expect(durationWords(20_000, t)).toBe('不足 1 分')
    expect(durationWords(48 * M, t)).toBe('48 分')
    expect(durationWords(72 * M, t)).toBe('1 小时 12 分')
    expect(durationWords(-120 * M, t)).toBe('2 小时')
    expect(durationWords(28 * 60 * M, t)).toBe('1 天 4 小时')
    expect(durationWords(100 * 60 * M, t)).toBe('4 天')
    expect(durationWords(72 * M, te)).toBe('1 h 12 min')
  })
  it('names instants by the calendar of the company, across midnight and the year', () => {
    const now = at('2026-11-24T00:30:00')
    expect(instantWords(at('2026-11-24T00:05:00'), now, ZONE, t)).toBe('今天 00:05')
    expect(instantWords(at('2026-11-23T23:50:00'), now, ZONE, t)).toBe('昨天 23:50')
    expect(instantWords(at('2026-11-25T09:00:00'), now, ZONE, t)).toBe('明天 09:00')
    expect(instantWords(at('2026-06-12T14:30:00'), now, ZONE, t)).toBe('06-12 14:30')
    expect(instantWords(at('2025-06-12T14:30:00'), now, ZONE, t)).toBe('2025-06-12 14:30')
  })
  it('tells instants inside of a sentence by the calendar of the company', () => {
    const now = at('2026-11-26T12:00:00')
    const said = '王芳 已于 2026-11-26T02:58:52.233Z 处理'
    expect(withInstants(said, now, ZONE, t)).toBe('王芳 已于 今天 10:58 处理')
    expect(withInstants('2026-11-26', now, ZONE, t)).toBe('2026-11-26')
  })
  it('turns amber at a quarter left and red when late', () => {
    expect(urgency(0, 100, 74)).toBe('calm')
    expect(urgency(0, 100, 75)).toBe('soon')
    expect(urgency(0, 100, 100)).toBe('late')
  })
})

describe('money', () => {
  it('groups digits without a float', () => {
    expect(moneyWords('1234.5', 'CNY')).toBe('¥1,234.50')
    expect(moneyWords('-1234567890123456.78', 'USD')).toBe('-US$1,234,567,890,123,456.78')
    expect(moneyWords('12.3456', 'CHF')).toBe('CHF 12.3456')
    expect(groupDigits('1000.000')).toBe('1,000')
    expect(groupDigits('abc')).toBe('abc')
  })
})
