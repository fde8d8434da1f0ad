import { type Dispatch, useState } from 'react'
import type { CustomerDefaults, Finding, Me, Order } from '../../../api/types'
import type { Draft, DraftAction, HeadField } from '../../../forms/order/draft'
import { LineExtras, OrderExtras } from '../../../forms/order/Extras'
import { ChoiceField, TextField } from '../../../forms/order/HeadField'
import { isMasked } from '../../../forms/order/masked'
import { ClauseFields, TermsFields } from '../../../forms/order/TermsFields'
import { useWords } from '../../../i18n'
import { INVOICE_KINDS } from '../../../ui/codes'
import { valueAt } from '../../../ui/FieldValue'

const NO_DEFAULTS: CustomerDefaults | null = null
const NO_FINDINGS: Map<HeadField, Finding[]> = new Map()
const NO_EXTRA: Map<string, Finding[]> = new Map()
const ID = 'order.change.'

interface Props {
  order: Order
  /** Who does not see the order whole, because somebody else has taken it in. */
  reader?: Me
  draft: Draft
  dispatch: Dispatch<DraftAction>
}

/** What a change asks for outside of the lines. What somebody sees the beginning of only is not theirs to change. */
export function ChangeHead({ order, reader, draft, dispatch }: Props) {
  const { t } = useWords()
  const [more, setMore] = useState(false)
  const shared = { id: ID, draft, dispatch, defaults: NO_DEFAULTS, findings: NO_FINDINGS }
  const sees = (path: string) => !isMasked(valueAt(order, path))
  const text = (field: HeadField, wide = false, rows?: number) =>
    sees(field) && <TextField key={field} {...shared} field={field} wide={wide} rows={rows} />
  return (
    <>
      <div className="form-grid">
        {text('requested_date')}
        {text('ship_to.phone')}
        {text('ship_to.address', true)}
        {text('special_requests', true, 2)}
      </div>
      <details className="change-more" onToggle={event => setMore(event.currentTarget.open)}>
        <summary data-testid="order.change.more">{t('change.more')}</summary>
        {more && (
          <>
            <div className="form-grid">
              {text('customer_po')}
              {text('ship_to.name')}
              {text('payment_terms')}
              {sees('payment_method') && sees('delivery_terms.code') && sees('delivery_terms.place') && (
                <TermsFields id={ID} terms={draft.kept} dispatch={dispatch} />
              )}
              {text('invoice.title', true)}
              {text('invoice.tax_no')}
              {sees('invoice.kind') && (
                <ChoiceField {...shared} field="invoice.kind" values={INVOICE_KINDS} />
              )}
              {text('invoice.bank_name')}
              {text('invoice.bank_account')}
              <ClauseFields id={ID} terms={draft.kept} dispatch={dispatch} />
            </div>
            <OrderExtras reader={reader} draft={draft} findings={NO_EXTRA} dispatch={dispatch} />
            <LineExtras reader={reader} draft={draft} findings={NO_EXTRA} dispatch={dispatch} />
          </>
        )}
      </details>
    </>
  )
}
