import { describe, expect, it } from 'vitest'
import { textOf } from './file'
import { readSheet, type SheetColumn } from './sheet'

const columns: SheetColumn[] = [
  { name: 'code', words: ['编码', 'code'], required: true },
  { name: 'price', words: ['单价', 'price'], kind: 'number' },
  { name: 'rate', words: ['税率'], kind: 'rate' },
  {
    name: 'roles',
    words: ['角色'],
    kind: 'several',
    choices: [
      { value: 'sales', words: ['销售'] },
      { value: 'finance', words: ['财务'] },
    ],
  },
]
const read = (text: string) => readSheet(text, columns, ['code'])

describe('records from a sheet', () => {
  it('go by the header, in any order, and by the order of the columns without one', () => {
    expect(read('单价\t编码\n1,200.5\tA').records).toEqual([
      { row: 2, values: { price: '1200.5', code: 'A' } },
    ])
    expect(read('A\t5\t13%\t销售、财务').records).toEqual([
      { row: 1, values: { code: 'A', price: '5', rate: '0.13', roles: 'sales,finance' } },
    ])
  })
  it('come from a file of commas too', () => {
    expect(read('编码,单价\n"A,1",5').records).toEqual([{ row: 2, values: { code: 'A,1', price: '5' } }])
  })
  it('name every cell that is wrong', () => {
    const { faults } = read('编码\t单价\t角色\n\t5\t销售\nA\tfive\t老板\nA\t#N/A\t财务')
    expect(faults.map(({ row, column, kind }) => `${row}.${column} ${kind}`)).toEqual([
      '2.code missing',
      '3.price no_number',
      '3.roles no_choice',
      '4.price formula_error',
      '4.code twice',
    ])
  })
  it('name columns that are too many, and those that are wanting', () => {
    expect(read('单价\t税率\t颜色\n5\t13%\t红')).toMatchObject({ leftOut: ['颜色'], absent: ['code'] })
  })
  it('turn percent into fractions exactly', () => {
    const rate = (text: string) => read(`A\t1\t${text}`).records[0]?.values.rate
    expect([rate('13%'), rate('6％'), rate('0.09'), rate('12.5%'), rate('100%')]).toEqual([
      '0.13',
      '0.06',
      '0.09',
      '0.125',
      '1',
    ])
  })
})

describe('a file', () => {
  const bytes = (...numbers: number[]) => new Uint8Array(numbers)
  it('is read in UTF-8, and in GB 18030 as Excel saves it', () => {
    expect(textOf(new TextEncoder().encode('编码'))).toEqual({ text: '编码' })
    expect(textOf(bytes(0xb1, 0xe0, 0xc2, 0xeb))).toEqual({ text: '编码' })
  })
  it('that is no text is refused by what it is', () => {
    expect(textOf(bytes(0x50, 0x4b, 3, 4, 0))).toEqual({ refused: 'workbook' })
    expect(textOf(bytes(1, 0, 2, 3))).toEqual({ refused: 'binary' })
    expect(textOf(bytes())).toEqual({ refused: 'empty' })
  })
})
