/** What becomes of recognised lines: which are taken, and as what. */
import type { DraftLine, HeadField } from '../order/draft'
import type { Recognised, RecognisedLine } from './recognise'
import { type Goods, WORDS_FIELD } from './vocabulary'

export type Certainty = 'sure' | 'look' | 'choose'
export type Chosen = Pick<Goods, 'code'> & Partial<Goods>

/** What a person decided about a line, under the words and the place it was read from. */
export interface Decisions {
  product: Record<string, string>
  tick: Record<string, boolean>
}
export const keyOf = (line: RecognisedLine) => `${line.at?.from ?? line.quantity?.at.from ?? 0}:${line.words}`

export function chosenFor(line: RecognisedLine, { product }: Decisions): Chosen | null {
  const code = product[keyOf(line)]
  if (code) return line.goods.find(each => each.code === code) ?? { code }
  return line.goods.length === 1 ? (line.goods[0] ?? null) : null
}

export function certaintyOf(line: RecognisedLine, chosen: Chosen | null): Certainty {
  if (!chosen || !line.quantity) return 'choose'
  const settled = line.goods.length !== 1 || chosen.code !== line.goods[0]?.code || line.why !== 'close'
  return settled && !line.bare ? 'sure' : 'look'
}

/** How the product is known, or what is missing; each has words of its own. */
export function whyOf(line: RecognisedLine, chosen: Chosen | null) {
  if (chosen && !line.quantity) return 'no_quantity'
  const suggested = line.goods.length === 1 && chosen?.code === line.goods[0]?.code
  return chosen && !suggested ? 'chosen' : line.why
}

/** Nothing is taken that is still open. */
export const isTicked = (line: RecognisedLine, decisions: Decisions) =>
  certaintyOf(line, chosenFor(line, decisions)) !== 'choose' && (decisions.tick[keyOf(line)] ?? true)

/** The lines as they go into the order. Words that are no code are kept, so that they are understood next time. */
export function linesOf({ lines }: Recognised, decisions: Decisions): Partial<DraftLine>[] {
  return lines
    .filter(line => isTicked(line, decisions))
    .map(line => {
      const chosen = chosenFor(line, decisions)
      return {
        product: chosen?.code ?? '',
        name: chosen?.name ?? '',
        quantity: line.quantity?.value ?? '',
        unit: line.unit?.value ?? chosen?.unit ?? '',
        unit_price: line.unit_price?.value ?? '',
        requested_date: line.requested_date?.value ?? '',
        ...(line.words && line.why !== 'code' && { extra: { [WORDS_FIELD]: line.words } }),
      }
    })
}

/** Fields that are empty are filled; what stands there already is only replaced when somebody says so. */
export function headOf(
  { head }: Recognised,
  now: Record<HeadField, string>,
  ticks: Partial<Record<HeadField, boolean>>,
): Partial<Record<HeadField, string>> {
  const taken = Object.entries(head).filter(
    ([field]) => ticks[field as HeadField] ?? !now[field as HeadField],
  )
  return Object.fromEntries(taken.map(([field, { value }]) => [field, value]))
}
