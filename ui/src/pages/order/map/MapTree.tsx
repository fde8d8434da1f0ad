import { DownOutlined, UpOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { Order } from '../../../api/types'
import { chooses, type Lane, lanesOf, type Step } from '../../../flow/doc'
import { countIn } from '../../../flow/edit'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import { Remaining, When } from '../../../ui/Time'
import { laneKey } from '../../flow/designer/design'
import { useAssignee } from '../tabs/WhyPanel'
import { marks } from './marks'
import type { Standings } from './standing'

export interface MapProps {
  order: Order
  found: Standings
  /** Each lane's condition in words, by block and lane. */
  conditions: Record<string, string> | undefined
  chosen: string
  choose: (step: string) => void
  folded: (lane: string) => boolean
  fold: (lane: string) => void
}

/** Who has it and until when, or who had it last. */
function Holder({ step, order, found }: { step: Step; order: Order; found: Standings }) {
  const nameOf = useAssignee()
  const { standing, way } = found.steps[step.id] ?? {}
  if (standing === 'waiting' || standing === 'in_hand' || standing === 'overdue') {
    const waits = order.waiting_on.find(each => each.node_id === step.id)
    const who = waits?.who ?? way?.who
    return (
      <>
        {who && <span className="map-who">{nameOf(who)}</span>}
        <Remaining due={waits?.due_at ?? way?.due_at ?? null} since={waits?.since ?? way?.since} />
      </>
    )
  }
  if (!way?.since || standing === 'skipped' || standing === 'ahead') return null
  return (
    <span className="map-who quiet">
      {way.by?.name} <When at={way.since} />
    </span>
  )
}

function StepCard({ step, ...map }: MapProps & { step: Step }) {
  const { t, words } = useWords()
  const { standing = 'ahead', visits = [] } = map.found.steps[step.id] ?? {}
  const Mark = marks[standing]
  const isChosen = map.chosen === step.id
  return (
    <button
      type="button"
      className={`step-card step-${step.kind.type} map-card map-${standing}${isChosen ? ' is-chosen' : ''}`}
      aria-pressed={isChosen}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => map.choose(step.id)}
      data-step={step.id}
      data-state={standing}
      data-testid={`order.map.step:${step.id}`}
    >
      <span className="step-head">
        <span className="kind-icon">
          <StepIcon type={step.kind.type} />
        </span>
        <span className="step-name" title={words(step.name)}>
          {words(step.name) || step.id}
        </span>
        {visits.length > 1 && (
          <span className="tag tag-grey num" title={t('order.map.times', { count: visits.length })}>
            ×{visits.length}
          </span>
        )}
      </span>
      <span className="map-state">
        <span className="map-mark">
          <Mark aria-hidden /> {t(`order.map.state.${standing}`)}
        </span>
        <Holder step={step} order={map.order} found={map.found} />
      </span>
    </button>
  )
}

function LaneColumn({ block, lane, ...map }: MapProps & { block: Step; lane: Lane }) {
  const { t, words } = useWords()
  const key = laneKey({ block: block.id, lane: lane.id })
  const told = map.found.lanes[key]
  const taken = told && (told.state === 'taken' || told.state === 'expected')
  const name = words(lane.name) || lane.id
  const closed = map.folded(key)
  const count = countIn(lane.steps)
  return (
    <div className="lane" data-lane={key}>
      <div className={`lane-head map-lane${taken ? ' is-on-way' : ''}`} data-state={told?.state}>
        <div className="lane-name" data-testid={`order.map.lane:${key}`} data-state={told?.state}>
          <span className="strong">{name}</span>
          {told && (
            <span className={taken ? 'tag tag-green' : 'tag tag-grey'}>
              {t(`order.map.lane.${told.state}`)}
            </span>
          )}
          <span className="lane-when map-when">
            {lane.otherwise
              ? t('design.lane_otherwise')
              : chooses(block)
                ? map.conditions?.[key]
                : told
                  ? null
                  : t('design.lane_always')}
          </span>
          {told?.because && <span className="map-because">{words(told.because)}</span>}
        </div>
        {count > 0 && (
          <Button
            type="text"
            size="small"
            icon={closed ? <DownOutlined aria-hidden /> : <UpOutlined aria-hidden />}
            aria-label={t(closed ? 'design.unfold' : 'design.fold', { name })}
            aria-expanded={!closed}
            onClick={() => map.fold(key)}
            data-testid={`order.map.fold:${key}`}
          />
        )}
      </div>
      {closed && count > 0 ? (
        <div className="lane-pill">{t('design.folded', { count })}</div>
      ) : (
        <MapSequence {...map} steps={lane.steps} inside />
      )}
      <div className="lane-tail" aria-hidden />
    </div>
  )
}

/** Steps one below the other, as the designer draws them, with nothing to change. */
export function MapSequence({ steps, inside, ...map }: MapProps & { steps: Step[]; inside?: boolean }) {
  return (
    <div className="sequence">
      {inside && <div className="gap map-gap" aria-hidden />}
      {steps.map(step => {
        const lanes = lanesOf(step)
        return (
          <div key={step.id} className="step-row">
            <div className="tree-step">
              <StepCard {...map} step={step} />
              {lanes.length > 0 && (
                <div className="branches map-branches">
                  <div className="lanes">
                    {lanes.map(lane => (
                      <LaneColumn key={lane.id} {...map} block={step} lane={lane} />
                    ))}
                  </div>
                </div>
              )}
            </div>
            {step.kind.type !== 'end' && <div className="gap map-gap" aria-hidden />}
          </div>
        )
      })}
    </div>
  )
}
