import type { ReactNode } from 'react'
import { usePast } from '../../../api/past'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { CustomValue, useCustomFields } from '../../../ui/CustomValue'
import { FieldValue } from '../../../ui/FieldValue'
import { Money } from '../../../ui/Money'
import { When } from '../../../ui/Time'
import { Reservation } from '../Reservation'
import { WhyPanel } from './WhyPanel'

const groups: [title: string, paths: string[]][] = [
  ['order', ['customer_po', 'channel', 'order_type', 'requested_date', 'special_requests']],
  [
    'terms',
    [
      'payment_terms',
      'currency',
      'invoice.title',
      'invoice.tax_no',
      'invoice.kind',
      'invoice.bank_name',
      'invoice.bank_account',
    ],
  ],
  ['delivery', ['ship_to.name', 'ship_to.phone', 'ship_to.address']],
]

function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="block">
      <h3>{title}</h3>
      <dl className="facts">{children}</dl>
    </section>
  )
}
function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Who took the order in: a person by name, a machine by what it is. */
function Receiver({ receiver }: { receiver: Order['receiver'] }) {
  const { t, code, system } = useWords()
  if (receiver.login.startsWith('system:')) return `${t('order.by_machine')} · ${system(receiver.name)}`
  if (receiver.login.startsWith('token:')) return `${code('actor', 'token')} · ${system(receiver.name)}`
  return receiver.name
}

function People({ order }: { order: Order }) {
  const { t, words, code } = useWords()
  return (
    <Facts title={t('order.people')}>
      <Fact name={t('order.receiver')}>
        <Receiver receiver={order.receiver} />
      </Fact>
      {order.reviewers.map(review => (
        <Fact key={`${words(review.node_name)}${review.at}`} name={words(review.node_name)}>
          {review.by_rule ? (
            t('order.by_rule')
          ) : (
            <>
              {review.person?.name} · {code('decision', review.decision)}
            </>
          )}{' '}
          · <When at={review.at} />
        </Fact>
      ))}
      {order.entered_later && (
        <Fact name={code('flag', 'entered_later')}>
          <span data-testid="order.entered_later">
            <When at={order.entered_later.received_at} /> · {order.entered_later.reason}
          </span>
        </Fact>
      )}
      <Fact name={t('order.created')}>
        <When at={order.created_at} />
      </Fact>
      {order.submitted_at && (
        <Fact name={t('order.submitted')}>
          <When at={order.submitted_at} />
        </Fact>
      )}
      {order.confirmed_at && (
        <Fact name={t('order.confirmed')}>
          <When at={order.confirmed_at} />
        </Fact>
      )}
    </Facts>
  )
}

/** What the company asks for beside the order's own fields, and whatever else came with it. */
function Customs({ order }: { order: Order }) {
  const { t, words } = useWords()
  const fields = useCustomFields(order.extra, false)
  if (!fields.length) return null
  return (
    <Facts title={t('order.group.custom')}>
      {fields.map(({ field, name }) => (
        <Fact key={field} name={words(name)}>
          <CustomValue value={order.extra[field]} />
        </Fact>
      ))}
    </Facts>
  )
}

export function Overview({ order }: { order: Order }) {
  const { t, words, code } = useWords()
  const past = usePast()
  return (
    <>
      {past === undefined && order.waiting_on.length > 0 && <WhyPanel id={order.id} />}
      <div className="overview">
        {groups.map(([title, paths]) => (
          <Facts key={title} title={t(`order.group.${title}`)}>
            {paths.map(path => (
              <Fact key={path} name={code('field', path)}>
                <FieldValue order={order} path={path} />
              </Fact>
            ))}
          </Facts>
        ))}
        <Customs order={order} />
        <Facts title={t('order.totals')}>
          {order.totals && (
            <>
              <Fact name={t('totals.net')}>
                <Money value={order.totals.net} currency={order.totals.currency} />
              </Fact>
              <Fact name={t('totals.tax')}>
                <Money value={order.totals.tax} currency={order.totals.currency} />
              </Fact>
              <Fact name={t('totals.gross')}>
                <Money value={order.totals.gross} currency={order.totals.currency} strong />
              </Fact>
            </>
          )}
          <Fact name={t('order.promise')}>
            {code('promise', order.promise.state)} {order.promise.date}{' '}
            <Reservation promise={order.promise} />
          </Fact>
          <Fact name={t('order.flow')}>
            {words(order.flow.name)} v{order.flow.version}
          </Fact>
          {order.source && (
            <Fact name={t('order.source')}>
              {code('channel', order.source.kind)} {order.source.name} {order.source.rows}
            </Fact>
          )}
        </Facts>
        <People order={order} />
      </div>
    </>
  )
}
