import { memo } from 'react'
import { findCustomers } from '../../api/hooks'
import type { Customer } from '../../api/types'
import { useWords } from '../../i18n'
import { INVOICE_KINDS } from '../../ui/codes'
import { Typeahead } from '../Typeahead'
import { ChoiceField, CURRENCIES, Field, type HeadProps, TextField } from './HeadField'

function CustomerField(props: HeadProps) {
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
const sameHead = (one: HeadProps, two: HeadProps) =>
  one.draft.head === two.draft.head &&
  one.draft.customerName === two.draft.customerName &&
  one.defaults === two.defaults &&
  one.findings === two.findings

export const HeadFields = memo(function HeadFields(props: HeadProps) {
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
