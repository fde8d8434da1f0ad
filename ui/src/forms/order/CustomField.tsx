import { Checkbox, Input, Select } from 'antd'
import type { FormField } from '../../api/settings'
import type { Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { SeverityIcon } from '../../ui/Tags'

const rows = { long_text: 3 } as const
const inputTypes: Record<string, string> = { date: 'date', email: 'email', phone: 'tel' }

interface Props {
  field: FormField
  /** Where it stands on the page, for findings that lead there. */
  path: string
  value: unknown
  findings: Finding[]
  onChange: (value: unknown) => void
}

const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value))

function Control({ field, path, value, findings, onChange }: Props) {
  const { words, t } = useWords()
  const status = findings.some(each => each.severity === 'blocker') ? ('error' as const) : undefined
  const shared = { status, 'data-testid': `custom:${path}` }
  if (field.formula)
    return <Input {...shared} disabled value={textOf(value)} placeholder={t('entry.worked_out')} />
  const options = field.options.map(option => ({ value: option, label: option }))
  switch (field.type) {
    case 'bool':
      return (
        <Checkbox checked={value === true} onChange={event => onChange(event.target.checked)} {...shared}>
          {t('form_field.yes')}
        </Checkbox>
      )
    case 'choice':
      return (
        <Select
          {...shared}
          allowClear
          aria-label={words(field.name)}
          value={textOf(value) || undefined}
          options={options}
          onChange={chosen => onChange(chosen ?? '')}
        />
      )
    case 'choices':
      return (
        <Select
          {...shared}
          mode="multiple"
          aria-label={words(field.name)}
          value={Array.isArray(value) ? value.map(String) : []}
          options={options}
          onChange={chosen => onChange(chosen)}
        />
      )
    case 'long_text':
      return (
        <Input.TextArea
          {...shared}
          rows={rows.long_text}
          value={textOf(value)}
          onChange={event => onChange(event.target.value)}
        />
      )
    default:
      return (
        <Input
          {...shared}
          type={inputTypes[field.type] ?? 'text'}
          inputMode={field.type === 'number' || field.type === 'money' ? 'decimal' : undefined}
          value={textOf(value)}
          onChange={event => onChange(event.target.value)}
        />
      )
  }
}

/** A field that the company has added, with what is wrong with it. */
export function CustomField(props: Props) {
  const { words } = useWords()
  const { field, path, findings } = props
  const hint = words(field.hint)
  return (
    <label
      className={`field${field.type === 'long_text' ? ' field-wide' : ''}${findings.length ? ' field-faulty' : ''}`}
      data-path={path}
    >
      <span className="field-name">
        {words(field.name)}
        {field.required && !field.required_when.length && <span aria-hidden> *</span>}
      </span>
      <Control {...props} />
      {hint && <span className="quiet">{hint}</span>}
      {findings.map(finding => (
        <span key={finding.id} className="field-finding">
          <SeverityIcon severity={finding.severity} /> {words(finding.message)}
        </span>
      ))}
    </label>
  )
}
