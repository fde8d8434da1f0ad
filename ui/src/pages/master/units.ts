import type { Product } from '../../api/types'

type Unit = Product['units'][number]

/** The other units of a product in one line of text: `box=12, pallet=480`. */
export const unitsText = (units: Unit[]) =>
  units.map(({ unit, contains }) => `${unit}=${contains}`).join(', ')

/** What such a line says. What is no pair is handed on as it is: the server names it. */
export const unitsOf = (text: string): Unit[] =>
  text
    .split(/[,，、;；]/)
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => {
      const [unit = '', contains = ''] = part.split(/[=＝:：]/)
      return { unit: unit.trim(), contains: contains.trim() }
    })
