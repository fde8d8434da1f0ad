import { Select } from 'antd'
import { useWords } from '../../../../i18n'
import { Field } from './SettingField'

/** Any number of what is offered. */
export function Several({
  id,
  label,
  value,
  options,
  placeholder,
  search,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  value: string[]
  options: { value: string; label: string }[]
  placeholder?: string
  /** Many are offered: they are found by typing. */
  search?: boolean
  readOnly?: boolean
  onChange: (value: string[]) => void
}) {
  const { t } = useWords()
  return (
    <Field label={label}>
      <Select
        mode="multiple"
        showSearch={search && { optionFilterProp: 'label' }}
        aria-label={label}
        placeholder={placeholder ?? t('design.not_set')}
        disabled={readOnly}
        value={value}
        onChange={onChange}
        options={options}
        data-testid={id}
      />
    </Field>
  )
}
