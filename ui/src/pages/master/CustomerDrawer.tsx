import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useMay } from '../../api/admin'
import { useCustomer } from '../../api/master'
import type { Customer } from '../../api/types'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading } from '../../ui/states'
import { Credit } from '../receivable/Credit'

function Facts({ title, rows }: { title: string; rows: [name: string, value: ReactNode][] }) {
  return (
    <section className="block">
      <h3>{title}</h3>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || '–'}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Known({ customer }: { customer: Customer }) {
  const { t, code } = useWords()
  const { invoice } = customer
  return (
    <>
      <Facts
        title={t('order.group.terms')}
        rows={[
          [t('field.customer.level'), customer.level],
          [t('field.payment_terms'), code('payment_terms', customer.payment_terms)],
          [t('account.method'), code('payment_method', customer.payment_method)],
          [t('field.currency'), customer.currency],
          [t('customer.owner'), customer.owner],
        ]}
      />
      <Facts
        title={t('customer.invoice')}
        rows={[
          [t('field.invoice.title'), invoice.title],
          [t('field.invoice.tax_no'), invoice.tax_no],
          [t('field.invoice.kind'), code('invoice.kind', invoice.kind)],
          [t('field.invoice.bank_name'), invoice.bank_name],
          [t('field.invoice.bank_account'), invoice.bank_account],
        ]}
      />
      <Facts
        title={t('customer.ship_to')}
        rows={customer.ship_to.map((place, i) => [
          String(i + 1),
          [place.name, place.phone, place.address].filter(Boolean).join(' · '),
        ])}
      />
      <Facts
        title={t('customer.contacts')}
        rows={customer.contacts.map(contact => [
          contact.name,
          [contact.email, contact.phone].filter(Boolean).join(' · '),
        ])}
      />
    </>
  )
}

/** What is known of a customer, what they owe, and the way to their orders. */
export function CustomerDrawer({
  id,
  onEdit,
  onClose,
}: {
  id: string
  onEdit: (customer: Customer) => void
  onClose: () => void
}) {
  const { t } = useWords()
  const may = useMay()
  const { data, error, isPending, refetch } = useCustomer(id)
  return (
    <Drawer
      open
      size={680}
      title={
        <span data-testid="customer.title">
          {data?.name} <span className="quiet">{id}</span>
        </span>
      }
      onClose={onClose}
      extra={
        data &&
        may('write_master') && (
          <Button type="primary" onClick={() => onEdit(data)} data-testid="customer.edit">
            {t('action.edit')}
          </Button>
        )
      }
    >
      <div data-testid="customer.drawer" data-live="master">
        {isPending && <Loading />}
        {error && !data && <Failed id="customer" error={error} retry={() => refetch()} />}
        {data === null && <Empty id="customer" text={t('master.none_match')} />}
        {may('read_orders') && (
          <Link to="/orders" search={{ view: 'all', customer: id }} data-testid="customer.orders">
            {t('customer.orders')}
          </Link>
        )}
        {data && <Known customer={data} />}
        {data && may('read_receivables') && <Credit customer={id} />}
      </div>
    </Drawer>
  )
}
