import { useLostOrders } from '../../api/report'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Empty, Loading } from '../../ui/states'
import { Reasons } from './Charts'
import type { ViewProps } from './Overview'
import { percentOf } from './period'
import { Unshown } from './Unshown'

/** How many orders were lost, why, where they stopped and what they were worth. */
export function Lost({ period, onOpen }: ViewProps) {
  const { t, words } = useWords()
  const { data, error, isPending, refetch } = useLostOrders(period)
  if (isPending) return <Loading rows={4} />
  if (!data) return <Unshown id="report.lost" error={error} retry={() => refetch()} />
  return (
    <div data-testid="report.lost">
      <p>
        <button type="button" className="link" onClick={() => onOpen('lost')} data-testid="report.lost.open">
          {t('report.lost_sum', { lost: data.lost, received: data.received })}
        </button>{' '}
        {percentOf(data.lost, data.received)} · <Money value={data.amount} currency={data.currency} strong />{' '}
        ·{' '}
        <span className="quiet">
          {t('report.previous')} {data.previous_lost} {percentOf(data.previous_lost, data.previous_received)}
        </span>
      </p>
      {data.lost === 0 ? (
        <Empty id="report.lost" text={t('report.none_lost')} />
      ) : (
        <div className="report-halves">
          <Reasons data={data} onOpen={onOpen} />
          <table className="table" data-testid="report.stops" data-count={data.steps.length}>
            <thead>
              <tr>
                <th>{t('report.stopped_at')}</th>
                <th className="right">{t('report.orders')}</th>
              </tr>
            </thead>
            <tbody>
              {data.steps.map(row => (
                <tr key={row.node_id ?? ''}>
                  <td>{row.node_name ? words(row.node_name) : t('report.nobody_asked')}</td>
                  <td className="right">{row.orders}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
