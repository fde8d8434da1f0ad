import { useState } from 'react'
import { useFulfil } from '../../../api/fulfil'
import type { Line, Order } from '../../../api/types'
import { type FieldSpec, Fields, type Values } from '../../../forms/Fields'
import { FormDialog } from '../../../forms/FormDialog'
import { given } from '../../../forms/faults'
import { useWords } from '../../../i18n'
import { groupDigits } from '../../../ui/money'
import { counted, firm, type Leaving, leftOf, linesOf } from './leaving'

/** The fields of a line; the server names it by its place among the lines that leave. */
function useLineFields() {
  const { t } = useWords()
  return (line: Line, at: number): FieldSpec[] => [
    {
      name: 'quantity',
      path: `lines[${at}].quantity`,
      label: t('ship.now'),
      kind: 'decimal',
      required: true,
    },
    {
      name: 'warehouse',
      path: `lines[${at}].warehouse`,
      label: t('stock.warehouse'),
      suggest: line.promise.from.flatMap(part => part.warehouse ?? []),
      placeholder: t('ship.where_held'),
    },
  ]
}

/** Records goods that leave, all or in part, against the revision that was confirmed last. */
export function ShipDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useWords()
  const write = useFulfil(order.id)
  const { revision, lines } = firm(order)
  const open = lines.filter(line => Number(leftOf(line)) > 0)
  const [typed, setTyped] = useState<Record<string, Leaving>>(() =>
    Object.fromEntries(open.map(line => [line.id, { quantity: leftOf(line) }])),
  )
  const [head, setHead] = useState<Values>({})
  const fields = useLineFields()
  const leaving = linesOf(open, typed)
  const places = new Map(leaving.map((each, at) => [each.line, at]))
  const headFields: FieldSpec[] = [
    { name: 'carrier', label: t('ship.carrier') },
    { name: 'note', label: t('ship.note') },
  ]
  const put = (line: Line, values: Leaving) => {
    write.reset()
    setTyped({ ...typed, [line.id]: values })
  }
  const shown = open.flatMap(line => fields(line, places.get(line.id) ?? -1).map(spec => spec.path ?? ''))
  return (
    <FormDialog
      id="order.shipping"
      title={t('ship.title', { number: order.number, n: revision })}
      okText={t('action.ship')}
      ready={leaving.length > 0}
      write={write}
      wide
      shown={[...shown, 'carrier', 'note']}
      onSend={() =>
        write.mutate(
          { act: 'shipments', body: { revision, lines: leaving, ...given(head) } },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <div className="ship-lines">
        {open.map(line => (
          <section key={line.id} className="ship-line" aria-label={line.product ?? line.id}>
            <div>
              <span className="strong">{line.product}</span>{' '}
              <span className="quiet">{line.product_name}</span>{' '}
              <span className="num">
                {t('ship.open_of', {
                  left: groupDigits(leftOf(line)),
                  quantity: groupDigits(counted(line).quantity ?? '0'),
                  unit: counted(line).unit ?? '',
                })}
              </span>
            </div>
            <Fields
              id={`order.shipping:${line.id}`}
              specs={fields(line, places.get(line.id) ?? -1)}
              values={{ ...typed[line.id] } as Values}
              onChange={values => put(line, values)}
            />
          </section>
        ))}
      </div>
      <Fields id="order.shipping" specs={headFields} values={head} onChange={setHead} />
    </FormDialog>
  )
}
