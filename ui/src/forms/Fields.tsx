import { Input, InputNumber, Select } from 'antd'
import { useId } from 'react'
import { useWords } from '../i18n'
import { useFault } from './FormDialog'
import { ProductSelect } from './ProductSelect'

/** A field of a record. */
export interface FieldSpec {
  name: string
  /** As the server calls it in faults, where that is not its name. */
  path?: string
  label: string
  kind?: 'text' | 'secret' | 'decimal' | 'number' | 'date' | 'area' | 'choice' | 'product'
  options?: { value: string; label: string }[]
  /** Typing finds options by any part of what they show. */
  searched?: boolean
  /** Words that may be typed. */
  suggest?: string[]
  /** Bounds of a number. */
  min?: number
  max?: number
  required?: boolean
  /** Shown, but not for changing. */
  fixed?: boolean
  placeholder?: string
}
export type Values = Record<string, string>

export const pathOf = (spec: FieldSpec) => spec.path ?? spec.name

export const complete = (specs: FieldSpec[], values: Values) =>
  specs.every(spec => !spec.required || values[spec.name]?.trim())

const GONE = '–'
/** The fields of a record as one has typed them, and as somebody else has put them; without values the record is gone. */
export const differing = (specs: FieldSpec[], mine: Values | undefined, theirs: Values | undefined) => {
  const said = (spec: FieldSpec, values: Values | undefined) => {
    const value = values?.[spec.name] ?? ''
    return spec.options?.find(option => option.value === value)?.label || value || GONE
  }
  return specs.map(spec => ({ label: spec.label, mine: said(spec, mine), theirs: said(spec, theirs) }))
}

function Control({
  spec,
  id,
  value,
  invalid,
  onChange,
}: {
  spec: FieldSpec
  id: string
  value: string
  invalid: boolean
  onChange: (value: string) => void
}) {
  const { t } = useWords()
  const list = useId()
  const status = invalid ? ('error' as const) : undefined
  if (spec.kind === 'choice')
    return (
      <Select
        aria-label={spec.label}
        allowClear={!spec.required}
        showSearch={spec.searched ? { optionFilterProp: 'label' } : false}
        placeholder={spec.placeholder ?? t('people.choose')}
        status={status}
        disabled={spec.fixed}
        value={value || undefined}
        options={spec.options}
        onChange={chosen => onChange(chosen ?? '')}
        data-testid={id}
      />
    )
  if (spec.kind === 'product')
    return (
      <ProductSelect
        id={id}
        label={spec.label}
        value={value}
        invalid={invalid}
        disabled={spec.fixed}
        onChange={onChange}
      />
    )
  const common = {
    value,
    status,
    disabled: spec.fixed,
    placeholder: spec.placeholder,
    'aria-invalid': invalid || undefined,
    'data-testid': id,
  }
  if (spec.kind === 'secret')
    return (
      <Input.Password
        {...common}
        autoComplete={spec.name === 'current' ? 'current-password' : 'new-password'}
        onChange={event => onChange(event.target.value)}
      />
    )
  if (spec.kind === 'number')
    return (
      <InputNumber
        {...common}
        aria-label={spec.label}
        min={spec.min}
        max={spec.max}
        value={value === '' ? null : Number(value)}
        onChange={typed => onChange(typed === null ? '' : String(typed))}
      />
    )
  if (spec.kind === 'area')
    return (
      <Input.TextArea
        {...common}
        rows={3}
        maxLength={1000}
        onChange={event => onChange(event.target.value)}
      />
    )
  return (
    <>
      <Input
        {...common}
        type={spec.kind === 'date' ? 'date' : 'text'}
        inputMode={spec.kind === 'decimal' ? 'decimal' : undefined}
        autoComplete="off"
        list={spec.suggest && list}
        onChange={event => onChange(event.target.value)}
      />
      {spec.suggest && (
        <datalist id={list}>
          {spec.suggest.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  )
}

function Field({
  spec,
  id,
  value,
  onChange,
}: {
  spec: FieldSpec
  id: string
  value: string
  onChange: (value: string) => void
}) {
  const { t } = useWords()
  const fault = useFault(pathOf(spec))
  return (
    <label className={spec.kind === 'area' ? 'field field-wide' : 'field'}>
      <span>
        {spec.label}
        {!spec.required && !spec.fixed && <span className="quiet"> · {t('form.optional')}</span>}
      </span>
      <Control spec={spec} id={id} value={value} invalid={Boolean(fault)} onChange={onChange} />
      {fault && (
        <span className="field-finding ink-red" role="alert" data-testid={`${id}.fault`}>
          {fault}
        </span>
      )}
    </label>
  )
}

/** The fields of a record, two in a row where there is room. */
export function Fields({
  id,
  specs,
  values,
  onChange,
}: {
  id: string
  specs: FieldSpec[]
  values: Values
  onChange: (values: Values) => void
}) {
  return (
    <div className="form-grid">
      {specs.map(spec => (
        <Field
          key={spec.name}
          spec={spec}
          id={`${id}.${spec.name}`}
          value={values[spec.name] ?? ''}
          onChange={value => onChange({ ...values, [spec.name]: value })}
        />
      ))}
    </div>
  )
}
