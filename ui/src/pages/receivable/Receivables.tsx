import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Checkbox, Drawer } from 'antd'
import { type ReceivableQuery, useReceivables } from '../../api/fulfil'
import type { Receivable } from '../../api/types'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money } from '../../ui/Money'
import { Day } from '../../ui/Time'
import { Credit } from './Credit'

export interface ReceivableSearch extends ReceivableQuery {
  /** Whose credit is looked at. */
  credit?: string
}

/** What customers owe and have not paid, the oldest first. */
export default function Receivables() {
  const { t } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ from: '/receivables' })
  const change = (next: ReceivableSearch) =>
    navigate({ from: '/receivables', to: '/receivables', search: old => ({ ...old, ...next }) })
  const columns: Column<Receivable>[] = [
    {
      key: 'customer',
      title: t('col.customer'),
      cell: row => <span className="strong">{row.customer}</span>,
    },
    {
      key: 'number',
      title: t('col.number'),
      cell: row => (
        <Link to="/orders/$id" params={{ id: row.order }} search={{ tab: 'accounts' }}>
          {row.number}
        </Link>
      ),
    },
    {
      key: 'amount',
      title: t('receivable.amount'),
      right: true,
      cell: row => <Money value={row.amount} currency={row.currency} strong />,
    },
    { key: 'due', title: t('receivable.due_on'), cell: row => <Day date={row.due_on} late={row.overdue} /> },
    {
      key: 'state',
      title: t('col.status'),
      cell: row =>
        row.overdue ? (
          <span className="tag tag-red">{t('receivable.overdue')}</span>
        ) : (
          <span className="tag tag-grey">{t('receivable.not_due')}</span>
        ),
    },
  ]
  const filtered = Boolean(search.customer || search.overdue)
  return (
    <div className="page receivables" data-testid="receivables.page">
      <h1>{t('nav.receivables')}</h1>
      <search className="filters">
        <ListSearch
          id="receivables.customer"
          label={t('receivable.customer')}
          value={search.customer}
          onChange={customer => change({ customer })}
        />
        <Checkbox
          checked={search.overdue === 'true'}
          onChange={event => change({ overdue: event.target.checked ? 'true' : undefined })}
          data-testid="receivables.overdue"
        >
          {t('receivable.only_overdue')}
        </Checkbox>
      </search>
      <DataTable
        id="receivables"
        label={t('nav.receivables')}
        live="order"
        pages={useReceivables({ customer: search.customer, overdue: search.overdue })}
        keyOf={row => `${row.number}:${row.due_on}`}
        columns={columns}
        none={t(filtered ? 'receivable.none_match' : 'receivable.none')}
        onClear={filtered ? () => change({ customer: undefined, overdue: undefined }) : undefined}
        onOpen={row => change({ credit: row.customer })}
      />
      {search.credit && (
        <Drawer open size={640} title={search.credit} onClose={() => change({ credit: undefined })}>
          <Credit key={search.credit} customer={search.credit} />
        </Drawer>
      )}
    </div>
  )
}
