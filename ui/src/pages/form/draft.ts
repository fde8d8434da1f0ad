import type { FormCondition, FormField } from '../../api/settings'
import type { Values } from '../../forms/Fields'

export const types = [
  'text',
  'long_text',
  'number',
  'money',
  'date',
  'bool',
  'choice',
  'choices',
  'email',
  'phone',
] as const

/** Fields of the order itself that a condition may look at; the server knows no others. */
export const conditionFields = [
  'order_type',
  'customer',
  'currency',
  'payment_terms',
  'payment_method',
  'invoice.kind',
]

export const blankField = (type: string): FormField => ({
  field: '',
  name: { zh: '', en: '' },
  type,
  options: [],
  line: false,
  group: { zh: '', en: '' },
  hint: { zh: '', en: '' },
  required: false,
  required_when: [],
  default: null,
  formula: null,
  visible_to: [],
})

export const listed = (text: string) =>
  text
    .split(/[\n,，、;；]/)
    .map(part => part.trim())
    .filter(Boolean)

/** A field as people type it, and back. */
export const typed = (field: FormField): Values => ({
  field: field.field,
  type: field.type,
  name_zh: field.name.zh,
  name_en: field.name.en,
  group_zh: field.group.zh,
  group_en: field.group.en,
  hint_zh: field.hint.zh,
  hint_en: field.hint.en,
  options: field.options.join('\n'),
  default: Array.isArray(field.default) ? field.default.join('\n') : String(field.default ?? ''),
  formula: field.formula ?? '',
  visible_to: field.visible_to.join('\n'),
  place: field.line ? 'line' : 'order',
  required: field.required_when.length ? 'when' : field.required ? 'always' : 'no',
})

function defaultOf(type: string, text: string): unknown {
  if (!text.trim()) return null
  if (type === 'bool') return text.trim() === 'true'
  return type === 'choices' ? listed(text) : text.trim()
}

/** Only numbers are worked out, and what is worked out is asked of nobody. */
export const isWorkedOut = (values: Values) =>
  (values.type === 'number' || values.type === 'money') && Boolean(values.formula?.trim())

export function fieldOf(values: Values, conditions: Values[]): FormField {
  const text = (name: string) => values[name]?.trim() ?? ''
  const words = (name: string) => ({ zh: text(`${name}_zh`), en: text(`${name}_en`) || text(`${name}_zh`) })
  const type = text('type')
  const chosen = type === 'choice' || type === 'choices'
  const worked = isWorkedOut(values)
  const asked = worked ? 'no' : text('required')
  const when = asked === 'when'
  return {
    field: text('field'),
    type,
    name: words('name'),
    group: words('group'),
    hint: words('hint'),
    options: chosen ? listed(values.options ?? '') : [],
    default: defaultOf(type, worked ? '' : (values.default ?? '')) as FormField['default'],
    formula: worked ? text('formula') : null,
    visible_to: listed(values.visible_to ?? ''),
    line: text('place') === 'line',
    required: asked !== 'no',
    required_when: when ? conditions.map(conditionOf) : [],
  }
}

export const typedCondition = ({ field, is }: FormCondition): Values => ({ field, is: is.join('\n') })
const conditionOf = (values: Values): FormCondition => ({
  field: values.field ?? '',
  is: listed(values.is ?? ''),
})

const INDEX = /^items\[(\d+)\]/

/** Which field of the form a fault is about. */
export const faultyAt = (path: string) => {
  const found = INDEX.exec(path)
  return found ? Number(found[1]) : null
}
