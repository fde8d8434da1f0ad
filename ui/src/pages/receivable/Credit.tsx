import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useCredit } from '../../api/fulfil'
import type { CustomerCredit } from '../../api/types'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Failed, Loading } from '../../ui/states'
import { LimitDialog } from './LimitDialog'

const STAGES = ['ordered', 'shipped', 'billed', 'exposure', 'limit', 'left', 'overdue'] as const

function Figures({ credit }: { credit: CustomerCredit }) {
  const { t } = useWords()
  return (
    <dl className="facts credit">
      {STAGES.map(name => (
        <div key={name}>
          <dt>{t(`credit.${name}`)}</dt>
          <dd data-testid={`credit.${name}`}>
            {credit[name] === null && name === 'limit' ? (
              t('credit.unchecked')
            ) : (
              <span className={name === 'overdue' && Number(credit.overdue) > 0 ? 'ink-red' : undefined}>
                <Money value={credit[name]} currency={credit.currency} strong={name === 'left'} />
              </span>
            )}
            {name === 'limit' && credit.limit_until && (
              <span className="quiet"> {t('credit.until', { day: credit.limit_until })}</span>
            )}
          </dd>
        </div>
      ))}
      {credit.temporary_limit && (
        <div>
          <dt>{t('credit.temporary')}</dt>
          <dd>
            <Money value={credit.temporary_limit} currency={credit.currency} />{' '}
            {credit.temporary_limit_until && t('credit.until', { day: credit.temporary_limit_until })}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** Orders over the limit; with a payment thought of, which of them it would let go. */
function Waiting({ credit, customer }: { credit: CustomerCredit; customer: string }) {
  const { t } = useWords()
  if (!credit.waiting.length) return <p className="quiet">{t('credit.none_waiting')}</p>
  return (
    <ul data-testid="credit.waiting" data-count={credit.waiting.length}>
      {credit.waiting.map(order => (
        <li key={order.order} className="absence-row">
          <Link to="/orders/$id" params={{ id: order.order }}>
            {order.number}
          </Link>
          {order.customer !== customer && <span className="quiet">{order.customer}</span>}
          <Money value={order.amount} currency={order.currency} strong />
          {order.goes ? (
            <span className="tag tag-green">{t('credit.goes')}</span>
          ) : order.payment_needed === null ? (
            <span className="quiet">{t('credit.no_payment_helps')}</span>
          ) : (
            <span className="quiet">
              {t('credit.needed')} <Money value={order.payment_needed} currency={credit.currency} />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What a customer owes by stage, what is left of the credit, and what a payment would let go. */
export function Credit({ customer }: { customer: string }) {
  const { t } = useWords()
  const may = useMay()
  const [payment, setPayment] = useState('')
  const [granting, setGranting] = useState(false)
  const asked = /^\d+(\.\d+)?$/.test(payment.trim()) ? payment.trim() : ''
  const { data, error, isPending, refetch } = useCredit(customer, asked, true)
  if (isPending) return <Loading rows={4} />
  if (!data) return <Failed id="credit" error={error} retry={() => refetch()} />
  return (
    <section className="block" data-testid="credit" data-live="order">
      <h3>
        {t('credit.title')}{' '}
        {may('keep_accounts') && (
          <Button size="small" onClick={() => setGranting(true)} data-testid="credit.grant">
            {t('credit.grant')}
          </Button>
        )}
      </h3>
      {granting && <LimitDialog customer={customer} credit={data} onClose={() => setGranting(false)} />}
      <Figures credit={data} />
      {data.waiting.length > 0 && (
        <TextField
          inputMode="decimal"
          label={t('credit.payment')}
          value={payment}
          onChange={setPayment}
          id="credit.payment"
        />
      )}
      <Waiting credit={data} customer={customer} />
    </section>
  )
}
