import type { Correction, InvoiceOfOrder, Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { INVOICE_TONES } from '../../../ui/codes'
import { Money } from '../../../ui/Money'
import { Empty } from '../../../ui/states'
import { When } from '../../../ui/Time'

function CorrectionRow({ order, correction }: { order: Order; correction: Correction }) {
  const { code } = useWords()
  return (
    <li className="absence-row account-row" data-testid="order.invoice_corrected">
      <span className="tag tag-amber">{code('correction_kind', correction.kind)}</span>
      <Money value={`-${correction.amount}`} currency={order.currency} strong />
      <span>{correction.number}</span>
      <span className="grow">{correction.reason}</span>
      <When at={correction.at} />
      <span className="quiet">{correction.by.name}</span>
    </li>
  )
}

/** Each invoice of the order, with what was taken back of it. */
export function Invoices({
  order,
  onIssue,
  onCorrect,
}: {
  order: Order
  onIssue: (invoice: InvoiceOfOrder) => void
  onCorrect: (invoice: InvoiceOfOrder) => void
}) {
  const { t } = useWords()
  const { invoices } = order.fulfilment
  if (!invoices.length) return <Empty id="order.invoices" text={t('account.no_invoices')} />
  return (
    <ul data-testid="order.invoices" data-count={invoices.length} data-live="order">
      {invoices.flatMap(invoice => [
        <li
          key={invoice.id}
          className="absence-row account-row"
          data-testid={`order.invoice:${invoice.id}`}
          data-state={invoice.state}
        >
          <span className={`tag tag-${INVOICE_TONES[invoice.state]}`}>
            {t(`invoice_state.${invoice.state}`)}
          </span>
          <Money value={invoice.amount} currency={order.currency} strong />
          <span className="grow">{invoice.number}</span>
          <When at={invoice.issued_at ?? invoice.requested_at} />
          <span className="quiet">{(invoice.issued_by ?? invoice.requested_by).name}</span>
          {invoice.state === 'requested' && (
            <ActionButton
              actions={order.actions}
              name="record_invoice"
              size="small"
              onClick={() => onIssue(invoice)}
              data-testid={`order.issue_invoice:${invoice.id}`}
            >
              {t('account.issue')}
            </ActionButton>
          )}
          {invoice.state !== 'corrected' && (
            <ActionButton
              actions={order.actions}
              name="correct_invoice"
              size="small"
              onClick={() => onCorrect(invoice)}
              data-testid={`order.correct_invoice:${invoice.id}`}
            >
              {invoice.state === 'requested' ? t('account.withdraw') : undefined}
            </ActionButton>
          )}
        </li>,
        ...invoice.corrections.map(correction => (
          <CorrectionRow key={`${invoice.id} ${correction.at}`} order={order} correction={correction} />
        )),
      ])}
    </ul>
  )
}
