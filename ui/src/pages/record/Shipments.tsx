import { useShipments } from '../../api/records'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { RecordList } from './RecordList'
import type { ViewProps } from './RecordsPage'

/** What has left, from where and by whom. */
export function Shipments({ query, onChange }: ViewProps) {
  const { t } = useWords()
  const { state: _, ...asked } = query
  return (
    <RecordList
      view="shipments"
      query={asked}
      pages={useShipments(asked)}
      keyOf={row => row.reference}
      ofGoods
      own={[
        { key: 'reference', title: t('records.shipment'), cell: row => row.reference },
        {
          key: 'warehouse',
          title: t('filter.warehouse'),
          cell: row => row.warehouses.join(', ') || '–',
        },
        { key: 'carrier', title: t('ship.carrier'), cell: row => row.carrier ?? '–' },
        {
          key: 'value',
          title: t('records.value'),
          right: true,
          cell: row => <Money value={row.value} currency={row.currency} />,
        },
      ]}
      onChange={onChange}
    />
  )
}
