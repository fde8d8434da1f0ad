import { useState } from 'react'
import { usePutBom } from '../../api/supply'
import type { Bom } from '../../api/types'
import { complete, type FieldSpec, Fields, pathOf, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { allComplete, Items, itemsOf, pathsOf, valuesOf } from '../../forms/Items'
import { useWords } from '../../i18n'

/** What a product is made of; it is replaced as a whole. */
export function BomDialog({ bom, onClose }: { bom?: Bom; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutBom()
  const [head, setHead] = useState<Values>({
    product: bom?.product ?? '',
    days: String(bom?.days ?? 0),
    work_centre: bom?.work_centre ?? '',
    minutes: bom?.minutes ?? '',
  })
  const [parts, setParts] = useState(() => itemsOf(bom?.components ?? [{ product: '', quantity: '1' }]))
  const fields: FieldSpec[] = [
    { name: 'product', label: t('stock.product'), kind: 'product', required: true, fixed: Boolean(bom) },
    { name: 'days', label: t('bom.days'), kind: 'decimal', required: true },
    { name: 'work_centre', label: t('work.centre') },
    { name: 'minutes', label: t('bom.minutes'), kind: 'decimal' },
  ]
  const partFields: FieldSpec[] = [
    { name: 'product', label: t('bom.part'), kind: 'product', required: true },
    { name: 'quantity', label: t('bom.per_piece'), kind: 'decimal', required: true },
  ]
  const ready =
    complete(fields, head) && Number.isInteger(Number(head.days)) && allComplete(parts, partFields)
  const send = () =>
    write.mutate(
      {
        product: head.product ?? '',
        days: Number(head.days),
        work_centre: head.work_centre || null,
        minutes: head.minutes || null,
        components: valuesOf(parts) as unknown as Bom['components'],
      },
      { onSuccess: onClose },
    )
  return (
    <FormDialog
      id="bom"
      title={t(bom ? 'bom.edit' : 'bom.new')}
      okText={t('action.save')}
      ready={ready}
      write={write}
      shown={[...fields.map(pathOf), ...pathsOf('components', parts, partFields)]}
      onSend={send}
      onClose={onClose}
    >
      <Fields id="bom" specs={fields} values={head} onChange={setHead} />
      <Items
        id="bom"
        title={t('bom.components')}
        name="components"
        items={parts}
        fields={partFields}
        onChange={setParts}
      />
    </FormDialog>
  )
}
