import { usePutPurchase } from '../../api/supply'
import type { PurchaseLine } from '../../api/types'
import type { FieldSpec, Values } from '../../forms/Fields'
import { changed, given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** States that people choose; goods that come make a line received. */
const CHOSEN = ['requested', 'ordered', 'cancelled']

/** What of a line is edited. */
type Edited = Pick<
  PurchaseLine,
  'number' | 'line' | 'state' | 'supplier' | 'product' | 'warehouse' | 'quantity' | 'due_date'
>

const shown = (line: Edited): Values => ({
  number: line.number,
  line: String(line.line),
  state: line.state,
  supplier: line.supplier ?? '',
  product: line.product,
  warehouse: line.warehouse ?? '',
  quantity: line.quantity,
  due_date: line.due_date ?? '',
})

/** A line of a purchase: a new one, a request that becomes an order, one that is moved or cancelled. */
export function PurchaseDialog({
  line,
  answer,
  onClose,
}: {
  line?: Edited
  /** A request is opened to be ordered. */
  answer?: boolean
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = usePutPurchase()
  const before: Values = line ? shown(line) : { state: 'ordered', line: '1' }
  const states = line?.state === 'received' ? [...CHOSEN, 'received'] : CHOSEN
  const fields: FieldSpec[] = [
    { name: 'number', label: t('purchase.number'), required: true, fixed: Boolean(line) },
    { name: 'line', label: t('purchase.line'), kind: 'decimal', required: true, fixed: Boolean(line) },
    {
      name: 'state',
      label: t('col.status'),
      kind: 'choice',
      required: true,
      options: states.map(value => ({ value, label: code('purchase_state', value) })),
    },
    { name: 'supplier', label: t('purchase.supplier') },
    { name: 'product', label: t('stock.product'), kind: 'product', required: true },
    { name: 'warehouse', label: t('stock.warehouse') },
    { name: 'quantity', label: t('purchase.quantity'), kind: 'decimal', required: true },
    { name: 'due_date', label: t('purchase.due_date'), kind: 'date' },
  ]
  const send = (values: Values) => {
    const { number: _number, line: _line, ...rest } = line ? changed(before, values) : given(values)
    const body = { ...rest, number: values.number ?? '', line: Number(values.line) }
    write.mutate(body, { onSuccess: onClose })
  }
  return (
    <RecordDialog
      id="purchase"
      title={t(line ? 'purchase.edit' : 'purchase.new')}
      okText={t('action.save')}
      fields={fields}
      initial={answer ? { ...before, state: 'ordered' } : before}
      write={write}
      onSend={send}
      onClose={onClose}
    />
  )
}
