import type { TaskQuery } from '../../api/types'

/** By when something is due, as words that stay true from day to day. */
export const terms = ['overdue', 'today', 'week'] as const
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** What a queue of tasks can be asked for. */
export const filters = [
  'step',
  'customer',
  'amount_from',
  'amount_to',
  'currency',
  'due',
  'warehouse',
  'department',
] as const satisfies readonly (keyof TaskQuery)[]
export type Filter = (typeof filters)[number]
export type TaskFilter = { [key in Filter]?: string }

/** What an address asks for; what means nothing is left out. */
export function filterOf(search: Record<string, unknown>): TaskFilter {
  const said = filters.flatMap(key => {
    const value = search[key]
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    return text && (key !== 'due' || isTerm(text) || DAY.test(text)) ? [[key, text] as const] : []
  })
  return Object.fromEntries(said)
}

export const isTerm = (due: string) => terms.some(term => term === due)

/** How many of the fields hold something, an amount with its ends as one. */
export const askedFor = (filter: TaskFilter) =>
  new Set(Object.keys(filterOf(filter)).map(key => (/^(amount|currency)/.test(key) ? 'amount' : key))).size
