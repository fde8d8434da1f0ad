import { useMove } from '../../api/supply'
import type { FieldSpec, Values } from '../../forms/Fields'
import { given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

const KINDS = ['in', 'out', 'adjust', 'transfer'] as const

/** Books goods that came, went, turned out to be more or fewer, or changed place. */
export function MoveDialog({
  product,
  warehouses = [],
  onClose,
}: {
  product?: string
  warehouses?: string[]
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = useMove()
  const fields = (values: Values): FieldSpec[] => [
    {
      name: 'kind',
      label: t('stock.kind'),
      kind: 'choice',
      required: true,
      options: KINDS.map(value => ({ value, label: code('movement', value) })),
    },
    { name: 'product', label: t('stock.product'), kind: 'product', required: true, fixed: Boolean(product) },
    {
      name: 'warehouse',
      label: t(values.kind === 'transfer' ? 'stock.from_warehouse' : 'stock.warehouse'),
      required: true,
      suggest: warehouses,
    },
    ...(values.kind === 'transfer'
      ? [{ name: 'to_warehouse', label: t('stock.to_warehouse'), required: true, suggest: warehouses }]
      : []),
    {
      name: 'quantity',
      label: t('line.quantity'),
      kind: 'decimal',
      required: true,
      placeholder: values.kind === 'adjust' ? t('stock.adjust_hint') : undefined,
    },
    { name: 'reference', label: t('stock.reference') },
    { name: 'reason', label: t('task.reason'), kind: 'area', required: values.kind === 'adjust' },
  ]
  return (
    <RecordDialog
      id="stock.moving"
      title={t('stock.move')}
      okText={t('action.record')}
      fields={fields}
      initial={{ kind: 'in', product: product ?? '', warehouse: warehouses[0] ?? '' }}
      write={write}
      onSend={values =>
        write.mutate(given(values) as Parameters<typeof write.mutate>[0], { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}
