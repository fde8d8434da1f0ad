import { Link } from '@tanstack/react-router'
import { useMay } from '../../../api/admin'
import { useSupply } from '../../../api/supply'
import type { LineSupply, Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Quantity } from '../../../ui/Money'
import { groupDigits } from '../../../ui/money'
import { Failed, Loading } from '../../../ui/states'
import { Day } from '../../../ui/Time'

/** What is bought for a line, and the parts that making it needs. */
function Behind({ line }: { line: LineSupply }) {
  const { t, code, words } = useWords()
  const { material } = line
  return (
    <ul>
      {line.purchases.map(bought => (
        <li key={`${bought.number} ${bought.line}`}>
          {code('purchase_state', bought.state)} <span className="num">{groupDigits(bought.open)}</span>{' '}
          {bought.number} <Day date={bought.due_date} late={bought.state === 'ordered'} />
        </li>
      ))}
      {line.work_orders.map(made => (
        <li key={made.number}>
          {code('work_state', made.state)} <span className="num">{groupDigits(made.open)}</span> {made.number}{' '}
          <Day date={made.due_date} late={made.state === 'released'} />
        </li>
      ))}
      <li data-testid={`order.explained:${line.line}`}>{words(line.explanation)}</li>
      {material && (
        <li className={material.enough ? undefined : 'ink-red'}>
          {material.made_date
            ? t('supply.made', { date: material.made_date, days: material.days })
            : t('supply.not_made')}
          {': '}
          {material.parts
            .map(part => `${part.product} ${groupDigits(part.free)}/${groupDigits(part.needed)}`)
            .join(t('list.comma'))}
        </li>
      )}
    </ul>
  )
}

function Row({ line, stock }: { line: LineSupply; stock: boolean }) {
  const { t } = useWords()
  return (
    <tr data-testid={`order.supply:${line.line}`} data-short={line.short}>
      <td className="strong">
        {stock && line.product ? (
          <Link to="/stock" search={{ view: 'levels', product: line.product }}>
            {line.product}
          </Link>
        ) : (
          line.product
        )}
      </td>
      <td className="right" data-label={t('line.quantity')}>
        <Quantity value={line.quantity} />
      </td>
      <td className="right" data-label={t('supply.held')}>
        <Quantity value={line.held} />
      </td>
      <td className="right" data-label={t('supply.free')}>
        <Quantity value={line.free} />
      </td>
      <td className="right ink-red" data-label={t('supply.short')}>
        <Quantity value={line.short} />
      </td>
      <td data-label={t('line.requested_date')}>
        <Day date={line.asked_date} />
      </td>
      <td data-label={t('supply.earliest')}>
        {line.earliest_date ? <Day date={line.earliest_date} /> : t('supply.no_date')}{' '}
        {line.late_days ? (
          <span className="tag tag-red">{t('ship.late', { days: line.late_days })}</span>
        ) : null}
      </td>
      <td>
        <Behind line={line} />
      </td>
    </tr>
  )
}

/** Lines for which goods are short or come too late: what is missing, and what is done about it. */
export function Supply({ order }: { order: Order }) {
  const { t } = useWords()
  const stock = useMay()('read_stock')
  const { data, error, isPending, refetch } = useSupply(order.id)
  const lacking = data?.filter(line => Number(line.short) > 0 || line.late_days) ?? []
  return (
    <section className="block" data-testid="order.supply" data-count={lacking.length} data-live="order">
      <h3>{t('supply.title')}</h3>
      {isPending && <Loading rows={2} />}
      {error && !data && <Failed id="order.supply" error={error} retry={() => refetch()} />}
      {data && lacking.length === 0 && <p className="quiet">{t('supply.enough')}</p>}
      {lacking.length > 0 && (
        <table className="table table-cards">
          <thead>
            <tr>
              <th>{t('line.product')}</th>
              <th className="right">{t('line.quantity')}</th>
              <th className="right">{t('supply.held')}</th>
              <th className="right">{t('supply.free')}</th>
              <th className="right">{t('supply.short')}</th>
              <th>{t('line.requested_date')}</th>
              <th>{t('supply.earliest')}</th>
              <th>{t('supply.behind')}</th>
            </tr>
          </thead>
          <tbody>
            {lacking.map(line => (
              <Row key={line.line} line={line} stock={stock} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
