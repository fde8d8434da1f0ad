import { describe, expect, it } from 'vitest'
import { isBlock, parseBlock } from './paste'
import { dateOf, decimalOf } from './values'

describe('a block from a spreadsheet', () => {
  it('becomes rows and cells', () => {
    expect(parseBlock('P-1001\t台\t1,200\r\nP-1002\t台\t5\r\n')).toEqual([
      ['P-1001', '台', '1,200'],
      ['P-1002', '台', '5'],
    ])
  })
  it('keeps breaks and quotes inside quoted cells and drops empty rows', () => {
    expect(parseBlock('"a\nb ""c"""\t1\n\t\nd\t2')).toEqual([
      ['a\nb "c"', '1'],
      ['d', '2'],
    ])
  })
  it('is told from a single cell, with or without its final line end', () => {
    expect(isBlock('P-1001')).toBe(false)
    expect(isBlock('P-1001\r\n')).toBe(false)
    expect(isBlock('P-1001\t5')).toBe(true)
    expect(isBlock('a\nb')).toBe(true)
  })
})

describe('typed values', () => {
  it('reads grouped, full-width and signed decimals, and nothing else', () => {
    expect(decimalOf('1,200.50')).toBe('1200.50')
    expect(decimalOf('１２．５')).toBe('12.5')
    expect(decimalOf('¥ 99')).toBe('99')
    expect(decimalOf('-3')).toBe('-3')
    expect(decimalOf('12a')).toBeNull()
    expect(decimalOf('1.')).toBeNull()
    expect(decimalOf('')).toBeNull()
  })
  it('reads dates as people write them and refuses days that do not exist', () => {
    expect(dateOf('2026-12-1', 2026)).toBe('2026-12-01')
    expect(dateOf('2026/12/01', 2026)).toBe('2026-12-01')
    expect(dateOf('20261201', 2026)).toBe('2026-12-01')
    expect(dateOf('12-1', 2027)).toBe('2027-12-01')
    expect(dateOf('2026年12月1日', 2026)).toBe('2026-12-01')
    expect(dateOf('2026-02-30', 2026)).toBeNull()
    expect(dateOf('soon', 2026)).toBeNull()
  })
})
