import { useState } from 'react'
import { type HappeningChoice, type QualityBoard, type TaskChoice, useQualityBoard } from '../../api/boards'
import { useWords } from '../../i18n'
import { Loading } from '../../ui/states'
import { durationWords } from '../../ui/time'
import { Card, Count } from './Count'
import { HappeningRows } from './HappeningRows'
import type { ViewProps } from './Overview'
import { Rate } from './Rate'
import { TaskRows } from './TaskRows'
import { Unshown } from './Unshown'

/** People give reasons in their own words, so there may be as many as there were returns. */
const REASONS_MAX = 20

type OpenTasks = (choice: TaskChoice, title: string) => void
type OpenHappenings = (choice: HappeningChoice, title: string) => void

/** Where and why orders were sent back. */
function Returns({ data, onOpen }: { data: QualityBoard; onOpen: OpenTasks }) {
  const { t, words } = useWords()
  const reasons = data.returns_by_reason.slice(0, REASONS_MAX)
  const rest = data.returns_by_reason.slice(REASONS_MAX)
  return (
    <>
      <section className="block">
        <h3>{t('report.quality.returns_by_step')}</h3>
        {data.returns_by_step.length === 0 && <p className="quiet">{t('report.nothing')}</p>}
        <table className="table" data-testid="report.quality.steps" data-count={data.returns_by_step.length}>
          <tbody>
            {data.returns_by_step.map(({ flow, node_id, node_name, decided, returned }) => (
              <tr key={`${flow} ${node_id}`}>
                <td>{words(node_name)}</td>
                <td className="right">
                  <Count
                    id={`report.quality.step:${node_id}`}
                    n={returned}
                    onOpen={() =>
                      onOpen({ set: 'returned', node: node_id, step_flow: flow ?? '' }, words(node_name))
                    }
                  />
                </td>
                <td className="right">
                  <Rate part={returned} whole={decided} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="block">
        <h3>{t('report.quality.returns_by_reason')}</h3>
        {data.returns_by_reason.length === 0 && <p className="quiet">{t('report.nothing')}</p>}
        <table
          className="table"
          data-testid="report.quality.reasons"
          data-count={data.returns_by_reason.length}
        >
          <tbody>
            {reasons.map(({ reason, returned }) => (
              <tr key={reason}>
                <td>{reason || t('report.quality.no_reason')}</td>
                <td className="right">
                  <Count
                    id={`report.quality.reason:${reason}`}
                    n={returned}
                    onOpen={() =>
                      onOpen({ set: 'returned', reason }, reason || t('report.quality.no_reason'))
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {rest.length > 0 && (
          <p className="quiet" data-testid="report.quality.other_reasons">
            {t('report.quality.other_reasons', {
              n: rest.length,
              times: rest.reduce((sum, { returned }) => sum + returned, 0),
            })}
          </p>
        )}
      </section>
    </>
  )
}

/** What happened to orders by sort: how often, and how long half of it took. */
export function Sorts({
  id,
  title,
  kind,
  sorts,
  timed,
  onOpen,
}: {
  id: string
  title: string
  kind: string
  sorts: QualityBoard['catches']
  /** What takes time until it is over. */
  timed?: boolean
  onOpen: OpenHappenings
}) {
  const { t, words } = useWords()
  return (
    <section className="block">
      <h3>{title}</h3>
      {sorts.length === 0 && <p className="quiet">{t('report.nothing')}</p>}
      <table className="table" data-testid={id} data-count={sorts.length}>
        <tbody>
          {sorts.map(({ about, name, n, ended, minutes_p50 }) => (
            <tr key={about}>
              <td>{words(name)}</td>
              <td className="right">
                <Count id={`${id}:${about}`} n={n} onOpen={() => onOpen({ kind, about }, words(name))} />
              </td>
              {timed && (
                <td className="right">
                  {minutes_p50 == null
                    ? '–'
                    : t('report.quality.half_in', {
                        time: durationWords(minutes_p50 * 60_000, t),
                        count: ended,
                      })}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** How well work is done: what passed at once, what was sent back and why, what the checks caught, what went wrong. */
export function Quality({ period, onOpen }: ViewProps) {
  const { t } = useWords()
  const [tasks, setTasks] = useState<{ choice: TaskChoice; title: string }>()
  const [happenings, setHappenings] = useState<{ choice: HappeningChoice; title: string }>()
  const { data, error, isPending, refetch } = useQualityBoard(period)
  if (isPending) return <Loading rows={6} />
  if (!data) return <Unshown id="report.quality" error={error} retry={() => refetch()} />
  const openTasks: OpenTasks = (choice, title) => setTasks({ choice, title })
  const openHappenings: OpenHappenings = (choice, title) => setHappenings({ choice, title })
  const promised = data.promises_kept + data.promises_missed
  const orders = [
    ['first_pass', data.confirmed],
    ['straight_through', data.confirmed],
    ['with_exception', data.received],
    ['changed', data.confirmed],
  ] as const
  const { change } = data
  return (
    <>
      <ul className="report-cards" data-testid="report.quality">
        {orders.map(([set, whole]) => (
          <Card
            key={set}
            id={`report.quality.${set}`}
            title={t(`report.quality.${set}`)}
            n={data[set]}
            onOpen={() => onOpen(set)}
            note={t('report.quality.of_orders', { part: data[set], count: whole })}
          >
            <Rate part={data[set]} whole={whole} />
          </Card>
        ))}
        <Card
          id="report.quality.returned"
          title={t('report.quality.returned')}
          n={data.returned}
          onOpen={() => openTasks({ set: 'returned' }, t('report.quality.returned'))}
          note={t('report.quality.of_decisions', { part: data.returned, count: data.decided })}
        >
          <Rate part={data.returned} whole={data.decided} />
        </Card>
        <Card
          id="report.quality.instant"
          title={t('report.quality.instant')}
          n={data.instant}
          onOpen={() => openTasks({ set: 'instant' }, t('report.quality.instant'))}
          note={t('report.quality.of_approvals', { part: data.instant, count: data.approved })}
        >
          <Rate part={data.instant} whole={data.approved} />
        </Card>
        <Card
          id="report.quality.kept"
          title={t('report.quality.kept')}
          n={data.promises_kept}
          onOpen={() => openHappenings({ kind: 'promise', state: 'kept' }, t('report.quality.kept'))}
          note={t('report.quality.of_lines', { part: data.promises_kept, count: promised })}
        >
          <Rate part={data.promises_kept} whole={promised} />
        </Card>
        <Card
          id="report.quality.missed"
          title={t('report.quality.missed')}
          n={data.promises_missed}
          onOpen={() => openHappenings({ kind: 'promise', state: 'missed' }, t('report.quality.missed'))}
        >
          {data.promises_missed}
        </Card>
      </ul>
      <div className="report-halves">
        <Returns data={data} onOpen={openTasks} />
        <Sorts
          id="report.quality.catches"
          title={t('report.quality.catches')}
          kind="catch"
          sorts={data.catches}
          onOpen={openHappenings}
        />
        <Sorts
          id="report.quality.exceptions"
          title={t('report.quality.exceptions')}
          kind="exception"
          timed
          sorts={data.exceptions}
          onOpen={openHappenings}
        />
        <Sorts
          id="report.quality.changes"
          title={
            change.minutes_p50 == null
              ? t('report.quality.changes')
              : `${t('report.quality.changes')} · ${t('report.quality.half_in', { time: durationWords(change.minutes_p50 * 60_000, t), count: change.ended })}`
          }
          kind="change"
          timed
          sorts={data.changes}
          onOpen={openHappenings}
        />
      </div>
      {tasks && <TaskRows {...tasks} period={period} onClose={() => setTasks(undefined)} />}
      {happenings && (
        <HappeningRows {...happenings} period={period} onClose={() => setHappenings(undefined)} />
      )}
    </>
  )
}
