export const lineFields = ['product', 'unit', 'quantity', 'unit_price', 'requested_date'] as const
export type LineField = (typeof lineFields)[number]

export type DraftLine = Record<LineField, string> & {
  key: string
  name: string
  warehouse: string
  discount: string
  tax_rate: string
  tax_included: boolean
  extra: Record<string, unknown>
}

let serial = 0

export const blankLine = (): DraftLine => {
  serial += 1
  return {
    key: `l${Date.now().toString(36)}-${serial}`,
    name: '',
    warehouse: '',
    discount: '',
    tax_rate: '',
    tax_included: true,
    extra: {},
    product: '',
    unit: '',
    quantity: '',
    unit_price: '',
    requested_date: '',
  }
}

/** A part of a line; without a day it is wanted when the line is. */
export interface LinePart {
  quantity: string
  date?: string
}

export const split = (line: DraftLine, parts: LinePart[]): DraftLine[] =>
  parts.map(({ quantity, date }, i) => ({
    ...line,
    key: i === 0 ? line.key : blankLine().key,
    quantity,
    requested_date: date ?? line.requested_date,
  }))
