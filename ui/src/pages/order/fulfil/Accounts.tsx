import { type ReactNode, useState } from 'react'
import type { InvoiceOfOrder, Order, Payment, Reversal } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { Money } from '../../../ui/Money'
import { Empty } from '../../../ui/states'
import { Day } from '../../../ui/Time'
import { CorrectionDialog } from './CorrectionDialog'
import { InvoiceDialog } from './InvoiceDialog'
import { Invoices } from './Invoices'
import { PaymentDialog } from './PaymentDialog'
import { ReversalDialog } from './ReversalDialog'

function Fact({ name, id, children }: { name: string; id: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={`order.account:${id}`}>{children}</dd>
    </div>
  )
}

function Sums({ order }: { order: Order }) {
  const { t } = useWords()
  const { paid, passed_on, unpaid, billed, deposit, receivables } = order.fulfilment
  const money = (value: string) => <Money value={value} currency={order.currency} strong />
  return (
    <dl className="facts">
      <Fact name={t('account.paid')} id="paid">
        {money(paid)}
      </Fact>
      {passed_on && (
        <Fact name={t('account.passed_on')} id="passed_on">
          {money(passed_on)}
        </Fact>
      )}
      <Fact name={t('account.unpaid')} id="unpaid">
        {money(unpaid)}
      </Fact>
      <Fact name={t('account.billed')} id="billed">
        {money(billed)}
      </Fact>
      {Number(deposit.due) > 0 && (
        <Fact name={t('account.deposit')} id="deposit">
          {money(deposit.due)}{' '}
          <span className={deposit.arrived ? 'tag tag-green' : 'tag tag-amber'}>
            {t(deposit.arrived ? 'account.arrived' : 'account.not_arrived')}
          </span>
        </Fact>
      )}
      {receivables.map(owed => (
        <Fact key={`${owed.due_on} ${owed.amount}`} name={t('account.due')} id={owed.due_on}>
          {money(owed.amount)} <Day date={owed.due_on} late={owed.overdue} />
        </Fact>
      ))}
    </dl>
  )
}

function ReversalRow({ order, reversal }: { order: Order; reversal: Reversal }) {
  const { code } = useWords()
  return (
    <li className="absence-row account-row" data-testid="order.reversed">
      <span className="tag tag-amber">{code('reversal_kind', reversal.kind)}</span>
      <Money value={`-${reversal.amount}`} currency={order.currency} strong />
      <Day date={reversal.date} />
      <span>{reversal.reference}</span>
      <span className="grow">{reversal.reason}</span>
      <span className="quiet">{reversal.by.name}</span>
    </li>
  )
}

function Payments({ order, onReverse }: { order: Order; onReverse: (payment: Payment) => void }) {
  const { t, code } = useWords()
  const { payments, reversals } = order.fulfilment
  if (!payments.length) return <Empty id="order.payments" text={t('account.no_payments')} />
  return (
    <ul data-testid="order.payments" data-count={payments.length} data-live="order">
      {payments.map(payment => (
        <li key={`${payment.reference} ${payment.at}`} className="absence-row account-row">
          <Money value={payment.amount} currency={order.currency} strong />
          <Day date={payment.date} />
          <span>{code('payment_method', payment.method)}</span>
          <span className="grow">{payment.reference}</span>
          <span className="quiet">{payment.by.name}</span>
          {Number(payment.left) > 0 && (
            <ActionButton
              actions={order.actions}
              name="reverse_payment"
              size="small"
              onClick={() => onReverse(payment)}
              data-testid={`order.reverse_payment:${payment.reference}`}
            />
          )}
        </li>
      ))}
      {reversals.map(reversal => (
        <ReversalRow key={`${reversal.reference} ${reversal.at}`} order={order} reversal={reversal} />
      ))}
    </ul>
  )
}

type Asking =
  | 'payment'
  | 'request'
  | { issue?: InvoiceOfOrder }
  | { reverse: Payment }
  | { correct: InvoiceOfOrder }

/** What was paid, invoiced and is still owed for the order. */
export function Accounts({ order }: { order: Order }) {
  const { t } = useWords()
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  return (
    <>
      <Sums order={order} />
      <section className="block">
        <div className="block-head">
          <h3>{t('account.payments')}</h3>
          <ActionButton
            actions={order.actions}
            name="record_payment"
            onClick={() => setAsking('payment')}
            data-testid="order.record_payment"
          />
        </div>
        <Payments order={order} onReverse={reverse => setAsking({ reverse })} />
      </section>
      <section className="block">
        <div className="block-head">
          <h3>{t('account.invoices')}</h3>
          <span className="order-actions">
            <ActionButton
              actions={order.actions}
              name="record_invoice"
              onClick={() => setAsking('request')}
              data-testid="order.request_invoice"
            >
              {t('account.request')}
            </ActionButton>
            <ActionButton
              actions={order.actions}
              name="record_invoice"
              onClick={() => setAsking({})}
              data-testid="order.record_invoice"
            />
          </span>
        </div>
        <Invoices
          order={order}
          onIssue={issue => setAsking({ issue })}
          onCorrect={correct => setAsking({ correct })}
        />
      </section>
      {asking === 'payment' && <PaymentDialog order={order} onClose={close} />}
      {asking === 'request' && <InvoiceDialog order={order} onClose={close} />}
      {typeof asking === 'object' && 'reverse' in asking && (
        <ReversalDialog order={order} payment={asking.reverse} onClose={close} />
      )}
      {typeof asking === 'object' && 'correct' in asking && (
        <CorrectionDialog order={order} invoice={asking.correct} onClose={close} />
      )}
      {typeof asking === 'object' && !('reverse' in asking || 'correct' in asking) && (
        <InvoiceDialog order={order} issued requested={asking.issue} onClose={close} />
      )}
    </>
  )
}
