import { Link } from '@tanstack/react-router'
import { usePreparation } from '../../api/supply'
import type { Preparation as PreparationLine } from '../../api/types'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Quantity } from '../../ui/Money'
import { Day } from '../../ui/Time'
import type { ViewProps } from './StockPage'

function useColumns(): Column<PreparationLine>[] {
  const { t } = useWords()
  return [
    { key: 'date', title: t('preparation.date'), cell: row => <Day date={row.requested_date} late /> },
    {
      key: 'order',
      title: t('stock.order'),
      cell: row => (
        <Link
          className="strong nowrap"
          to="/orders/$id"
          params={{ id: row.order_id }}
          data-testid={`preparation.order:${row.number}:${row.line}`}
        >
          {row.number} · {row.line}
        </Link>
      ),
    },
    { key: 'customer', title: t('col.customer'), cell: row => row.customer_name ?? '–' },
    { key: 'product', title: t('stock.product'), cell: row => row.product ?? '–' },
    { key: 'warehouse', title: t('stock.warehouse'), cell: row => row.warehouse },
    {
      key: 'quantity',
      title: t('purchase.quantity'),
      right: true,
      cell: row => <Quantity value={row.quantity} />,
    },
  ]
}

/** What the warehouse has to prepare, and for when. */
export function Preparation({ search, onChange }: ViewProps) {
  const { t } = useWords()
  const columns = useColumns()
  const warehouse = search.q || undefined
  return (
    <>
      <search className="filters">
        <ListSearch
          id="preparation.warehouse"
          label={t('preparation.warehouse')}
          value={search.q}
          onChange={q => onChange({ q })}
        />
      </search>
      <DataTable
        id="preparation"
        label={t('stock.view.preparation')}
        live="stock"
        pages={usePreparation(warehouse)}
        keyOf={row => `${row.number}:${row.line}:${row.product}:${row.warehouse}`}
        columns={columns}
        none={t(warehouse ? 'preparation.none_match' : 'preparation.none')}
        onClear={warehouse ? () => onChange({ q: undefined }) : undefined}
      />
    </>
  )
}
