import { ArrowUpOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useDepartments, useMay } from '../../api/admin'
import { type SlaRow, type Tagged, usePutSla, useSla } from '../../api/settings'
import type { FieldSpec, Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { allComplete, type Item, Items, itemsOf, pathsOf, valuesOf } from '../../forms/Items'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading } from '../../ui/states'
import { durationWords } from '../../ui/time'

const stages = ['receive', 'check', 'review', 'customer', 'execute']
const MINUTE_MS = 60_000
const asking = ['stage', 'department', 'order_type', 'customer_level'] as const

/** Rows as people type them: hours in place of minutes. */
const typed = (row: SlaRow): Values => ({
  ...Object.fromEntries(asking.map(name => [name, row[name] ?? ''])),
  hours: String(row.minutes / 60),
  remind: row.remind_before_minutes == null ? '' : String(row.remind_before_minutes / 60),
})
const minutes = (hours: string | undefined) => Math.round(Number(hours) * 60)
const rowOf = (values: Values): SlaRow =>
  ({
    ...Object.fromEntries(asking.map(name => [name, values[name]?.trim() || null])),
    minutes: minutes(values.hours),
    remind_before_minutes: values.remind?.trim() ? minutes(values.remind) : null,
  }) as SlaRow

function SlaDialog({ read, onClose }: { read: Tagged<{ items: SlaRow[] }>; onClose: () => void }) {
  const { t, code, words } = useWords()
  const write = usePutSla()
  const departments = useDepartments()
  const [items, setItems] = useState<Item[]>(() => itemsOf(read.body.items.map(typed)))
  const any = t('sla.any')
  const fields: FieldSpec[] = [
    {
      name: 'stage',
      label: t('sla.stage'),
      kind: 'choice',
      placeholder: any,
      options: stages.map(value => ({ value, label: code('stage', value) })),
    },
    {
      name: 'department',
      label: t('sla.department'),
      kind: 'choice',
      placeholder: any,
      options: departments.data?.map(each => ({ value: each.code, label: words(each.name) })),
    },
    { name: 'order_type', label: t('sla.order_type'), placeholder: any },
    { name: 'customer_level', label: t('sla.customer_level'), placeholder: any },
    { name: 'hours', label: t('sla.hours'), kind: 'decimal', required: true },
    { name: 'remind', label: t('sla.remind'), kind: 'decimal' },
  ]
  const numbers = valuesOf(items).every(
    row => Number.isFinite(minutes(row.hours)) && Number.isFinite(minutes(row.remind || '0')),
  )
  const first = items[0]
  return (
    <FormDialog
      id="sla"
      title={t('sla.edit')}
      okText={t('action.save')}
      wide
      ready={numbers && allComplete(items, fields)}
      write={write}
      shown={pathsOf('items', items, fields)}
      onSend={() =>
        write.mutate({ tag: read.tag, body: { items: valuesOf(items).map(rowOf) } }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <p className="quiet">{t('sla.order')}</p>
      <Items id="sla" title={t('sla.title')} name="items" items={items} fields={fields} onChange={setItems} />
      {items.length > 1 && first && (
        <Button
          size="small"
          icon={<ArrowUpOutlined aria-hidden />}
          onClick={() => setItems([...items.slice(-1), ...items.slice(0, -1)])}
          data-testid="sla.last_first"
        >
          {t('sla.last_first')}
        </Button>
      )}
    </FormDialog>
  )
}

/** Until when each step is to be done where its flow says nothing: the first row that fits counts. */
export function SlaTable() {
  const { t, code, words } = useWords()
  const writes = useMay()('write_organisation')
  const { data, error, isPending, refetch } = useSla()
  const departments = useDepartments()
  const [editing, setEditing] = useState(false)
  const rows = data?.body.items ?? []
  const any = <span className="quiet">{t('sla.any')}</span>
  const department = (key: string) => words(departments.data?.find(each => each.code === key)?.name) || key
  return (
    <section className="card tab-body" data-testid="sla.table" data-count={rows.length}>
      <div className="beside">
        <h2 className="grow">{t('sla.title')}</h2>
        {writes && data && (
          <Button onClick={() => setEditing(true)} data-testid="sla.edit">
            {t('sla.edit')}
          </Button>
        )}
      </div>
      <p className="quiet">{t('sla.note')}</p>
      {isPending && <Loading rows={3} />}
      {error && !data && <Failed id="sla" error={error} retry={() => refetch()} />}
      {data && rows.length === 0 && <Empty id="sla" text={t('sla.none')} />}
      {rows.length > 0 && (
        <table className="table table-cards">
          <thead>
            <tr>
              <th>{t('sla.stage')}</th>
              <th>{t('sla.department')}</th>
              <th>{t('sla.order_type')}</th>
              <th>{t('sla.customer_level')}</th>
              <th className="right">{t('sla.target')}</th>
              <th className="right">{t('sla.reminder')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by their order
              <tr key={at} data-testid={`sla.row:${at}`}>
                <td data-label={t('sla.stage')}>{row.stage ? code('stage', row.stage) : any}</td>
                <td data-label={t('sla.department')}>{row.department ? department(row.department) : any}</td>
                <td data-label={t('sla.order_type')}>{row.order_type ?? any}</td>
                <td data-label={t('sla.customer_level')}>{row.customer_level ?? any}</td>
                <td className="right" data-label={t('sla.target')}>
                  {durationWords(row.minutes * MINUTE_MS, t)}
                </td>
                <td className="right" data-label={t('sla.reminder')}>
                  {row.remind_before_minutes == null
                    ? '–'
                    : durationWords(row.remind_before_minutes * MINUTE_MS, t)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {editing && data && <SlaDialog read={data} onClose={() => setEditing(false)} />}
    </section>
  )
}
