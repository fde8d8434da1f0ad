import { useReceive } from '../../api/supply'
import type { PurchaseLine } from '../../api/types'
import type { FieldSpec } from '../../forms/Fields'
import { given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** Books what came on a purchase into stock. */
export function ReceiveDialog({ line, onClose }: { line: PurchaseLine; onClose: () => void }) {
  const { t } = useWords()
  const write = useReceive()
  const fields: FieldSpec[] = [
    { name: 'product', label: t('stock.product'), required: true, fixed: true },
    { name: 'quantity', label: t('purchase.came'), kind: 'decimal', required: true },
    { name: 'warehouse', label: t('stock.warehouse'), required: !line.warehouse },
    { name: 'reference', label: t('purchase.delivery_note') },
  ]
  return (
    <RecordDialog
      id="purchase.receipt"
      title={t('purchase.receive_title', { number: line.number, line: line.line })}
      okText={t('purchase.receive')}
      fields={fields}
      initial={{ product: line.product, quantity: line.open, warehouse: line.warehouse ?? '' }}
      write={write}
      onSend={values =>
        write.mutate(
          {
            ...given(values),
            number: line.number,
            line: line.line,
            product: line.product,
            quantity: values.quantity ?? '',
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}
