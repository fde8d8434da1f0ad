/** Conditions as rows and groups: what the builder shows and changes. The words for a condition come from the server. */
import type { Condition, LineTest, Operand, Row } from './doc'

export interface Field {
  name: string
  type: string
  label: string
  line: boolean
  may_be_empty: boolean
  /** The values of a closed choice. */
  options?: string[]
}

/** What can be asked of a field, by its type; the most used first. */
export const operators: Record<string, readonly string[]> = {
  money: ['ge', 'gt', 'le', 'lt', 'eq', 'ne', 'deviates', 'is_empty', 'not_empty'],
  number: ['ge', 'gt', 'le', 'lt', 'eq', 'ne', 'deviates', 'is_empty', 'not_empty'],
  date: [
    'ge',
    'gt',
    'le',
    'lt',
    'eq',
    'ne',
    'within_working_days',
    'is_working_day',
    'not_working_day',
    'is_empty',
    'not_empty',
  ],
  text: [
    'eq',
    'ne',
    'contains',
    'not_contains',
    'starts_with',
    'in',
    'not_in',
    'like',
    'not_like',
    'is_empty',
    'not_empty',
  ],
  choice: ['eq', 'ne', 'in', 'not_in', 'is_empty', 'not_empty'],
  bool: ['eq'],
  member: ['eq', 'ne', 'under', 'not_under', 'in', 'not_in', 'is_empty', 'not_empty'],
  tags: ['includes', 'not_includes', 'is_empty', 'not_empty'],
}
export const isEmptiness = (op: string) => op === 'is_empty' || op === 'not_empty'
export const takesNothing = (op: string) =>
  isEmptiness(op) || op === 'is_working_day' || op === 'not_working_day'
export const takesList = (op: string) =>
  ['in', 'not_in', 'includes', 'not_includes', 'under', 'not_under'].includes(op)
/** Whether a saved list can stand in place of one that is written out. */
export const takesSet = (field: Field, op: string) =>
  takesList(op) && field.type !== 'money' && field.type !== 'number' && field.type !== 'date'
/** What a number can be compared with that is worked out from another field. */
export const takesFormula = (field: Field, op: string) =>
  (field.type === 'money' || field.type === 'number') && ['ge', 'gt', 'le', 'lt', 'eq', 'ne'].includes(op)

/** The key of the word for an operator. */
export function operatorWord(op: string, type: string): string {
  if (type === 'date') return { ge: 'not_before', gt: 'after', le: 'not_after', lt: 'before' }[op] ?? op
  if ((type === 'choice' || type === 'member') && op === 'eq') return 'is'
  if ((type === 'choice' || type === 'member') && op === 'ne') return 'is_not'
  return op
}

const scalar = (type: string, text: string): Operand => {
  const number = text.replaceAll(',', '').trim()
  // A document that holds half a value could not be read: a new row begins with one that is whole.
  if (type === 'money' || type === 'number') return { number: /^-?\d+(\.\d+)?$/.test(number) ? number : '0' }
  if (type === 'date')
    return { date: /^\d{4}-\d\d-\d\d$/.test(text) ? text : new Date().toISOString().slice(0, 10) }
  if (type === 'bool') return { bool: text === 'true' }
  return { text }
}

/** What is typed as the value of a row. */
export function operandOf(type: string, op: string, text: string): Operand | undefined {
  if (takesNothing(op)) return undefined
  if (op === 'within_working_days') return scalar('number', text)
  if (op === 'deviates') return { deviation: { from: '', percent: /^\d+(\.\d+)?$/.test(text) ? text : '0' } }
  if (takesList(op))
    return {
      list: text
        .split(/[,\uFF0C\u3001]/)
        .map(each => each.trim())
        .filter(Boolean)
        .map(each => scalar(type, each)),
    }
  return scalar(type, text)
}

/** The value of a row as it is typed. */
export function operandText(operand: Operand | undefined): string {
  if (!operand) return ''
  if ('deviation' in operand) return operand.deviation.percent
  if ('formula' in operand) return operand.formula.plus ?? ''
  if ('list' in operand) return operand.list.map(operandText).join(', ')
  return String(Object.values(operand)[0] ?? '')
}

/** What can come of a step that waits, by its type. */
export const outcomes: Record<string, string[]> = {
  review: ['approve', 'reject', 'return'],
  task: ['approve', 'return'],
  customer_confirmation: ['accepted', 'declined', 'lapsed'],
  delay: ['done', 'failed'],
  wait_event: ['done', 'timed_out'],
  connector_call: ['done', 'failed'],
  subflow: ['done', 'failed'],
}
/** The key of the word for a value of a closed choice. */
export const optionWord = (field: Field, option: string) =>
  `value.${field.name.startsWith('result:') ? 'result' : field.name}.${option}`

export const emptyRow = (field: Field): Condition => ({
  row: {
    field: field.name,
    op: operators[field.type]?.[0] ?? 'eq',
    value:
      field.type === 'bool' ? { bool: true } : operandOf(field.type, operators[field.type]?.[0] ?? 'eq', ''),
    ...(field.may_be_empty && { when_empty: false }),
  },
})

/** A row about another field, or with another question: the value stays where it still fits. */
export function changedRow(row: Row, next: { field?: Field; op?: string }, known: Field): Row {
  const field = next.field ?? known
  const allowed = operators[field.type] ?? ['eq']
  const op = next.op ?? (allowed.includes(row.op) ? row.op : (allowed[0] ?? 'eq'))
  const text = operandText(row.value)
  const saved = row.value && 'set' in row.value && takesSet(field, op) ? row.value : undefined
  const value =
    saved ?? (field.type === 'bool' ? { bool: text !== 'false' } : operandOf(field.type, op, text))
  const { value: _, when_empty: __, ...rest } = row
  return {
    ...rest,
    field: field.name,
    op,
    ...(value && { value }),
    ...(field.may_be_empty && !isEmptiness(op) && { when_empty: row.when_empty ?? false }),
  }
}

/** The group that a builder edits: what is no group becomes a group of one. */
export function asGroup(condition: Condition | undefined): { all: boolean; items: Condition[] } {
  if (!condition) return { all: true, items: [] }
  if ('all' in condition) return { all: true, items: condition.all }
  if ('any' in condition) return { all: false, items: condition.any }
  return { all: true, items: [condition] }
}

/** The condition of a group; none of an empty one. A group of one says what its one row says. */
export function ofGroup(all: boolean, items: Condition[]): Condition | undefined {
  const [one] = items
  if (!one) return undefined
  if (items.length === 1) return one
  return all ? { all: items } : { any: items }
}

export const lineTests = ['any', 'all', 'none', 'count', 'sum', 'distinct'] as const
export const emptyLines = (quantifier: string, before?: LineTest): Condition => {
  const matching = before?.matching ?? { all: [] }
  if (quantifier === 'any' || quantifier === 'all' || quantifier === 'none')
    return { lines: { quantifier, matching } }
  const counted =
    quantifier === 'count' ? {} : { field: before?.field ?? (quantifier === 'sum' ? 'amount' : 'product') }
  const kept = before?.matching && asGroup(before.matching).items.length ? { matching } : {}
  return { lines: { quantifier, ...counted, ...kept, op: before?.op ?? 'ge', value: before?.value ?? '1' } }
}

/** How many rows a condition has. */
export const countRows = (condition: Condition | undefined): number => {
  if (!condition) return 0
  if ('all' in condition || 'any' in condition)
    return asGroup(condition).items.reduce((sum, item) => sum + countRows(item), 0)
  return 1
}
export const ROWS_MAX = 20
