import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMay } from '../../../api/admin'
import { useExchanges, useSettlePromise } from '../../../api/settings'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { groupDigits } from '../../../ui/money'
import { Refusal } from '../../../ui/states'

type Line = Order['lines'][number]
type Broken = Line['promise']['broken'][number]
export type Way = 'instead' | 'new_date' | 'exchange'

/** Whether the promises of a line can be settled in this way. For an exchange, which orders there are is asked apart. */
const fits = ({ promise: { broken } }: Line, way: Way) => {
  if (!broken.length) return false
  if (way === 'instead') return broken.every(each => each.instead.length > 0)
  return way === 'new_date' ? broken.every(each => each.now) : broken.some(each => each.now)
}
export const canSettle = (order: Order, way: Way) => order.lines.some(line => fits(line, way))

/** Other orders that hold what this one waits for and need it no sooner than it comes. */
function Exchanges({
  order,
  line,
  busy,
  sayNone,
  onSettle,
}: {
  order: string
  line: string
  busy: boolean
  /** Whoever came for an exchange is told that there is none. */
  sayNone: boolean
  onSettle: (body: { line: string; by: Way; with: string }) => void
}) {
  const { t } = useWords()
  const { data, error } = useExchanges(order, line)
  if (error) return <Refusal id="order.exchanges" error={error} />
  if (!data?.items.length) return data && sayNone ? <p className="quiet">{t('promise.no_exchange')}</p> : null
  return (
    <div data-testid={`order.exchanges:${line}`} data-count={data.items.length}>
      <p className="quiet">{t('promise.exchanges')}</p>
      <ul>
        {data.items.map(({ order: with_, number, customer_name, quantity, promised, comes }) => (
          <li key={with_} className="beside">
            <span>
              <Link to="/orders/$id" params={{ id: with_ }} className="strong">
                {number}
              </Link>{' '}
              {customer_name} ·{' '}
              {t('promise.exchange_says', { quantity: groupDigits(quantity), promised, comes })}
            </span>
            <Button
              size="small"
              loading={busy}
              onClick={() => onSettle({ line, by: 'exchange', with: with_ })}
              data-testid={`order.exchange:${line}.${number}`}
            >
              {t('promise.exchange')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/**
 * Promises of a confirmed order that cannot be kept as they were made: what is held instead, or another day. `only`
 * offers one way of settling them; `onSettled` hears when no promise is broken any more.
 */
export function BrokenPromises({
  order,
  only,
  onSettled,
}: {
  order: Order
  only?: Way
  onSettled?: () => void
}) {
  const { t } = useWords()
  const keeps = useMay()('keep_promises')
  const write = useSettlePromise(order.id)
  const settle = (body: { line: string; by: Way; with?: string }) =>
    write.mutate(body, {
      onSuccess: now => now.lines.every(line => !line.promise.broken.length) && onSettled?.(),
    })
  const offers = (line: Line, way: Way) => keeps && (!only || only === way) && fits(line, way)
  const lines = order.lines.filter(line => line.promise.broken.length > 0)
  if (!lines.length) return null
  const says = ({ source, number, quantity, promised, now }: Broken) => {
    const of = { number, quantity: groupDigits(quantity), promised }
    if (source === 'stock') return t('promise.counted', of)
    return t('promise.says', of) + (now ? t('promise.now', { date: now }) : t('promise.gone'))
  }
  return (
    <section className="block" data-testid="order.broken" data-count={lines.length}>
      <h3 className="ink-red">{t('promise.broken')}</h3>
      <ul>
        {lines.map(line => {
          const { broken } = line.promise
          const date = broken.map(each => each.instead_date).find(Boolean)
          return (
            <li key={line.id} className="rule-row">
              <span className="strong">{line.product}</span>
              <ul>
                {broken.map((each, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two counts may have broken it alike
                  <li key={at}>{says(each)}</li>
                ))}
              </ul>
              <div className="beside">
                {offers(line, 'instead') && (
                  <Button
                    size="small"
                    type="primary"
                    loading={write.isPending}
                    onClick={() => settle({ line: line.id, by: 'instead' })}
                    data-testid={`order.settle:${line.id}.instead`}
                  >
                    {date ? t('promise.instead_date', { date }) : t('promise.instead')}
                  </Button>
                )}
                {offers(line, 'new_date') && (
                  <Button
                    size="small"
                    loading={write.isPending}
                    onClick={() => settle({ line: line.id, by: 'new_date' })}
                    data-testid={`order.settle:${line.id}.new_date`}
                  >
                    {t('promise.new_date')}
                  </Button>
                )}
              </div>
              {offers(line, 'exchange') && (
                <Exchanges
                  order={order.id}
                  line={line.id}
                  busy={write.isPending}
                  sayNone={only === 'exchange'}
                  onSettle={settle}
                />
              )}
            </li>
          )
        })}
      </ul>
      <Refusal id="order.broken" error={write.error} />
    </section>
  )
}
