import type { Line, Order } from '../../../api/types'

/** Quantities are counted in thousandths, so that no float is added up. */
const milli = (text: string | null) => Math.round(Number(text ?? 0) * 1000)

/** What of a line has not left yet. */
export const leftOf = (line: Line) =>
  String(Math.max(0, milli(counted(line).quantity) - milli(line.shipped)) / 1000)

/** A line as the warehouse counts it: in the product's own unit. */
export const counted = (line: Line) => ({
  quantity: line.base_quantity ?? line.quantity,
  unit: line.base_unit ?? line.unit,
})

/** The revision that was confirmed last, and its lines: what may leave while a change is under review. */
export const firm = (order: Order) => ({
  revision: order.standing?.revision ?? order.revision,
  lines: order.standing?.lines ?? order.lines,
})

export interface Leaving {
  quantity?: string
  warehouse?: string
}

/** The lines of a shipment: those of which something leaves, in their order. */
export const linesOf = (lines: Line[], typed: Record<string, Leaving>) =>
  lines.flatMap(line => {
    const { quantity, warehouse } = typed[line.id] ?? {}
    if (!quantity?.trim() || Number(quantity) === 0) return []
    return [
      { line: line.id, quantity: quantity.trim(), ...(warehouse?.trim() && { warehouse: warehouse.trim() }) },
    ]
  })
