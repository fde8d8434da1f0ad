import { Input, Select } from 'antd'
import { type Field, operandOf, operandText, takesList, takesNothing } from '../../../../flow/condition'
import type { Row } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { useDesign, wordOf } from '../design'
import { DecimalInput } from './DecimalInput'

/** What a field is compared with, typed as its type wants it. */
export function ConditionValue({
  id,
  row,
  field,
  readOnly,
  onChange,
}: {
  id: string
  row: Row
  field: Field
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
  if ((field.type === 'money' || field.type === 'number') && !takesList(row.op))
    return (
      <DecimalInput
        id={`${id}.value`}
        label={t('design.value')}
        value={operandText(row.value)}
        readOnly={readOnly}
        onChange={number => onChange({ ...row, value: { number } })}
      />
    )
  const put = (text: string) => onChange({ ...row, value: operandOf(field.type, row.op, text) ?? { text } })
  return (
    <Input
      aria-label={t('design.value')}
      placeholder={t('design.value')}
      type={field.type === 'date' ? 'date' : 'text'}
      disabled={readOnly}
      // A list is typed with separators: it is read when the typing is over.
      {...(row.op === 'in' || row.op === 'not_in'
        ? { defaultValue: operandText(row.value), onBlur: event => put(event.target.value) }
        : { value: operandText(row.value), onChange: event => put(event.target.value) })}
      data-testid={`${id}.value`}
    />
  )
}
