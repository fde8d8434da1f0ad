import { asProblem } from '../api/problem'
import type { Lang } from '../i18n'
import { wordsIn } from '../i18n'

/** What the server found wrong in a body, by the field it names, as the form knows the field. */
export type Faults = Map<string, string>

/** `items[0].quantity` is the field `quantity` of a form that sends one item. */
const fieldOf = (path: string) => path.replace(/^items\[\d+\]\.?/, '')

/** At a field its path need not be said once more. */
const saying = (text: string, path: string) =>
  text.startsWith(path) ? text.slice(path.length).replace(/^[:：]\s*/, '') : text

export function faultsIn(error: unknown, lang: Lang): Faults {
  const faults: Faults = new Map()
  if (!error) return faults
  for (const { path, message } of asProblem(error).findings) {
    const field = fieldOf(path)
    const text = saying(wordsIn(message, lang), path)
    const before = faults.get(field)
    faults.set(field, before ? `${before} ${text}` : text)
  }
  return faults
}

type Values = Record<string, string>

/** What was typed, without what was left empty. */
export const given = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))

/** What differs from before: the server keeps what is left out, and clears what is sent empty. */
export const changed = (before: Values, after: Values): Values =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => value.trim() !== (before[name] ?? '')))
