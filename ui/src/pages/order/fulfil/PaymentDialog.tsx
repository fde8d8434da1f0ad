import { useFulfil } from '../../../api/fulfil'
import type { Order } from '../../../api/types'
import type { FieldSpec } from '../../../forms/Fields'
import { given } from '../../../forms/faults'
import { RecordDialog } from '../../../forms/RecordDialog'
import { useWords } from '../../../i18n'
import { PAYMENT_METHODS } from '../../../ui/codes'
import { useZone } from '../../../ui/Time'
import { dayIn } from '../../../ui/time'

/** Records money that came in. No two payments have the same reference. */
export function PaymentDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code } = useWords()
  const zone = useZone()
  const write = useFulfil(order.id)
  const fields: FieldSpec[] = [
    {
      name: 'amount',
      label: t('account.amount', { currency: order.currency ?? '' }),
      kind: 'decimal',
      required: true,
    },
    { name: 'reference', label: t('account.reference'), required: true },
    { name: 'date', label: t('account.date'), kind: 'date', required: true },
    {
      name: 'method',
      label: t('account.method'),
      kind: 'choice',
      required: true,
      options: PAYMENT_METHODS.map(value => ({ value, label: code('payment_method', value) })),
    },
  ]
  return (
    <RecordDialog
      id="order.payment"
      title={t('account.payment_title', { number: order.number })}
      okText={t('action.record')}
      fields={fields}
      initial={{
        amount: order.fulfilment.unpaid,
        date: dayIn(Date.now(), zone),
        method: order.payment_method ?? 'bank_transfer',
      }}
      write={write}
      onSend={values =>
        write.mutate(
          {
            act: 'payments',
            body: { ...given(values), amount: values.amount ?? '', reference: values.reference ?? '' },
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}
