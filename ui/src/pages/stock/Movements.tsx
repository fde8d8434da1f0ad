import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useMovements } from '../../api/supply'
import type { StockMovement } from '../../api/types'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { groupDigits } from '../../ui/money'
import { When } from '../../ui/Time'
import { MoveDialog } from './MoveDialog'
import type { ViewProps } from './StockPage'

function useColumns(product: boolean): Column<StockMovement>[] {
  const { t, code } = useWords()
  const why = (row: StockMovement) => [row.reference, row.reason].filter(Boolean).join(' · ')
  const columns: Column<StockMovement>[] = [
    { key: 'at', title: t('stock.at'), cell: row => <When at={row.at} /> },
    { key: 'product', title: t('stock.product'), cell: row => row.product },
    { key: 'kind', title: t('stock.kind'), cell: row => code('movement', row.kind) },
    { key: 'warehouse', title: t('stock.warehouse'), cell: row => row.warehouse },
    {
      key: 'quantity',
      title: t('line.quantity'),
      right: true,
      cell: row => (
        <span className={row.quantity.startsWith('-') ? 'num ink-red' : 'num ink-green'}>
          {row.quantity.startsWith('-') ? '' : '+'}
          {groupDigits(row.quantity)}
        </span>
      ),
    },
    {
      key: 'why',
      title: t('stock.why'),
      cell: row =>
        row.order_id ? (
          <Link to="/orders/$id" params={{ id: row.order_id }} data-testid={`movement.order:${row.log_seq}`}>
            {why(row) || t('stock.order')}
          </Link>
        ) : (
          why(row) || '–'
        ),
    },
    { key: 'actor', title: t('stock.actor'), cell: row => row.actor },
  ]
  return columns.filter(column => product || column.key !== 'product')
}

/** What came, went, changed place or was counted, of one product or of all. */
export function MovementList({ product }: { product?: string }) {
  const { t } = useWords()
  const columns = useColumns(!product)
  return (
    <DataTable
      id="stock.movements"
      label={t('stock.view.movements')}
      live="stock"
      pages={useMovements(product)}
      keyOf={row => `${row.log_seq}:${row.product}:${row.warehouse}:${row.quantity}`}
      columns={columns}
      none={t('stock.no_movements')}
    />
  )
}

export function Movements(_: ViewProps) {
  const { t } = useWords()
  const may = useMay()
  const [moving, setMoving] = useState(false)
  return (
    <>
      {may('feed_stock') && (
        <div className="filters">
          <Button type="primary" onClick={() => setMoving(true)} data-testid="stock.move">
            {t('stock.move')}
          </Button>
        </div>
      )}
      <MovementList />
      {moving && <MoveDialog onClose={() => setMoving(false)} />}
    </>
  )
}
