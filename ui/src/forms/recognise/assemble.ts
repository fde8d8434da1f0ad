/** From what the parts of a message say to order lines. */

import type { Span } from './paper'
import type { Item, Read, RecognisedLine, Said } from './recognise'

const emptyLine = (): RecognisedLine => ({
  words: '',
  at: null,
  why: 'unknown',
  goods: [],
  quantity: null,
  bare: false,
  unit: null,
  unit_price: null,
  requested_date: null,
})

export interface Assembled {
  lines: RecognisedLine[]
  /** A day that is said of no line in particular. */
  day: Read | null
  /** Places that were read and belong to nothing. */
  spare: Span[]
}

class Assembly {
  readonly lines: RecognisedLine[] = []
  readonly spare: Span[] = []
  day: Read | null = null
  private current: RecognisedLine | null = null
  /** Prices and days that come before the line they are about. */
  private ahead: Item[] = []

  private begin(): RecognisedLine {
    const line = emptyLine()
    this.lines.push(line)
    this.current = line
    for (const item of this.ahead) this.add(item)
    this.ahead = []
    return line
  }

  private goods(item: Item & { kind: 'goods' }) {
    const line = this.current && !this.current.at ? this.current : this.begin()
    Object.assign(line, { words: item.words, at: item.at, why: item.why, goods: item.goods })
  }

  private quantity(item: Item & { kind: 'quantity' }) {
    const { value, at, unit, bare } = item
    const amount = { quantity: { value, at }, unit, bare }
    if (item.each) {
      const open = this.lines.filter(line => line.at && !line.quantity)
      for (const line of open) Object.assign(line, amount)
      if (open.length) return
    }
    const line = this.current && !this.current.quantity ? this.current : this.begin()
    Object.assign(line, amount)
  }

  private add(item: Item) {
    if (item.kind === 'goods') this.goods(item)
    else if (item.kind === 'quantity') this.quantity(item)
    else {
      const field = item.kind === 'price' ? 'unit_price' : 'requested_date'
      if (!this.current) this.ahead.push(item)
      else if (this.current[field]) this.spare.push(item.at)
      else this.current[field] = { value: item.value, at: item.at }
    }
  }

  /** A day by itself is the day of the order, a price by itself that of the line before. */
  private aside(item: Item) {
    if (item.kind === 'price') {
      const last = this.lines.at(-1)
      if (last && !last.unit_price) last.unit_price = { value: item.value, at: item.at }
      else this.spare.push(item.at)
    } else if (this.day) this.spare.push(item.at)
    else if (item.kind === 'date') this.day = { value: item.value, at: item.at }
  }

  part({ items }: Said) {
    const about = items.some(item => item.kind === 'goods' || item.kind === 'quantity')
    if (!about) {
      for (const item of items) this.aside(item)
      return
    }
    // A product whose amount comes in the next part waits for it, unless that part names one itself.
    const waits = this.current?.at && !this.current.quantity
    if (!waits || items.some(item => item.kind === 'goods')) this.current = null
    for (const item of items) this.add(item)
    for (const item of this.ahead) this.aside(item)
    this.ahead = []
  }
}

/** `name` makes a product of loose words, when the part behind them turns out to be their amount. */
export function assemble(parts: Said[], name: (span: Span) => Item): Assembled {
  const assembly = new Assembly()
  parts.forEach(({ items }, i) => {
    const before = parts[i - 1]?.loose
    const amountOnly =
      items.some(item => item.kind === 'quantity') && !items.some(item => item.kind === 'goods')
    assembly.part({ items: before && amountOnly ? [name(before), ...items] : items, loose: null })
  })
  const { lines, day, spare } = assembly
  return { lines, day, spare }
}
