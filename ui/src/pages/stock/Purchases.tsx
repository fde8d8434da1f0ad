import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { usePurchases } from '../../api/supply'
import type { PurchaseLine } from '../../api/types'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Quantity } from '../../ui/Money'
import { Day } from '../../ui/Time'
import { PurchaseDialog } from './PurchaseDialog'
import { ReceiveDialog } from './ReceiveDialog'
import type { ViewProps } from './StockPage'

const STATES = ['requested', 'ordered', 'received', 'cancelled']
const TONE: Record<string, string> = { requested: 'amber', ordered: 'blue', received: 'green' }

function useColumns(onReceive: ((row: PurchaseLine) => void) | undefined): Column<PurchaseLine>[] {
  const { t, code } = useWords()
  const quantity = (name: 'quantity' | 'received' | 'open'): Column<PurchaseLine> => ({
    key: name,
    title: t(`purchase.${name}`),
    right: true,
    cell: row => <Quantity value={row[name]} />,
  })
  return [
    {
      key: 'number',
      title: t('purchase.number'),
      cell: row => (
        <span className="strong nowrap">
          {row.number} · {row.line}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('col.status'),
      cell: row => (
        <span className={`tag tag-${TONE[row.state] ?? 'grey'}`}>{code('purchase_state', row.state)}</span>
      ),
    },
    { key: 'supplier', title: t('purchase.supplier'), cell: row => row.supplier ?? '–' },
    { key: 'product', title: t('stock.product'), cell: row => row.product },
    { key: 'warehouse', title: t('stock.warehouse'), cell: row => row.warehouse ?? '–' },
    quantity('quantity'),
    quantity('received'),
    quantity('open'),
    {
      key: 'due',
      title: t('purchase.due_date'),
      cell: row => <Day date={row.due_date} late={row.state === 'ordered'} />,
    },
    {
      key: 'order',
      title: t('stock.order'),
      cell: row =>
        row.order_id ? (
          <Link
            to="/orders/$id"
            params={{ id: row.order_id }}
            data-testid={`purchase.order:${row.number}:${row.line}`}
          >
            {t('action.view')}
          </Link>
        ) : (
          '–'
        ),
    },
    {
      key: 'acts',
      title: '',
      cell: row =>
        onReceive &&
        row.state === 'ordered' && (
          <Button
            size="small"
            onClick={() => onReceive(row)}
            data-testid={`purchase.receive:${row.number}:${row.line}`}
          >
            {t('purchase.receive')}
          </Button>
        ),
    },
  ]
}

/** What is asked for and bought, when it is expected and what of it came. */
export function Purchases({ search, onChange }: ViewProps) {
  const { t, code } = useWords()
  const may = useMay()
  const [editing, setEditing] = useState<PurchaseLine | 'new'>()
  const [receiving, setReceiving] = useState<PurchaseLine>()
  const columns = useColumns(may('feed_stock') ? setReceiving : undefined)
  const filtered = Boolean(search.q || search.state)
  return (
    <>
      <search className="filters">
        <ListSearch
          id="purchases.q"
          label={t('purchase.search')}
          value={search.q}
          onChange={q => onChange({ q })}
        />
        <Select
          allowClear
          className="filter"
          value={search.state ?? null}
          placeholder={t('filter.status')}
          aria-label={t('filter.status')}
          options={STATES.map(value => ({ value, label: code('purchase_state', value) }))}
          onChange={state => onChange({ state: state ?? undefined })}
          data-testid="purchases.state"
        />
        {may('write_purchases') && (
          <Button type="primary" onClick={() => setEditing('new')} data-testid="purchases.new">
            {t('purchase.new')}
          </Button>
        )}
      </search>
      <DataTable
        id="purchases"
        label={t('stock.view.purchases')}
        live="stock"
        pages={usePurchases({ q: search.q, state: search.state })}
        keyOf={row => `${row.number}:${row.line}`}
        columns={columns}
        none={t(filtered ? 'purchase.none_match' : 'purchase.none')}
        onClear={filtered ? () => onChange({ q: undefined, state: undefined }) : undefined}
        onOpen={may('write_purchases') ? setEditing : undefined}
      />
      {editing && (
        <PurchaseDialog
          line={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {receiving && <ReceiveDialog line={receiving} onClose={() => setReceiving(undefined)} />}
    </>
  )
}
