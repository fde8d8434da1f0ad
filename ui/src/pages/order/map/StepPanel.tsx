import { useWhy } from '../../../api/hooks'
import { usePast } from '../../../api/past'
import type { Order } from '../../../api/types'
import { lanesOf, type Step } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { TaskDue, When } from '../../../ui/Time'
import { laneKey } from '../../flow/designer/design'
import { Rows } from '../tabs/WhyPanel'
import { marks } from './marks'
import type { Standings, Visit } from './standing'

function VisitItem({ visit, at, of }: { visit: Visit; at: number; of: number }) {
  const { t, words, code } = useWords()
  return (
    <li className="map-visit">
      {of > 1 && <p className="strong">{t('order.map.visit', { n: at + 1 })}</p>}
      {visit.tasks.map(task => (
        <div key={task.id}>
          <p>
            {task.decided_by?.name ?? words(task.assignee?.name)} ·{' '}
            {task.decision ? code('decision', task.decision) : code('task_state', task.state)}
          </p>
          <p className="quiet">
            {t('order.map.opened')} <When at={task.opened_at} />
            {task.decided_at && (
              <>
                {' · '}
                {t('order.map.decided')} <When at={task.decided_at} />
              </>
            )}
            {task.urged_at && (
              <>
                {' · '}
                {t('task.urged')} <When at={task.urged_at} />
              </>
            )}{' '}
            {task.state === 'open' && <TaskDue task={task} />}
          </p>
          {task.reason && <p>{t('timeline.reason', { text: task.reason })}</p>}
        </div>
      ))}
    </li>
  )
}

/** Why a branch was decided as it was, row by row; the log tells of it, and it tells of now. */
function Decisions({ order, block }: { order: Order; block: string }) {
  const { data } = useWhy(order.id)
  return data?.decisions
    .filter(decision => decision.node_id === block)
    .map(decision => <Rows key={decision.at} decision={decision} />)
}

/** All that is known of one step of the map. */
export function StepPanel({
  order,
  step,
  found,
  sentence,
  conditions,
}: {
  order: Order
  step: Step
  found: Standings
  sentence: string | undefined
  conditions: Record<string, string> | undefined
}) {
  const { t, words, code } = useWords()
  const past = usePast()
  const { standing = 'ahead', way, visits = [] } = found.steps[step.id] ?? {}
  const Mark = marks[standing]
  return (
    <aside
      className="map-side"
      aria-label={words(step.name)}
      aria-live="polite"
      data-testid="order.map.panel"
      data-step={step.id}
    >
      <h4>{words(step.name) || step.id}</h4>
      <p>
        <span className={`map-mark map-${standing}`}>
          <Mark aria-hidden /> {t(`order.map.state.${standing}`)}
        </span>{' '}
        {step.department && <span className="quiet">{code('department', step.department)}</span>}
      </p>
      {sentence && <p className="quiet">{sentence}</p>}
      {way?.by_rule && <p>{words(way.because)}</p>}
      {lanesOf(step).map(lane => {
        const key = laneKey({ block: step.id, lane: lane.id })
        const told = found.lanes[key]
        return (
          <div key={lane.id} className="map-visit">
            <p>
              <span className="strong">{words(lane.name) || lane.id}</span>
              {told && <> · {t(`order.map.lane.${told.state}`)}</>}
            </p>
            {conditions?.[key] && <p className="quiet">{conditions[key]}</p>}
            {told?.because && <p>{t('order.map.because', { what: words(told.because) })}</p>}
          </div>
        )
      })}
      {past === undefined && lanesOf(step).length > 0 && <Decisions order={order} block={step.id} />}
      {visits.length > 0 && (
        <ol data-testid="order.map.visits" data-count={visits.length}>
          {visits.map((visit, at) => (
            <VisitItem key={visit.at} visit={visit} at={at} of={visits.length} />
          ))}
        </ol>
      )}
    </aside>
  )
}
