import { useSpeed } from '../../api/report'
import { useWords } from '../../i18n'
import { Empty, Loading } from '../../ui/states'
import { durationWords } from '../../ui/time'
import type { ViewProps } from './Overview'
import { percentOf } from './period'
import { Waterfall } from './Stages'
import { Unshown } from './Unshown'

/** How fast each department is at each step; what took most of the time stands first. */
export function Speed({ period, onOpen }: ViewProps) {
  const { t, code, words } = useWords()
  const { data, error, isPending, refetch } = useSpeed(period)
  if (isPending) return <Loading rows={4} />
  if (!data) return <Unshown id="report.speed" error={error} retry={() => refetch()} />
  const time = (minutes: number | null | undefined) =>
    minutes == null ? '–' : durationWords(minutes * 60_000, t)
  const lies = new Map(data.backlog.map(each => [each.department, each]))
  if (!data.steps.length && !data.parts.length) return <Empty id="report.speed" text={t('report.nothing')} />
  const columns = ['decided', 'late_tasks', 'p50', 'p90', 'share', 'open'] as const
  return (
    <>
      <Waterfall data={data} onOpen={onOpen} />
      <table className="table table-cards" data-testid="report.speed" data-count={data.steps.length}>
        <thead>
          <tr>
            <th>{t('report.step')}</th>
            {columns.map(name => (
              <th key={name} className="right">
                {t(`report.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.steps.map((step, at) => {
            const backlog = lies.get(step.department)
            return (
              <tr
                key={`${step.department} ${step.node_id}`}
                data-testid={`report.speed:${step.department}:${step.node_id}`}
              >
                <td>
                  <span className="strong">{words(step.node_name)}</span>{' '}
                  <span className="quiet">{code('department', step.department)}</span>{' '}
                  {at === 0 && <span className="tag tag-amber">{t('report.bottleneck')}</span>}
                </td>
                <td className="right" data-label={t('report.decided')}>
                  {step.decided}
                </td>
                <td className="right" data-label={t('report.late_tasks')}>
                  {step.late} <span className="quiet">{percentOf(step.late, step.decided)}</span>
                </td>
                <td className="right" data-label={t('report.p50')}>
                  {time(step.p50)}
                </td>
                <td className="right" data-label={t('report.p90')}>
                  {time(step.p90)}
                </td>
                <td className="right" data-label={t('report.share')}>
                  {(step.share_permille / 10).toFixed(1)} %
                </td>
                <td className="right" data-label={t('report.open')}>
                  {backlog ? backlog.open : 0}
                  {backlog && backlog.overdue > 0 && (
                    <span className="ink-red"> {t('report.overdue', { count: backlog.overdue })}</span>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </>
  )
}
