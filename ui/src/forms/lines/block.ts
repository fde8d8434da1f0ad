import type { LineField } from '../order/draft'
import { lineFields } from '../order/draft'
import columns from './columns.json'

/** What is wrong with a pasted cell. Rows and columns count from one, as the sheet they came from does. */
export interface CellFault {
  row: number
  column: number
  text: string
  kind: 'open_quote' | 'garbled' | 'formula_error'
}
/** A column that has no place on the form. */
export interface ColumnLeftOut {
  column: number
  text: string
}
export interface Block {
  rows: string[][]
  faults: CellFault[]
}
/** A block sorted to the fields of a line. */
export interface Sorted {
  rows: Partial<Record<LineField, string>>[]
  /** The row of the pasted block each of them was. */
  from: number[]
  leftOut: ColumnLeftOut[]
  faults: CellFault[]
}

interface Cells {
  rows: string[][]
  /** The row and column of a quote that nothing closes. */
  open: [row: number, column: number] | null
}

function cellsOf(source: string, separator: string, quotes: boolean): Cells {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted: [number, number] | null = null
  for (let i = 0; i < source.length; i++) {
    const char = source[i]
    if (quoted) {
      if (char !== '"') cell += char
      else if (source[i + 1] === '"') {
        cell += '"'
        i += 1
      } else quoted = null
    } else if (quotes && char === '"' && cell === '') quoted = [rows.length, row.length]
    else if (char === separator || char === '\n') {
      row.push(cell.trim())
      cell = ''
      if (char === '\n') {
        rows.push(row)
        row = []
      }
    } else cell += char
  }
  row.push(cell.trim())
  rows.push(row)
  return { rows, open: quoted }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const GARBLED = /[\ufffd\u0000-\u0008\u000e-\u001f]/
const FORMULA_ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/i

function faultsIn(rows: string[][], open: Cells['open']): CellFault[] {
  const faults: CellFault[] = []
  rows.forEach((cells, row) => {
    cells.forEach((text, column) => {
      const kind =
        open?.[0] === row && open[1] === column
          ? 'open_quote'
          : GARBLED.test(text)
            ? 'garbled'
            : FORMULA_ERROR.test(text)
              ? 'formula_error'
              : null
      if (kind) faults.push({ row: row + 1, column: column + 1, text, kind })
    })
  })
  return faults
}

/**
 * Rows and cells of a block copied from a spreadsheet: tabs between cells, quotes around cells with breaks; a file
 * may have another mark between cells.
 * A quote that nothing closes would swallow the rest, so then quotes are read as they stand, and it is named.
 */
export function parseBlock(text: string, separator = '\t'): Block {
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  const read = cellsOf(source, separator, true)
  const { rows } = read.open ? cellsOf(source, separator, false) : read
  return { rows, faults: faultsIn(rows, read.open) }
}

export const isBlock = (text: string) => /[\t\n]/.test(text.replace(/\r?\n$/, ''))

type Column = keyof typeof columns
const columnOf = (text: string): Column | null => {
  const plain = text.toLowerCase().replace(/\s+/g, ' ').trim()
  return (Object.keys(columns) as Column[]).find(column => columns[column].includes(plain)) ?? null
}

/** The columns that the first row names; null when it names none. */
function headOf(row: string[] | undefined): (Column | null)[] | null {
  const named = row?.map(columnOf) ?? []
  return named.filter(Boolean).length >= 2 ? named : null
}

const isField = (column: Column | null): column is LineField => lineFields.some(field => field === column)

/** Sorts a block to the fields of a line: by its header row if it has one, otherwise from the cell it is put at. */
export function sortBlock({ rows, faults }: Block, at: LineField): Sorted {
  const head = headOf(rows[0])
  const start = lineFields.indexOf(at)
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const fields = Array.from({ length: width }, (_, i) =>
    head ? (isField(head[i] ?? null) ? (head[i] as LineField) : null) : (lineFields[start + i] ?? null),
  )
  const sorted: Sorted = { rows: [], from: [], leftOut: [], faults }
  rows.forEach((row, i) => {
    if ((head && i === 0) || row.every(text => text === '')) return
    const line: Partial<Record<LineField, string>> = {}
    row.forEach((text, column) => {
      const field = fields[column]
      if (field) line[field] = text
    })
    sorted.rows.push(line)
    sorted.from.push(i + 1)
  })
  fields.forEach((field, column) => {
    const text = rows.map(row => row[column]).find(Boolean)
    // The name and the amount follow from the product and the price.
    const known = head?.[column] === 'name' || head?.[column] === 'amount'
    if (!field && text && !known) sorted.leftOut.push({ column: column + 1, text })
  })
  return sorted
}
