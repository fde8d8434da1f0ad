import type { Text } from '../api/types'
import type { Translate } from './time'

/** A field of an order that is not what it was. */
export interface Difference {
  path: string
  /** As the server calls it. */
  label?: Text
  before: unknown
  after: unknown
}

type Code = (group: string, value: string) => string
type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

/** Fields that the company has added come all together where there were none before: each is a difference of its own. */
export const spread = (all: Difference[]): Difference[] =>
  all.flatMap(difference => {
    const { path, before, after } = difference
    if (!/(^|\.)extra$/.test(path)) return [difference]
    const [was, is] = [fieldsOf(before) ?? {}, fieldsOf(after) ?? {}]
    const names = new Set([...Object.keys(was), ...Object.keys(is)])
    const each = [...names].map(name => ({ path: `${path}.${name}`, before: was[name], after: is[name] }))
    // What is kept back is there in name only.
    return each.filter(({ before, after }) => (before ?? null) !== (after ?? null))
  })

const CUSTOM = /^(?:lines\[(\d+)\]\.)?extra\.(.+)$/
/** A field that the company has added, by its name, and in which line it is, counted from 1. */
export function customOf(path: string): { field: string; line?: number } | null {
  const [, at, field] = CUSTOM.exec(path) ?? []
  if (!field) return null
  return at === undefined ? { field } : { field, line: Number(at) + 1 }
}

/** Fields whose values are codes. */
const CODED = ['invoice.kind', 'payment_method', 'payment_terms', 'order_type', 'channel']

function line(value: Fields): string {
  const asked = `${value.product ?? '–'} × ${value.quantity ?? '–'} ${value.unit ?? ''}`.trim()
  const price = value.unit_price && `@ ${value.unit_price}`
  return [asked, price, value.discount && `−${value.discount} %`, value.requested_date]
    .filter(Boolean)
    .join(' ')
}

/** A clause with the version that it was agreed in. */
export const clauseName = (code: string, version: number | null | undefined, t: Translate) =>
  version ? t('clause.of_order', { code, version }) : code

function clause(value: unknown, t: Translate): string {
  const { code, version, text } = fieldsOf(value) ?? {}
  const named = clauseName(String(code), version as number | undefined, t)
  return text ? t('clause.departing', { clause: named, text: String(text) }) : named
}

/** Stands for a field that holds nothing. */
export const NOTHING = '–'

/** What a field holds, in words; of a whole line what it asks for. */
export function shown(value: unknown, path: string, t: Translate, code: Code): string {
  if (value === null || value === undefined || value === '') return NOTHING
  if (typeof value === 'boolean') return t(value ? 'form_field.yes' : 'form_field.no')
  if (Array.isArray(value)) {
    if (!value.length) return NOTHING
    const words = path === 'clauses' ? value.map(each => clause(each, t)) : value.map(String)
    return words.join(t('form_field.and'))
  }
  const fields = fieldsOf(value)
  if (!fields) {
    if (/(^|\.)discount$/.test(path)) return `${value} %`
    return CODED.includes(path) ? code(path, String(value)) : String(value)
  }
  if (path === 'delivery_terms') return [fields.code, fields.place].filter(Boolean).join(' ')
  if (fields.id && ('product' in fields || 'quantity' in fields)) return line(fields)
  return JSON.stringify(value)
}
