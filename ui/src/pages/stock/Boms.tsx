import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useBoms } from '../../api/supply'
import type { Bom } from '../../api/types'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { groupDigits } from '../../ui/money'
import { BomDialog } from './BomDialog'
import type { ViewProps } from './StockPage'

/** What products are made of, and how long making them takes. */
export function Boms({ onChange }: ViewProps) {
  const { t } = useWords()
  const may = useMay()
  const [editing, setEditing] = useState<Bom | 'new'>()
  const columns: Column<Bom>[] = [
    { key: 'product', title: t('stock.product'), cell: row => <span className="strong">{row.product}</span> },
    {
      key: 'components',
      title: t('bom.components'),
      cell: row => (
        <span className="days">
          {row.components.map(part => (
            <button
              key={part.product}
              type="button"
              className="row-open"
              onClick={() => onChange({ product: part.product })}
              data-testid={`boms.part:${row.product}:${part.product}`}
            >
              {groupDigits(part.quantity)} × {part.product}
            </button>
          ))}
        </span>
      ),
    },
    { key: 'days', title: t('bom.days'), right: true, cell: row => <span className="num">{row.days}</span> },
  ]
  const writes = may('write_purchases')
  return (
    <>
      {writes && (
        <div className="filters">
          <Button type="primary" onClick={() => setEditing('new')} data-testid="boms.new">
            {t('bom.new')}
          </Button>
        </div>
      )}
      <DataTable
        id="boms"
        label={t('stock.view.boms')}
        live="stock"
        pages={useBoms()}
        keyOf={row => row.product}
        columns={columns}
        none={t('bom.none')}
        onOpen={writes ? setEditing : undefined}
      />
      {editing && (
        <BomDialog bom={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  )
}
