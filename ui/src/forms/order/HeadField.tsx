import { Input, Select } from 'antd'
import type { Dispatch, ReactNode } from 'react'
import type { CustomerDefaults, Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { SeverityIcon } from '../../ui/Tags'
import { type Draft, type DraftAction, defaultFor, type HeadField } from './draft'
import { useReadDate } from './readDate'

export const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'JPY']

const ENTRY = 'entry.field:'

export interface HeadProps {
  /** Where the fields stand, for tests; the form itself without it. */
  id?: string
  draft: Draft
  defaults: CustomerDefaults | null
  findings: Map<HeadField, Finding[]>
  dispatch: Dispatch<DraftAction>
}

export function Field({
  field,
  draft,
  defaults,
  findings,
  dispatch,
  wide,
  children,
}: HeadProps & { field: HeadField; wide?: boolean; children: ReactNode }) {
  const { t, words, code } = useWords()
  const own = findings.get(field) ?? []
  const usual = defaultFor(defaults, field)
  const changed = usual !== null && usual !== draft.head[field]
  return (
    <label
      className={`field${wide ? ' field-wide' : ''}${own.length ? ' field-faulty' : ''}`}
      data-path={field}
    >
      <span className="field-name">
        {code('field', field)}
        {changed && (
          <button
            type="button"
            className="changed-dot"
            title={t('entry.changed', { usual })}
            onClick={() => dispatch({ kind: 'reset', field, value: usual })}
            data-testid={`entry.reset:${field}`}
          >
            {t('entry.reset')}
          </button>
        )}
      </span>
      {children}
      {own.map(finding => (
        <span key={finding.id} className="field-finding">
          <SeverityIcon severity={finding.severity} /> {words(finding.message)}
        </span>
      ))}
    </label>
  )
}

export function TextField({
  rows,
  ...props
}: HeadProps & { field: HeadField; wide?: boolean; rows?: number }) {
  const { t } = useWords()
  const readDate = useReadDate()
  const { id = ENTRY, field, draft, dispatch, findings } = props
  const isDate = field === 'requested_date'
  const shared = {
    value: draft.head[field],
    maxLength: 500,
    status: findings.get(field)?.some(f => f.severity === 'blocker') ? ('error' as const) : undefined,
    'data-testid': `${id}${field}`,
  }
  const set = (value: string) => dispatch({ kind: 'head', field, value })
  return (
    <Field {...props}>
      {rows ? (
        <Input.TextArea {...shared} rows={rows} onChange={event => set(event.target.value)} />
      ) : (
        <Input
          {...shared}
          placeholder={isDate ? t('entry.date_hint_days') : undefined}
          onChange={event => set(event.target.value)}
          onBlur={() => {
            const date = isDate && readDate(draft.head[field])
            if (date && date !== draft.head[field]) set(date)
          }}
        />
      )}
    </Field>
  )
}

export function ChoiceField({ values, ...props }: HeadProps & { field: HeadField; values: string[] }) {
  const { code } = useWords()
  const { id = ENTRY, field, draft, dispatch } = props
  const now = draft.head[field]
  const all = now && !values.includes(now) ? [now, ...values] : values
  return (
    <Field {...props}>
      <Select
        value={now || null}
        aria-label={code('field', field)}
        options={all.map(value => ({ value, label: code(field, value) }))}
        onChange={value => dispatch({ kind: 'head', field, value: value ?? '' })}
        data-testid={`${id}${field}`}
      />
    </Field>
  )
}
