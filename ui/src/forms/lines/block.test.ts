import { describe, expect, it } from 'vitest'
import { isBlock, parseBlock, sortBlock } from './block'
import { dateOf, decimalOf } from './values'

describe('a block from a spreadsheet', () => {
  it('becomes rows and cells', () => {
    expect(parseBlock('P-1001\t台\t1,200\r\nP-1002\t台\t5\r\n')).toEqual({
      rows: [
        ['P-1001', '台', '1,200'],
        ['P-1002', '台', '5'],
      ],
      faults: [],
    })
  })
  it('keeps breaks and quotes inside quoted cells', () => {
    expect(parseBlock('"a\nb ""c"""\t1\nd\t2').rows).toEqual([
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
  it('is not swallowed by a quote that nothing closes', () => {
    expect(parseBlock('P-1\t"12 寸\nP-2\t5')).toEqual({
      rows: [
        ['P-1', '"12 寸'],
        ['P-2', '5'],
      ],
      faults: [{ row: 1, column: 2, text: '"12 寸', kind: 'open_quote' }],
    })
  })
  it('names cells that were broken before they were copied', () => {
    const { faults } = parseBlock('P-1\t台\t#N/A\nP-\ufffd2\t台\t#REF!')
    expect(faults.map(({ row, column, kind }) => `${row}.${column} ${kind}`)).toEqual([
      '1.3 formula_error',
      '2.1 garbled',
      '2.3 formula_error',
    ])
  })
})

describe('a block on the form', () => {
  it('goes from the cell it is put at, leaves blank rows out and names columns without a place', () => {
    const sorted = sortBlock(parseBlock('5\t99\n\t\n6\t98\t2026-12-01\t备注'), 'quantity')
    expect(sorted.rows).toEqual([
      { quantity: '5', unit_price: '99' },
      { quantity: '6', unit_price: '98', requested_date: '2026-12-01' },
    ])
    expect(sorted.from).toEqual([1, 3])
    expect(sorted.leftOut).toEqual([{ column: 4, text: '备注' }])
  })
  it('goes by its header row, in any order, in both languages', () => {
    const rows = [{ product: 'P-1', quantity: '5', unit: '台' }]
    expect(sortBlock(parseBlock('数量\t品名\t商品编码\t单位\n5\t减速机\tP-1\t台'), 'quantity').rows).toEqual(
      rows,
    )
    expect(sortBlock(parseBlock('Qty\tItem Code\tUnit\tBin\n5\tP-1\t台\tA3'), 'product')).toMatchObject({
      rows,
      leftOut: [{ column: 4, text: 'Bin' }],
    })
  })
  it('takes 5,000 rows in a moment', () => {
    const text = Array.from({ length: 5000 }, (_, i) => `P-${i}\t台\t${i + 1}\t12.50\t2026-12-01`).join('\n')
    const start = performance.now()
    expect(sortBlock(parseBlock(text), 'product').rows).toHaveLength(5000)
    expect(performance.now() - start).toBeLessThan(500)
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
