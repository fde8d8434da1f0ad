import { Input, Select } from 'antd'
import {
  type Field,
  operandOf,
  operandText,
  optionWord,
  takesFormula,
  takesList,
  takesNothing,
  takesSet,
} from '../../../../flow/condition'
import type { Row } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign, wordOf } from '../design'
import { DecimalInput } from './DecimalInput'

/** What a field is compared with, typed as its type wants it. */
export function ConditionValue({
  id,
  row,
  field,
  fields,
  readOnly,
  onChange,
}: {
  id: string
  row: Row
  field: Field
  fields: Field[]
  readOnly: boolean
  onChange: (row: Row) => void
}) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  if (takesNothing(row.op)) return null
  if (field.type === 'bool')
    return (
      <Select
        aria-label={t('design.value')}
        disabled={readOnly}
        value={operandText(row.value) || 'true'}
        onChange={text => onChange({ ...row, value: { bool: text === 'true' } })}
        options={['true', 'false'].map(each => ({
          value: each,
          label: wordOf(vocabulary, each === 'true' ? 'yes' : 'no'),
        }))}
        data-testid={`${id}.value`}
      />
    )
  const numbers = fields.filter(each => each.type === 'money' || each.type === 'number')
  const decimal = (name: string, value: string, put: (number: string) => void) => (
    <DecimalInput
      id={`${id}.${name}`}
      label={t(`design.${name}`)}
      value={value}
      readOnly={readOnly}
      onChange={put}
    />
  )
  const base = (value: string, put: (field: string) => void) => (
    <Select
      aria-label={t('design.base')}
      placeholder={t('design.base')}
      disabled={readOnly}
      value={value || undefined}
      onChange={put}
      options={numbers.map(each => ({ value: each.name, label: each.label }))}
      data-testid={`${id}.base`}
    />
  )
  if (row.op === 'deviates') {
    const { from, percent } =
      row.value && 'deviation' in row.value ? row.value.deviation : { from: '', percent: '0' }
    return (
      <>
        {base(from, next => onChange({ ...row, value: { deviation: { from: next, percent } } }))}
        {decimal('percent', percent, next =>
          onChange({ ...row, value: { deviation: { from, percent: next } } }),
        )}
      </>
    )
  }
  if (takesFormula(field, row.op)) {
    const formula = row.value && 'formula' in row.value ? row.value.formula : null
    const named = row.value && 'field' in row.value ? { field: row.value.field } : formula
    const of = (next: object) => onChange({ ...row, value: { formula: { field: '', ...named, ...next } } })
    return (
      <>
        <Select
          aria-label={t('design.value_kind')}
          disabled={readOnly}
          value={named ? 'formula' : 'constant'}
          onChange={kind =>
            kind === 'formula'
              ? of({ field: numbers.find(each => each.name !== field.name)?.name ?? field.name })
              : onChange({ ...row, value: { number: '0' } })
          }
          options={['constant', 'formula'].map(each => ({ value: each, label: t(`design.value_${each}`) }))}
          data-testid={`${id}.kind`}
        />
        {named ? (
          <>
            {base(named.field, next => of({ field: next }))}
            {decimal('times', formula?.times ?? '1', times => of({ times }))}
            {decimal('plus', formula?.plus ?? '0', plus => of({ plus }))}
          </>
        ) : (
          decimal('value', operandText(row.value), number => onChange({ ...row, value: { number } }))
        )}
      </>
    )
  }
  if (row.op === 'within_working_days')
    return decimal('value', operandText(row.value), number => onChange({ ...row, value: { number } }))
  if (field.options?.length && !takesList(row.op))
    return (
      <Select
        aria-label={t('design.value')}
        disabled={readOnly}
        value={operandText(row.value) || undefined}
        onChange={text => onChange({ ...row, value: { text } })}
        options={field.options.map(each => ({
          value: each,
          label: wordOf(vocabulary, optionWord(field, each)),
        }))}
        data-testid={`${id}.value`}
      />
    )
  const put = (text: string) => onChange({ ...row, value: operandOf(field.type, row.op, text) ?? { text } })
  const sets = namesOf(vocabulary, 'set')
  const saved = row.value && 'set' in row.value ? row.value.set : undefined
  const typed = (
    <Input
      aria-label={t('design.value')}
      placeholder={t('design.value')}
      type={field.type === 'date' ? 'date' : 'text'}
      disabled={readOnly}
      // A list is typed with separators: it is read when the typing is over.
      {...(takesList(row.op)
        ? { defaultValue: operandText(row.value), onBlur: event => put(event.target.value) }
        : { value: operandText(row.value), onChange: event => put(event.target.value) })}
      data-testid={`${id}.value`}
    />
  )
  if (!takesSet(field, row.op) || (sets.length === 0 && saved === undefined)) return typed
  return (
    <>
      <Select
        aria-label={t('design.value_kind')}
        disabled={readOnly}
        value={saved === undefined ? 'constant' : 'set'}
        onChange={kind =>
          onChange({ ...row, value: kind === 'set' ? { set: sets[0]?.value ?? '' } : { list: [] } })
        }
        options={['constant', 'set'].map(each => ({ value: each, label: t(`design.value_${each}`) }))}
        data-testid={`${id}.kind`}
      />
      {saved === undefined ? (
        typed
      ) : (
        <Select
          aria-label={t('design.value')}
          disabled={readOnly}
          value={saved}
          onChange={set => onChange({ ...row, value: { set } })}
          options={sets}
          data-testid={`${id}.set`}
        />
      )}
    </>
  )
}
