import { Select } from 'antd'
import { asksPerson, walk } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign, wordOf } from '../design'
import { plainSources, usePartyOptions } from './people'
import { Field, type WidgetProps } from './SettingField'

/** `owner`, `{"role": "finance"}`, or any other source of people. */
export type Told = string | Record<string, unknown>

const LEVELS = [1, 2, 3] as const

/** `role:finance` for `{"role": "finance"}`; what has more to it stays as it is written. */
const written = (told: Told): string => {
  if (typeof told === 'string') return told
  const [kind, key] = Object.entries(told)[0] ?? []
  return typeof key === 'string' || typeof key === 'number' ? `${kind}:${key}` : JSON.stringify(told)
}

const read = (text: string): Told => {
  if (text.startsWith('{')) return JSON.parse(text)
  const at = text.indexOf(':')
  if (at < 0) return text
  const [kind, key] = [text.slice(0, at), text.slice(at + 1)]
  return { [kind]: kind === 'manager_chain' ? Number(key) : key }
}

/** Whoever is told: who owns the order, parties of the house, those found by the order, and the customer. */
export function ToldSelect({
  id,
  label,
  value,
  customer = false,
  placeholder,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  value: Told[]
  /** Whether the customer may be told here. */
  customer?: boolean
  placeholder?: string
  readOnly: boolean
  onChange: (value: Told[]) => void
}) {
  const { t, words } = useWords()
  const { doc, vocabulary } = useDesign()
  const parties = usePartyOptions()
  const named = (kind: string, name: string) => wordOf(vocabulary, `source.${kind}`).replace('{name}', name)
  const each = (kind: string, of: { value: string | number; label: string }[]) =>
    of.map(({ value: key, label: name }) => ({ value: `${kind}:${key}`, label: named(kind, name) }))
  const fields = (doc.fields as { field: string; name: { zh: string; en: string } }[]) ?? []
  const steps = walk(doc).filter(({ step }) => asksPerson(step))
  const byOrder = [
    ...(customer ? ['customer', 'owner'] : ['owner']).map(kind => ({
      value: kind,
      label: wordOf(vocabulary, `to.${kind}`),
    })),
    ...plainSources.map(kind => ({ value: kind as string, label: wordOf(vocabulary, `source.${kind}`) })),
    ...each(
      'manager_chain',
      LEVELS.map(level => ({ value: level, label: String(level) })),
    ),
    ...each('head_of', namesOf(vocabulary, 'department')),
    ...each(
      'same_as',
      steps.map(({ step }) => ({ value: step.id, label: words(step.name) })),
    ),
    ...each(
      'field',
      fields.map(({ field, name }) => ({ value: field, label: words(name) })),
    ),
  ]
  const offered = new Set(
    [...byOrder, ...parties.flatMap(group => group.options)].map(option => option.value),
  )
  // What is not offered and stands there all the same, such as a roster, is shown by what it is.
  const others = value.filter(told => typeof told !== 'string' && !offered.has(written(told)))
  const kindOf = (told: Told) => Object.keys(told)[0] ?? ''
  return (
    <Select
      mode="multiple"
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      placeholder={placeholder ?? t('design.choose_party')}
      disabled={readOnly}
      value={value.map(written)}
      onChange={(next: string[]) => onChange(next.map(read))}
      options={[
        {
          label: t('design.by_order'),
          title: 'other',
          options: [
            ...byOrder,
            ...others.map(told => ({
              value: written(told),
              label: t(`design.source.${kindOf(told)}`, { defaultValue: written(told) }),
            })),
          ],
        },
        ...parties,
      ]}
      data-testid={id}
    />
  )
}

export function NotifyField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <ToldSelect
        id={id}
        label={label}
        value={(value as Told[]) ?? []}
        customer
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}
