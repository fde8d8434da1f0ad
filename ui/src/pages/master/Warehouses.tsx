import { useState } from 'react'
import { useMay } from '../../api/admin'
import { usePutWarehouse, useWarehouses } from '../../api/supply'
import type { Warehouse } from '../../api/types'
import type { FieldSpec, Values } from '../../forms/Fields'
import { changed, given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Tools } from './Tools'

function WarehouseDialog({ warehouse, onClose }: { warehouse?: Warehouse; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutWarehouse()
  const before: Values = warehouse
    ? { code: warehouse.code, name: warehouse.name, rank: String(warehouse.rank) }
    : {}
  const fields: FieldSpec[] = [
    { name: 'code', label: t('warehouse.code'), required: true, fixed: Boolean(warehouse) },
    { name: 'name', label: t('warehouse.name'), required: true },
    { name: 'rank', label: t('warehouse.rank'), kind: 'decimal' },
  ]
  const send = (values: Values) => {
    const { rank, ...rest } = warehouse ? changed(before, values) : given(values)
    const body = { ...rest, code: values.code ?? '', ...(rank && { rank: Number(rank) }) }
    write.mutate(body, { onSuccess: onClose })
  }
  return (
    <RecordDialog
      id="warehouse"
      title={t(warehouse ? 'warehouse.edit' : 'warehouse.new')}
      okText={t('action.save')}
      fields={fields}
      initial={before}
      write={write}
      onSend={send}
      onClose={onClose}
    />
  )
}

/** Where goods lie, the place that is tried first at the top. */
export function Warehouses() {
  const { t } = useWords()
  const may = useMay()
  const [editing, setEditing] = useState<Warehouse | 'new'>()
  const columns: Column<Warehouse>[] = [
    { key: 'code', title: t('warehouse.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('warehouse.name'), cell: row => row.name },
    {
      key: 'rank',
      title: t('warehouse.rank'),
      right: true,
      cell: row => <span className="num">{row.rank}</span>,
    },
  ]
  return (
    <>
      <Tools id="warehouses" onNew={() => setEditing('new')} />
      <DataTable
        id="warehouses"
        label={t('master.view.warehouses')}
        live="master"
        pages={useWarehouses()}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <WarehouseDialog
          warehouse={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
