import { useStock } from '../../api/supply'
import type { Stock } from '../../api/types'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Quantity } from '../../ui/Money'
import { Available, Counted, Rarely } from './Figures'
import type { ViewProps } from './StockPage'

/** What each place has of each product, what of it is spoken for, and what is free. */
export function Levels({ search, onChange }: ViewProps) {
  const { t } = useWords()
  const pages = useStock(search.q)
  const columns: Column<Stock>[] = [
    { key: 'product', title: t('stock.product'), cell: row => <span className="strong">{row.product}</span> },
    { key: 'warehouse', title: t('stock.warehouse'), cell: row => row.warehouse },
    { key: 'on_hand', title: t('stock.on_hand'), right: true, cell: row => <Quantity value={row.on_hand} /> },
    { key: 'frozen', title: t('stock.frozen'), right: true, cell: row => <Rarely value={row.frozen} /> },
    { key: 'safety', title: t('stock.safety'), right: true, cell: row => <Rarely value={row.safety} /> },
    { key: 'soft', title: t('stock.soft'), right: true, cell: row => <Rarely value={row.reserved_soft} /> },
    { key: 'hard', title: t('stock.hard'), right: true, cell: row => <Rarely value={row.reserved_hard} /> },
    { key: 'available', title: t('stock.available'), right: true, cell: row => <Available row={row} /> },
    { key: 'as_of', title: t('stock.as_of'), cell: row => <Counted row={row} /> },
  ]
  return (
    <>
      <search className="filters">
        <ListSearch id="stock.q" label={t('stock.search')} value={search.q} onChange={q => onChange({ q })} />
      </search>
      <DataTable
        id="stock.levels"
        label={t('stock.view.levels')}
        live="stock"
        pages={pages}
        keyOf={row => `${row.product}:${row.warehouse}`}
        columns={columns}
        none={t(search.q ? 'stock.none_match' : 'stock.none')}
        onClear={search.q ? () => onChange({ q: undefined }) : undefined}
        onOpen={row => onChange({ product: row.product })}
      />
    </>
  )
}
