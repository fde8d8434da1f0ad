import { Input, Select } from 'antd'
import { type Dispatch, memo, type ReactNode } from 'react'
import { findCustomers } from '../../api/hooks'
import type { Customer, CustomerDefaults, Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { SeverityIcon } from '../../ui/Tags'
import { Typeahead } from '../Typeahead'
import { type Draft, type DraftAction, defaultFor, type HeadField } from './draft'
import { useReadDate } from './readDate'

const CURRENCIES = ['CNY', 'USD', 'EUR', 'HKD', 'JPY']
const INVOICE_KINDS = ['vat_special', 'vat_normal']

interface Props {
  draft: Draft
  defaults: CustomerDefaults | null
  findings: Map<HeadField, Finding[]>
  dispatch: Dispatch<DraftAction>
}

function Field({
  field,
  draft,
  defaults,
  findings,
  dispatch,
  wide,
  children,
}: Props & { field: HeadField; wide?: boolean; children: ReactNode }) {
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

function TextField({ rows, ...props }: Props & { field: HeadField; wide?: boolean; rows?: number }) {
  const { t } = useWords()
  const readDate = useReadDate()
  const { field, draft, dispatch, findings } = props
  const isDate = field === 'requested_date'
  const shared = {
    value: draft.head[field],
    maxLength: 500,
    status: findings.get(field)?.some(f => f.severity === 'blocker') ? ('error' as const) : undefined,
    'data-testid': `entry.field:${field}`,
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

function ChoiceField({ values, ...props }: Props & { field: HeadField; values: string[] }) {
  const { code } = useWords()
  const { field, draft, dispatch } = props
  const now = draft.head[field]
  const all = now && !values.includes(now) ? [now, ...values] : values
  return (
    <Field {...props}>
      <Select
        value={now || null}
        aria-label={code('field', field)}
        options={all.map(value => ({ value, label: code(field, value) }))}
        onChange={value => dispatch({ kind: 'head', field, value: value ?? '' })}
        data-testid={`entry.field:${field}`}
      />
    </Field>
  )
}

function CustomerField(props: Props) {
  const { t, code } = useWords()
  const { draft, dispatch, findings } = props
  return (
    <Field {...props} field="customer" wide>
      <span className="customer-box">
        <Typeahead<Customer>
          id="entry.field:customer"
          label={code('field', 'customer')}
          placeholder={t('entry.customer_hint')}
          autoFocus={!draft.head.customer}
          invalid={findings.has('customer')}
          value={draft.head.customer}
          find={findCustomers}
          keyOf={customer => customer.code}
          render={customer => (
            <span className="search-row">
              <span className="strong">{customer.code}</span> <span>{customer.name}</span>
            </span>
          )}
          onPick={customer => dispatch({ kind: 'customer', code: customer.code, name: customer.name })}
          onFree={text => dispatch({ kind: 'customer', code: text, name: '' })}
        />
        <span className="customer-name" data-testid="entry.customer_name">
          {draft.customerName}
        </span>
      </span>
    </Field>
  )
}

/** Typing in the lines changes nothing here. */
const sameHead = (one: Props, two: Props) =>
  one.draft.head === two.draft.head &&
  one.draft.customerName === two.draft.customerName &&
  one.defaults === two.defaults &&
  one.findings === two.findings

export const HeadFields = memo(function HeadFields(props: Props) {
  const { t } = useWords()
  return (
    <>
      <section className="card form-card" aria-label={t('entry.customer_block')}>
        <h2>{t('entry.customer_block')}</h2>
        <div className="form-grid">
          <CustomerField {...props} />
          <TextField {...props} field="customer_po" />
          <TextField {...props} field="requested_date" />
          <TextField {...props} field="ship_to.name" />
          <TextField {...props} field="ship_to.phone" />
          <TextField {...props} field="ship_to.address" wide />
        </div>
      </section>
      <section className="card form-card" aria-label={t('entry.terms_block')}>
        <h2>{t('entry.terms_block')}</h2>
        <div className="form-grid">
          <TextField {...props} field="payment_terms" />
          <ChoiceField {...props} field="currency" values={CURRENCIES} />
          <TextField {...props} field="invoice.title" wide />
          <TextField {...props} field="invoice.tax_no" />
          <ChoiceField {...props} field="invoice.kind" values={INVOICE_KINDS} />
          <TextField {...props} field="invoice.bank_name" />
          <TextField {...props} field="invoice.bank_account" />
          <TextField {...props} field="special_requests" wide rows={2} />
        </div>
      </section>
    </>
  )
}, sameHead)
