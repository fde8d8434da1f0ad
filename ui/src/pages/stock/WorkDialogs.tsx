import { useFinishWork, usePutWorkCentre, usePutWorkOrder } from '../../api/supply'
import type { WorkCentre, WorkOrder } from '../../api/types'
import type { FieldSpec, Values } from '../../forms/Fields'
import { changed, given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** States that people choose; what is made makes an order finished. */
const CHOSEN = ['requested', 'planned', 'released', 'cancelled']

/** What of a work order is edited. */
type Edited = Pick<
  WorkOrder,
  'number' | 'state' | 'product' | 'warehouse' | 'work_centre' | 'quantity' | 'due_date'
>

const shown = (work: Edited): Values => ({
  number: work.number,
  state: work.state,
  product: work.product,
  warehouse: work.warehouse ?? '',
  work_centre: work.work_centre ?? '',
  quantity: work.quantity,
  due_date: work.due_date ?? '',
})

/** A work order: a new one, a request that is planned or released, one that is moved or cancelled. */
export function WorkOrderDialog({
  work,
  answer,
  onClose,
}: {
  work?: Edited
  /** A request is opened to be planned. */
  answer?: boolean
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = usePutWorkOrder()
  const before: Values = work ? shown(work) : { state: 'planned' }
  const states = work?.state === 'finished' ? [...CHOSEN, 'finished'] : CHOSEN
  const fields: FieldSpec[] = [
    { name: 'number', label: t('work.number'), required: true, fixed: Boolean(work) },
    {
      name: 'state',
      label: t('col.status'),
      kind: 'choice',
      required: true,
      options: states.map(value => ({ value, label: code('work_state', value) })),
    },
    { name: 'product', label: t('stock.product'), kind: 'product', required: true },
    { name: 'quantity', label: t('work.quantity'), kind: 'decimal', required: true },
    { name: 'warehouse', label: t('work.warehouse') },
    { name: 'work_centre', label: t('work.centre') },
    { name: 'due_date', label: t('work.due_date'), kind: 'date' },
  ]
  const send = (values: Values) => {
    const { number: _number, ...rest } = work ? changed(before, values) : given(values)
    write.mutate({ ...rest, number: values.number ?? '' }, { onSuccess: onClose })
  }
  return (
    <RecordDialog
      id="work"
      title={t(work ? 'work.edit' : 'work.new')}
      okText={t('action.save')}
      fields={fields}
      initial={answer ? { ...before, state: 'planned' } : before}
      write={write}
      onSend={send}
      onClose={onClose}
    />
  )
}

/** Books what was made: its parts go out of stock, it comes in. */
export function FinishDialog({ work, onClose }: { work: WorkOrder; onClose: () => void }) {
  const { t } = useWords()
  const write = useFinishWork()
  const fields: FieldSpec[] = [
    { name: 'product', label: t('stock.product'), required: true, fixed: true },
    { name: 'quantity', label: t('work.good'), kind: 'decimal' },
    { name: 'scrapped', label: t('work.scrapped'), kind: 'decimal' },
    { name: 'reference', label: t('work.note') },
  ]
  return (
    <RecordDialog
      id="work.finish"
      title={t('work.finish_title', { number: work.number })}
      okText={t('work.finish')}
      fields={fields}
      initial={{ product: work.product, quantity: work.open }}
      write={write}
      onSend={values =>
        write.mutate({ ...given(values), number: work.number, product: work.product }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}

/** Where things are made, and for how many minutes of a working day. */
export function WorkCentreDialog({ centre, onClose }: { centre?: WorkCentre; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutWorkCentre()
  const fields: FieldSpec[] = [
    { name: 'code', label: t('work.centre_code'), required: true, fixed: Boolean(centre) },
    { name: 'name', label: t('work.centre_name'), required: true },
    { name: 'daily_minutes', label: t('work.daily_minutes'), kind: 'decimal', required: true },
  ]
  return (
    <RecordDialog
      id="work.centre"
      title={t(centre ? 'work.edit_centre' : 'work.new_centre')}
      okText={t('action.save')}
      fields={fields}
      initial={
        centre
          ? { code: centre.code, name: centre.name, daily_minutes: String(centre.daily_minutes) }
          : { daily_minutes: '480' }
      }
      write={write}
      onSend={values =>
        write.mutate(
          { code: values.code ?? '', name: values.name, daily_minutes: Number(values.daily_minutes) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}
