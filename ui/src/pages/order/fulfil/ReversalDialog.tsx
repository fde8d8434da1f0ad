import { useFulfil } from '../../../api/fulfil'
import type { Order, Payment } from '../../../api/types'
import type { FieldSpec } from '../../../forms/Fields'
import { given } from '../../../forms/faults'
import { RecordDialog } from '../../../forms/RecordDialog'
import { useWords } from '../../../i18n'
import { REVERSAL_KINDS } from '../../../ui/codes'
import { useZone } from '../../../ui/Time'
import { dayIn } from '../../../ui/time'

/** Takes a payment, or a part of it, out of the books again. */
export function ReversalDialog({
  order,
  payment,
  onClose,
}: {
  order: Order
  payment: Payment
  onClose: () => void
}) {
  const { t, code } = useWords()
  const zone = useZone()
  const write = useFulfil(order.id)
  const fields: FieldSpec[] = [
    {
      name: 'kind',
      label: t('account.reversal_kind'),
      kind: 'choice',
      required: true,
      options: REVERSAL_KINDS.map(value => ({ value, label: code('reversal_kind', value) })),
    },
    {
      name: 'amount',
      label: t('account.reversed_amount', { currency: order.currency ?? '' }),
      kind: 'decimal',
      required: true,
    },
    { name: 'date', label: t('account.reversed_on'), kind: 'date', required: true },
    { name: 'reason', label: t('account.reason'), required: true },
  ]
  return (
    <RecordDialog
      id="order.reversal"
      title={t('account.reversal_title', { reference: payment.reference })}
      okText={t('action.reverse_payment')}
      fields={fields}
      initial={{ kind: 'entered_wrong', amount: payment.left, date: dayIn(Date.now(), zone) }}
      write={write}
      onSend={values =>
        write.mutate(
          {
            act: 'payment-reversals',
            body: {
              ...given(values),
              reference: payment.reference,
              kind: values.kind ?? '',
              reason: values.reason ?? '',
            },
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}
