/** Records out of cells that were copied from a spreadsheet, with a fault named for every cell that is wrong. */
import { parseBlock } from '../lines/block'
import { decimalOf } from '../lines/values'

export interface SheetColumn {
  name: string
  /** What the header of the column may say. */
  words: string[]
  required?: boolean
  kind?: 'text' | 'number' | 'rate' | 'one' | 'several'
  /** For `one` and `several`: the word that is sent, and what people write for it. */
  choices?: { value: string; words: string[] }[]
}
export type SheetFaultKind =
  | 'missing'
  | 'no_number'
  | 'no_choice'
  | 'twice'
  | 'garbled'
  | 'open_quote'
  | 'formula_error'
export interface SheetFault {
  /** The row of the sheet, from one. */
  row: number
  column: string
  text: string
  kind: SheetFaultKind
}
export interface SheetRecord {
  row: number
  /** One value each; several are joined by commas. */
  values: Record<string, string>
}
export interface Sheet {
  records: SheetRecord[]
  faults: SheetFault[]
  /** Headers that no column goes by. */
  leftOut: string[]
  /** Columns that the header does not have and every record needs. */
  absent: string[]
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\s*\uff0a]+/g, ' ')
    .trim()

/** Cells copied from a spreadsheet have tabs; a file of commas or semicolons has them in its first line. */
export function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  return text.includes('\t') ? '\t' : first.includes(';') ? ';' : ','
}

function headOf(row: string[], columns: SheetColumn[]): (SheetColumn | null)[] | null {
  const named = row.map(text => columns.find(column => column.words.includes(plain(text))) ?? null)
  return named.filter(Boolean).length >= Math.min(2, columns.length) ? named : null
}

const choiceOf = (text: string, { choices = [] }: SheetColumn) =>
  choices.find(({ value, words }) => value === plain(text) || words.some(word => plain(word) === plain(text)))
    ?.value ?? null

/** `13%` → `0.13`, without the errors of binary fractions. */
function rateOf(text: string): string | null {
  const [, percent] = /^(.*)[%\uff05]$/.exec(text.trim()) ?? []
  const number = decimalOf(percent ?? text)
  if (number === null || percent === undefined) return number
  const [whole = '', fraction = ''] = number.split('.')
  const digits = whole.padStart(3, '0')
  return `${digits.slice(0, -2).replace(/^0+(?=\d)/, '')}.${digits.slice(-2)}${fraction}`
    .replace(/0+$/, '')
    .replace(/\.$/, '')
}

type Value = { value: string } | { kind: SheetFaultKind }

function cellOf(text: string, column: SheetColumn): Value {
  if (!text) return column.required ? { kind: 'missing' } : { value: '' }
  if (column.kind === 'number' || column.kind === 'rate') {
    const value = column.kind === 'rate' ? rateOf(text) : decimalOf(text)
    return value === null ? { kind: 'no_number' } : { value }
  }
  if (column.kind === 'one') {
    const value = choiceOf(text, column)
    return value === null ? { kind: 'no_choice' } : { value }
  }
  if (column.kind === 'several') {
    const values = text.split(/[,;/\u3001\uff0c\uff1b]/).map(each => choiceOf(each, column))
    return values.includes(null) ? { kind: 'no_choice' } : { value: values.join(',') }
  }
  return { value: text }
}

/** `key` names the columns that tell records apart. */
export function readSheet(text: string, columns: SheetColumn[], key: string[]): Sheet {
  const sheet: Sheet = { records: [], faults: [], leftOut: [], absent: [] }
  if (!text.trim()) return sheet
  const { rows, faults } = parseBlock(text.replace(/^\ufeff/, ''), separatorOf(text))
  const head = headOf(rows[0] ?? [], columns)
  const order = head ?? columns
  if (head) {
    sheet.leftOut = (rows[0] ?? []).filter((name, i) => name && !head[i])
    sheet.absent = columns.filter(each => each.required && !head.includes(each)).map(each => each.name)
  }
  const nameAt = (column: number) => order[column]?.name ?? ''
  for (const fault of faults) {
    const column = nameAt(fault.column - 1)
    if (column) sheet.faults.push({ row: fault.row, column, text: fault.text, kind: fault.kind })
  }
  const broken = new Set(sheet.faults.map(({ row, column }) => `${row}.${column}`))
  const seen = new Set<string>()
  rows.forEach((cells, i) => {
    if ((head && i === 0) || cells.every(cell => cell === '')) return
    const row = i + 1
    const values: Record<string, string> = {}
    order.forEach((column, at) => {
      if (!column || broken.has(`${row}.${column.name}`)) return
      const read = cellOf(cells[at] ?? '', column)
      if ('value' in read) values[column.name] = read.value
      else sheet.faults.push({ row, column: column.name, text: cells[at] ?? '', kind: read.kind })
    })
    const name = key.map(each => values[each]).join(' ')
    if (name.trim() && seen.has(name))
      sheet.faults.push({ row, column: key[0] ?? '', text: name, kind: 'twice' })
    seen.add(name)
    sheet.records.push({ row, values })
  })
  sheet.faults.sort((one, two) => one.row - two.row)
  return sheet
}
