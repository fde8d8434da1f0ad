import { useSupply } from '../../api/supply'
import type { LineSupply } from '../../api/types'
import { useWords } from '../../i18n'
import { Quantity } from '../../ui/Money'
import { Failed, Loading } from '../../ui/states'
import { Day } from '../../ui/Time'

/** A work centre with the days that are planned there. */
function Load({ plan }: { plan: NonNullable<LineSupply['plan']> }) {
  const { t } = useWords()
  return (
    <>
      {t('work.load', {
        name: plan.work_centre,
        days: (plan.load_minutes / plan.daily_minutes).toFixed(1),
      })}
      {plan.full_until && ` · ${t('step_supply.full_until', { date: plan.full_until })}`}
    </>
  )
}

/** What a step of the warehouse or of production looks at: stock, plan load and lead time of each line. */
export function StepSupply({ order }: { order: string }) {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useSupply(order)
  return (
    <section className="block" data-testid="task.supply" data-count={data?.length ?? 0}>
      <h3>{t('step_supply.title')}</h3>
      {isPending && <Loading rows={2} />}
      {error && !data && <Failed id="task.supply" error={error} retry={() => refetch()} />}
      {data && (
        <table className="table table-cards">
          <thead>
            <tr>
              <th>{t('line.product')}</th>
              <th className="right">{t('supply.held')}</th>
              <th className="right">{t('supply.free')}</th>
              <th className="right">{t('supply.short')}</th>
              <th>{t('supply.earliest')}</th>
              <th>{t('step_supply.plan')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(line => (
              <tr key={line.line} data-testid={`task.supply:${line.line}`} data-short={line.short}>
                <td className="strong">{line.product}</td>
                <td className="right" data-label={t('supply.held')}>
                  <Quantity value={line.held} />
                </td>
                <td className="right" data-label={t('supply.free')}>
                  <Quantity value={line.free} />
                </td>
                <td
                  className={Number(line.short) > 0 ? 'right ink-red' : 'right'}
                  data-label={t('supply.short')}
                >
                  <Quantity value={line.short} />
                </td>
                <td data-label={t('supply.earliest')}>
                  {line.earliest_date ? <Day date={line.earliest_date} /> : t('supply.no_date')}{' '}
                  {line.lead_days !== null && line.lead_days > 0 && (
                    <span className="quiet nowrap">{t('step_supply.lead', { days: line.lead_days })}</span>
                  )}
                </td>
                <td data-label={t('step_supply.plan')}>{line.plan ? <Load plan={line.plan} /> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
