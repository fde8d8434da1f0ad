import { useFulfil } from '../../../api/fulfil'
import type { InvoiceOfOrder, Order } from '../../../api/types'
import type { FieldSpec, Values } from '../../../forms/Fields'
import { given } from '../../../forms/faults'
import { RecordDialog } from '../../../forms/RecordDialog'
import { useWords } from '../../../i18n'
import { CORRECTION_KINDS } from '../../../ui/codes'

const WITHDRAWN = 'withdrawn'
const RED_LETTER = 'red_letter'

/** Takes an invoice back: one that was only asked for is withdrawn, an issued one is void or gets a red-letter invoice. */
export function CorrectionDialog({
  order,
  invoice,
  onClose,
}: {
  order: Order
  invoice: InvoiceOfOrder
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = useFulfil(order.id)
  const issued = Boolean(invoice.number)
  // What is void is all of it: of what was taken back in part the rest goes the same way.
  const kinds = CORRECTION_KINDS.filter(kind => kind === RED_LETTER || !invoice.corrections.length)
  const kind: FieldSpec = {
    name: 'kind',
    label: t('account.correction_kind'),
    kind: 'choice',
    required: true,
    options: kinds.map(value => ({ value, label: code('correction_kind', value) })),
  }
  const redLetter: FieldSpec[] = [
    { name: 'number', label: t('account.red_letter_no'), required: true },
    {
      name: 'amount',
      label: t('account.corrected_amount', { currency: order.currency ?? '' }),
      kind: 'decimal',
      required: true,
    },
  ]
  const fields = (values: Values): FieldSpec[] => [
    ...(issued ? [kind] : []),
    ...(values.kind === RED_LETTER ? redLetter : []),
    { name: 'reason', label: t('account.reason'), required: true },
  ]
  return (
    <RecordDialog
      id="order.correction"
      title={
        issued
          ? t('account.correction_title', { number: invoice.number })
          : t('account.withdraw_title', { number: order.number })
      }
      okText={t(issued ? 'action.correct_invoice' : 'account.withdraw')}
      fields={fields}
      initial={{ kind: issued ? (kinds[0] ?? RED_LETTER) : WITHDRAWN, amount: invoice.left }}
      write={write}
      onSend={values =>
        write.mutate(
          {
            act: 'corrections',
            iid: invoice.id,
            body: { ...given(values), kind: values.kind || WITHDRAWN, reason: values.reason ?? '' },
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}
