import { Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useWorkCentres, useWorkOrders } from '../../api/supply'
import type { WorkCentre, WorkOrder } from '../../api/types'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Quantity } from '../../ui/Money'
import { Day } from '../../ui/Time'
import type { ViewProps } from './StockPage'
import { FinishDialog, WorkCentreDialog, WorkOrderDialog } from './WorkDialogs'

const STATES = ['requested', 'planned', 'released', 'finished', 'cancelled']
const TONE: Record<string, string> = {
  requested: 'amber',
  planned: 'grey',
  released: 'blue',
  finished: 'green',
}

function useColumns(onFinish: ((row: WorkOrder) => void) | undefined): Column<WorkOrder>[] {
  const { t, code } = useWords()
  const quantity = (name: 'quantity' | 'finished' | 'open'): Column<WorkOrder> => ({
    key: name,
    title: t(`work.${name}`),
    right: true,
    cell: row => <Quantity value={row[name]} />,
  })
  return [
    {
      key: 'number',
      title: t('work.number'),
      cell: row => <span className="strong nowrap">{row.number}</span>,
    },
    {
      key: 'state',
      title: t('col.status'),
      cell: row => (
        <span className={`tag tag-${TONE[row.state] ?? 'grey'}`}>{code('work_state', row.state)}</span>
      ),
    },
    { key: 'product', title: t('stock.product'), cell: row => row.product },
    { key: 'centre', title: t('work.centre'), cell: row => row.work_centre ?? '–' },
    { key: 'warehouse', title: t('stock.warehouse'), cell: row => row.warehouse ?? '–' },
    quantity('quantity'),
    quantity('finished'),
    quantity('open'),
    {
      key: 'due',
      title: t('work.due_date'),
      cell: row => <Day date={row.due_date} late={row.state === 'released'} />,
    },
    {
      key: 'order',
      title: t('stock.order'),
      cell: row =>
        row.order_id ? (
          <Link to="/orders/$id" params={{ id: row.order_id }} data-testid={`work.order:${row.number}`}>
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
        onFinish &&
        row.state === 'released' && (
          <Button size="small" onClick={() => onFinish(row)} data-testid={`work.finish:${row.number}`}>
            {t('work.finish')}
          </Button>
        ),
    },
  ]
}

/** Where things are made: how many minutes of a day, and how many are taken. */
function Centres({ onOpen }: { onOpen: ((centre: WorkCentre | 'new') => void) | undefined }) {
  const { t } = useWords()
  const { data } = useWorkCentres()
  return (
    <div className="filters" data-testid="work.centres" data-count={data?.length ?? 0}>
      {data?.map(centre => (
        <Button
          key={centre.code}
          disabled={!onOpen}
          onClick={() => onOpen?.(centre)}
          data-testid={`work.centre:${centre.code}`}
        >
          {t('work.load', {
            name: centre.name,
            days: (centre.load_minutes / centre.daily_minutes).toFixed(1),
          })}
        </Button>
      ))}
      {onOpen && (
        <Button onClick={() => onOpen('new')} data-testid="work.centre.new">
          {t('work.new_centre')}
        </Button>
      )}
    </div>
  )
}

/** What is asked for, planned and being made, when it is expected and what of it is done. */
export function WorkOrders({ search, onChange }: ViewProps) {
  const { t, code } = useWords()
  const may = useMay()
  const writes = may('write_purchases')
  const [editing, setEditing] = useState<WorkOrder | 'new'>()
  const [finishing, setFinishing] = useState<WorkOrder>()
  const [centre, setCentre] = useState<WorkCentre | 'new'>()
  const filtered = Boolean(search.q || search.state)
  const columns = useColumns(may('feed_stock') ? setFinishing : undefined)
  return (
    <>
      <Centres onOpen={writes ? setCentre : undefined} />
      <search className="filters">
        <ListSearch id="work.q" label={t('work.search')} value={search.q} onChange={q => onChange({ q })} />
        <Select
          allowClear
          className="filter"
          value={search.state ?? null}
          placeholder={t('filter.status')}
          aria-label={t('filter.status')}
          options={STATES.map(value => ({ value, label: code('work_state', value) }))}
          onChange={state => onChange({ state: state ?? undefined })}
          data-testid="work.states"
        />
        {writes && (
          <Button type="primary" onClick={() => setEditing('new')} data-testid="work.new">
            {t('work.new')}
          </Button>
        )}
      </search>
      <DataTable
        id="work"
        label={t('stock.view.work')}
        live="stock"
        pages={useWorkOrders({ q: search.q, state: search.state })}
        keyOf={row => row.number}
        columns={columns}
        none={t(filtered ? 'work.none_match' : 'work.none')}
        onClear={filtered ? () => onChange({ q: undefined, state: undefined }) : undefined}
        onOpen={writes ? setEditing : undefined}
      />
      {editing && (
        <WorkOrderDialog
          work={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {finishing && <FinishDialog work={finishing} onClose={() => setFinishing(undefined)} />}
      {centre && (
        <WorkCentreDialog
          centre={centre === 'new' ? undefined : centre}
          onClose={() => setCentre(undefined)}
        />
      )}
    </>
  )
}
