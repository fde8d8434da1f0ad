import { useFulfil } from '../../../api/fulfil'
import type { InvoiceOfOrder, Order } from '../../../api/types'
import type { FieldSpec } from '../../../forms/Fields'
import { given } from '../../../forms/faults'
import { RecordDialog } from '../../../forms/RecordDialog'
import { useWords } from '../../../i18n'
import { FieldValue } from '../../../ui/FieldValue'

const INVOICE_FACTS = ['invoice.title', 'invoice.tax_no', 'invoice.kind']

/** Asks for an invoice, or records the number of one that was issued. */
export function InvoiceDialog({
  order,
  issued,
  requested,
  onClose,
}: {
  order: Order
  issued?: boolean
  requested?: InvoiceOfOrder
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = useFulfil(order.id)
  const number: FieldSpec = { name: 'number', label: t('account.invoice_no'), required: true }
  const amount: FieldSpec = {
    name: 'amount',
    label: t('account.amount', { currency: order.currency ?? '' }),
    kind: 'decimal',
    fixed: Boolean(requested),
    placeholder: t('account.the_rest'),
  }
  return (
    <RecordDialog
      id="order.invoicing"
      title={t(issued ? 'account.invoice_title' : 'account.request_title', { number: order.number })}
      okText={t(issued ? 'action.record' : 'account.request')}
      fields={issued ? [number, amount] : [amount]}
      initial={{ amount: requested?.amount ?? '' }}
      write={write}
      onSend={values => write.mutate({ act: 'invoices', body: given(values) }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <dl className="facts">
        {INVOICE_FACTS.map(path => (
          <div key={path}>
            <dt>{code('field', path)}</dt>
            <dd>
              <FieldValue order={order} path={path} />
            </dd>
          </div>
        ))}
      </dl>
    </RecordDialog>
  )
}
