import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMay } from '../../../api/admin'
import { useExchanges, useSettlePromise } from '../../../api/settings'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { groupDigits } from '../../../ui/money'
import { Refusal } from '../../../ui/states'

type Broken = Order['lines'][number]['promise']['broken'][number]

/** Other orders that hold what this one waits for and need it no sooner than it comes. */
function Exchanges({
  order,
  line,
  settle,
}: {
  order: string
  line: string
  settle: ReturnType<typeof useSettlePromise>
}) {
  const { t } = useWords()
  const { data, error } = useExchanges(order, line)
  if (error) return <Refusal id="order.exchanges" error={error} />
  if (!data?.items.length) return null
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
              loading={settle.isPending}
              onClick={() => settle.mutate({ line, by: 'exchange', with: with_ })}
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

/** Promises of a confirmed order that cannot be kept as they were made: what is held instead, or another day. */
export function BrokenPromises({ order }: { order: Order }) {
  const { t } = useWords()
  const may = useMay()
  const settle = useSettlePromise(order.id)
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
          const instead = broken.every(each => each.instead.length > 0)
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
              {may('keep_promises') && (
                <div className="beside">
                  {instead && (
                    <Button
                      size="small"
                      type="primary"
                      loading={settle.isPending}
                      onClick={() => settle.mutate({ line: line.id, by: 'instead' })}
                      data-testid={`order.settle:${line.id}.instead`}
                    >
                      {date ? t('promise.instead_date', { date }) : t('promise.instead')}
                    </Button>
                  )}
                  {broken.every(each => each.now) && (
                    <Button
                      size="small"
                      loading={settle.isPending}
                      onClick={() => settle.mutate({ line: line.id, by: 'new_date' })}
                      data-testid={`order.settle:${line.id}.new_date`}
                    >
                      {t('promise.new_date')}
                    </Button>
                  )}
                </div>
              )}
              {may('keep_promises') && broken.some(each => each.now) && (
                <Exchanges order={order.id} line={line.id} settle={settle} />
              )}
            </li>
          )
        })}
      </ul>
      <Refusal id="order.broken" error={settle.error} />
    </section>
  )
}
