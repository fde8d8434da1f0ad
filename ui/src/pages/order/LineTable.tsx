import { useMay } from '../../api/admin'
import type { Order } from '../../api/types'
import { useWords } from '../../i18n'
import { AtpChip } from '../../ui/AtpChip'
import { CustomValue, useCustomFields } from '../../ui/CustomValue'
import { Money, Quantity } from '../../ui/Money'

function LineCustoms({ extra }: { extra: Record<string, unknown> }) {
  const { words } = useWords()
  const fields = useCustomFields(extra, true)
  return fields.map(({ field, name }) => (
    <div key={field} className="quiet">
      {words(name)} <CustomValue value={extra[field]} />
    </div>
  ))
}

const askedOf = ({ product, quantity, unit, requested_date }: Order['lines'][number], order: Order) =>
  product && quantity
    ? {
        product,
        quantity,
        unit: unit ?? undefined,
        date: requested_date ?? order.requested_date ?? undefined,
      }
    : undefined

/**
 * The lines of an order, read only: a table on wide screens, cards on a phone. `compact` leaves out what says
 * nothing: a list price that is the price, and dates that are the order's own.
 */
export function LineTable({ order, id, compact }: { order: Order; id: string; compact?: boolean }) {
  const { t, code } = useWords()
  const stock = useMay()('read_stock')
  const faulty = new Set(order.findings.filter(f => f.state === 'open').map(f => f.line_id))
  const dated =
    !compact ||
    order.lines.some(line => (line.requested_date ?? order.requested_date) !== order.requested_date)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-wrap" tabIndex={0} aria-label={t('order.tab.lines')}>
      <table className="table table-cards" data-testid={`${id}.lines`} data-count={order.lines.length}>
        <thead>
          <tr>
            <th className="right">#</th>
            <th>{t('line.product')}</th>
            <th className="right">{t('line.quantity')}</th>
            <th className="right">{t('line.unit_price')}</th>
            {!compact && <th className="right">{t('line.list_price')}</th>}
            <th className="right">{t('line.amount')}</th>
            {dated && <th>{t('line.requested_date')}</th>}
            <th>{t('line.promise')}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line, i) => (
            <tr key={line.id} className={faulty.has(line.id) ? 'row-faulty' : undefined}>
              <td className="right quiet">{i + 1}</td>
              <td className="cell-product">
                <span className="strong">{line.product || '–'}</span>{' '}
                <span className="quiet">{line.product_name}</span>
                <LineCustoms extra={line.extra} />
              </td>
              <td className="right" data-label={t('line.quantity')}>
                <Quantity value={line.quantity} unit={line.unit} />
                {line.base_quantity && (
                  <div className="quiet nowrap">
                    = <Quantity value={line.base_quantity} unit={line.base_unit} />
                  </div>
                )}
              </td>
              <td className="right" data-label={t('line.unit_price')}>
                <Money value={line.unit_price} currency={order.currency} />
                {compact && line.list_price && line.list_price !== line.unit_price && (
                  <div className="quiet nowrap">
                    {t('line.list_price')} <Money value={line.list_price} currency={order.currency} />
                  </div>
                )}
              </td>
              {!compact && (
                <td
                  className="right"
                  data-label={t('line.list_price')}
                  title={code('price_source', line.price_source) || undefined}
                >
                  <Money value={line.list_price} currency={order.currency} />
                </td>
              )}
              <td className="right" data-label={t('line.amount')}>
                <Money value={line.amount} currency={order.currency} strong />
              </td>
              {dated && (
                <td className="num nowrap" data-label={t('line.requested_date')}>
                  {line.requested_date ?? order.requested_date ?? '–'}
                </td>
              )}
              <td data-label={t('line.promise')}>
                <AtpChip
                  id={`${id}.promise:${i + 1}`}
                  atp={line.promise}
                  available={line.available}
                  asked={stock ? askedOf(line, order) : undefined}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
