import { useState } from 'react'
import { useCustomers } from '../../api/master'
import type { Customer } from '../../api/types'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money } from '../../ui/Money'
import { CustomerDialog } from './CustomerDialog'
import { CustomerDrawer } from './CustomerDrawer'
import type { ViewProps } from './MasterPage'
import { missingOf } from './missing'
import { Tools } from './Tools'

/** What an order of a customer will have to ask for, because it is not known. */
function Missing({ customer }: { customer: Customer }) {
  const { t } = useWords()
  const missing = missingOf(customer)
  if (!missing.length) return <span className="tag tag-green">{t('master.complete')}</span>
  return (
    <span className="tag tag-amber">
      {t('master.missing', { what: missing.map(name => t(`customer.${name}`)).join(t('list.comma')) })}
    </span>
  )
}

/** Customers with terms and credit; a row opens everything that is known of one. */
export function Customers({ search, onChange }: ViewProps) {
  const { t, code } = useWords()
  const pages = useCustomers(search.q)
  const [editing, setEditing] = useState<Customer | 'new'>()
  const columns: Column<Customer>[] = [
    { key: 'code', title: t('field.customer.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('field.customer.name'), cell: row => row.name },
    { key: 'level', title: t('field.customer.level'), cell: row => row.level ?? '–' },
    {
      key: 'terms',
      title: t('field.payment_terms'),
      cell: row => code('payment_terms', row.payment_terms) || '–',
    },
    {
      key: 'limit',
      title: t('customer.credit_limit'),
      right: true,
      cell: row => <Money value={row.credit_limit} currency={row.currency} />,
    },
    {
      key: 'exposure',
      title: t('customer.exposure'),
      right: true,
      cell: row => <Money value={row.exposure} currency={row.currency} />,
    },
    { key: 'missing', title: t('master.completeness'), cell: row => <Missing customer={row} /> },
  ]
  return (
    <>
      <Tools id="customers" q={search.q} onSearch={q => onChange({ q })} onNew={() => setEditing('new')} />
      <DataTable
        id="customers"
        label={t('master.view.customers')}
        live="master"
        pages={pages}
        keyOf={row => row.code}
        columns={columns}
        none={t(search.q ? 'master.none_match' : 'master.none')}
        onClear={search.q ? () => onChange({ q: undefined }) : undefined}
        onOpen={row => onChange({ code: row.code })}
      />
      {search.code && (
        <CustomerDrawer
          key={search.code}
          id={search.code}
          onEdit={setEditing}
          onClose={() => onChange({ code: undefined })}
        />
      )}
      {editing && (
        <CustomerDialog
          customer={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
