import type { Product } from '../../api/types'

type Unit = Product['units'][number]
type Substitute = Product['substitutes'][number]

/** The other units of a product in one line of text: `box=12, pallet=480`. */
export const unitsText = (units: Unit[]) =>
  units.map(({ unit, contains }) => `${unit}=${contains}`).join(', ')

/** What such a line says. What is no pair is handed on as it is: the server names it. */
export const unitsOf = (text: string): Unit[] => pairsOf(text).map(([unit, contains]) => ({ unit, contains }))

/** The substitutes of a product in one line of text, the preferred first: `P-2, P-3=2`. */
export const substitutesText = (substitutes: Substitute[]) =>
  substitutes
    .map(({ product, ratio }) => (!ratio || ratio === '1' ? product : `${product}=${ratio}`))
    .join(', ')

/** What such a line says; without a number as much replaces as much. */
export const substitutesOf = (text: string): Substitute[] =>
  pairsOf(text).map(([product, ratio]) => ({ product, ratio: ratio || null }))

const pairsOf = (text: string): [string, string][] =>
  text
    .split(/[,，、;；]/)
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => {
      const [name = '', value = ''] = part.split(/[=＝:：]/)
      return [name.trim(), value.trim()]
    })
