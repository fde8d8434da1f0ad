import { Link, useNavigate } from '@tanstack/react-router'
import { Checkbox } from 'antd'
import { useState } from 'react'
import type { OrderRow } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import type { Held } from '../../table/heldRows'
import { Money } from '../../ui/Money'
import { StageDots } from '../../ui/StageBar'
import { Flags, StatusTag } from '../../ui/Tags'
import { Remaining, Since } from '../../ui/Time'

function Waiting({ waiting }: { waiting: OrderRow['waiting'] }) {
  const { words } = useWords()
  if (!waiting) return <span className="quiet">–</span>
  const node = words(waiting.node_name)
  const who = words(waiting.who)
  return (
    <span>
      {node}
      {who && <span className="quiet"> · {who}</span>}
    </span>
  )
}

function Clock({ waiting }: { waiting: OrderRow['waiting'] }) {
  if (!waiting) return <span className="quiet">–</span>
  if (waiting.due_at) return <Remaining due={waiting.due_at} since={waiting.since} />
  return (
    <span className="quiet">
      <Since at={waiting.since} />
    </span>
  )
}

/** What was promised; before that, what the customer wants, named as such. */
function DeliveryDate({ row }: { row: OrderRow }) {
  const { t } = useWords()
  if (row.promise_date) return row.promise_date
  if (!row.requested_date) return <span className="quiet">–</span>
  return <span className="quiet">{t('orders.wanted', { date: row.requested_date })}</span>
}

/** Rows that are ticked, for what is done with several orders at once. */
export interface Ticks {
  ids: ReadonlySet<string>
  turn: (id: string) => void
}

function Row({
  row,
  gone,
  current,
  ticks,
}: {
  row: OrderRow
  gone: boolean
  current: boolean
  ticks?: Ticks
}) {
  const { t, code } = useWords()
  return (
    <tr
      className={gone ? 'gone' : undefined}
      aria-current={current || undefined}
      id={`order-${row.id}`}
      data-testid={`orders.row:${row.number}`}
      data-status={row.status}
    >
      {ticks && (
        <td className="cell-tick">
          <Checkbox
            checked={ticks.ids.has(row.id)}
            onChange={() => ticks.turn(row.id)}
            aria-label={t('task.tick', { number: row.number })}
            data-testid={`orders.tick:${row.number}`}
          />
        </td>
      )}
      <td className="cell-number">
        <Link
          to="/orders/$id"
          params={{ id: row.id }}
          className="strong nowrap"
          data-testid={`orders.open:${row.number}`}
        >
          {row.number}
        </Link>
        {row.revision > 1 && <span className="quiet"> v{row.revision}</span>}
      </td>
      <td className="cell-customer" title={row.customer_name ?? ''}>
        {row.customer_name ?? row.customer_code ?? '–'}
        {row.customer_po && <span className="quiet"> · {row.customer_po}</span>}
      </td>
      <td className="right cell-amount">
        <Money value={row.total} currency={row.currency} />
      </td>
      <td className="cell-stage">
        <StageDots states={row.stage_bar} />
      </td>
      <td data-live="order" className="cell-status">
        <StatusTag status={row.status} /> <Flags flags={row.flags} />
      </td>
      <td data-live="order" className="cell-waiting">
        <Waiting waiting={row.waiting} />
      </td>
      <td data-live="order" className="cell-clock">
        <Clock waiting={row.waiting} />
      </td>
      <td className="num nowrap cell-promise" data-label={row.promise_date ? t('col.promise') : undefined}>
        <DeliveryDate row={row} />
      </td>
      <td className="cell-channel">{code('channel', row.channel)}</td>
    </tr>
  )
}

const columns = ['number', 'customer', 'amount', 'stage', 'status', 'waiting', 'clock', 'promise', 'channel']

export function OrderTable({ rows, ticks }: { rows: Held<OrderRow>[]; ticks?: Ticks }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [at, setAt] = useState(-1)
  const move = (by: number) => {
    const next = Math.min(Math.max(at + by, 0), rows.length - 1)
    setAt(next)
    document.getElementById(`order-${rows[next]?.row.id}`)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      const row = rows[at]?.row
      if (row) ticks?.turn(row.id)
    },
    enter: () => {
      const row = rows[at]?.row
      if (row) void navigate({ to: '/orders/$id', params: { id: row.id } })
    },
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-wrap card" tabIndex={0} aria-label={t('nav.orders')}>
      <table
        className="table table-cards order-cards"
        data-testid="orders.list"
        data-count={rows.length}
        data-live="order"
      >
        <thead>
          <tr>
            {ticks && <th className="cell-tick" aria-label={t('orders.ticks')} />}
            {columns.map(column => (
              <th key={column} className={column === 'amount' ? 'right' : `cell-${column}`}>
                {t(`col.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, goneAt }, i) => (
            <Row key={row.id} row={row} gone={goneAt !== null} current={i === at} ticks={ticks} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
