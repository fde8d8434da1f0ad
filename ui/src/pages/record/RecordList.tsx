import { Link, useNavigate } from '@tanstack/react-router'
import { useMay } from '../../api/admin'
import { findCustomers, useTaskChoices } from '../../api/hooks'
import type { Pages } from '../../api/pages'
import type { RecordQuery } from '../../api/records'
import type { RecordHead } from '../../api/types'
import type { RecordView, Tab } from '../../app/places'
import { CodeSelect } from '../../forms/CodeSelect'
import { FilterSelect, FoldingFilters } from '../../forms/FilterBar'
import { DayField } from '../../forms/FilterFields'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Day } from '../../ui/Time'
import type { ViewProps } from './RecordsPage'

/** Where the record stands on the page of its order. */
const tabOf: Record<RecordView, Tab> = {
  shipments: 'shipments',
  invoices: 'accounts',
  payments: 'accounts',
  complaints: 'complaints',
}

/** Of a list that is asked for states, those there are, with their words. */
interface States {
  all: readonly string[]
  word: (state: string) => string
}

function Filters({ query, states, ofGoods, onChange }: ViewProps & { states?: States; ofGoods?: boolean }) {
  const { t } = useWords()
  const may = useMay()
  const { data: choices } = useTaskChoices()
  const offers = (field: string) => choices?.fields.includes(field) ?? false
  return (
    <>
      {offers('customer') && may('read_master') && (
        <CodeSelect
          id="records.filter:customer"
          label={t('filter.customer')}
          placeholder={t('filter.customer')}
          className="filter"
          value={query.customer ?? ''}
          find={findCustomers}
          onChange={customer => onChange({ customer })}
          onClear={() => onChange({ customer: undefined })}
        />
      )}
      <DayField
        id="records.filter:from"
        label={t('records.from')}
        value={query.from ?? ''}
        onChange={from => onChange({ from })}
      />
      <DayField
        id="records.filter:to"
        label={t('records.to')}
        value={query.to ?? ''}
        onChange={to => onChange({ to })}
      />
      {ofGoods && offers('warehouse') && (
        <FilterSelect
          id="records.filter:warehouse"
          label={t('filter.warehouse')}
          value={query.warehouse}
          options={choices?.warehouses.map(({ code: value, name }) => ({ value, label: name })) ?? []}
          onChange={warehouse => onChange({ warehouse })}
        />
      )}
      {states && (
        <FilterSelect
          id="records.filter:state"
          label={t('col.status')}
          value={query.state}
          options={states.all.map(value => ({ value, label: states.word(value) }))}
          onChange={state => onChange({ state })}
        />
      )}
    </>
  )
}

/** One of the lists: its filters, its own columns and those that all have. Every row leads to its order. */
export function RecordList<Row extends RecordHead>({
  view,
  query,
  pages,
  keyOf,
  own,
  onChange,
  ...filters
}: ViewProps & {
  view: RecordView
  pages: Pages<Row>
  keyOf: (row: Row) => string
  own: Column<Row>[]
  states?: States
  ofGoods?: boolean
}) {
  const { t } = useWords()
  const navigate = useNavigate()
  const order = (row: Row) =>
    ({ to: '/orders/$id', params: { id: row.order }, search: { tab: tabOf[view] } }) as const
  const [first, ...rest] = own
  const columns: (Column<Row> | undefined)[] = [
    first,
    { key: 'number', title: t('col.number'), cell: row => <Link {...order(row)}>{row.number}</Link> },
    { key: 'customer', title: t('col.customer'), cell: row => row.customer_name ?? '–' },
    ...rest,
    { key: 'date', title: t('records.date'), cell: row => <Day date={row.date} /> },
    { key: 'by', title: t('records.by'), cell: row => row.by.name },
  ]
  const asked = Object.entries(query).filter(([, value]) => value)
  const nothing = Object.fromEntries(asked.map(([name]) => [name, undefined])) as RecordQuery
  const clear = asked.length ? () => onChange(nothing) : undefined
  return (
    <>
      <FoldingFilters
        id="records"
        count={asked.filter(([name]) => name !== 'q').length}
        onClear={clear}
        first={
          <ListSearch
            id="records.q"
            label={t(`records.search.${view}`)}
            value={query.q}
            onChange={q => onChange({ q })}
          />
        }
      >
        <Filters query={query} onChange={onChange} {...filters} />
      </FoldingFilters>
      <DataTable
        id={view}
        label={t(`records.view.${view}`)}
        live="order"
        pages={pages}
        keyOf={keyOf}
        columns={columns.filter(column => column !== undefined)}
        none={t(asked.length ? 'records.none_match' : `records.none.${view}`)}
        onClear={clear}
        onOpen={row => navigate(order(row))}
      />
    </>
  )
}
