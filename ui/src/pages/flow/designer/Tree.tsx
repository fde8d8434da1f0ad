import {
  CloseOutlined,
  DownOutlined,
  LeftOutlined,
  PlusOutlined,
  RightOutlined,
  UpOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { useMemo } from 'react'
import { chooses, isBranch, type Lane, type Lies, lanesOf, type Spot, type Step } from '../../../flow/doc'
import { countIn } from '../../../flow/edit'
import { LANES_MAX, mayStand } from '../../../flow/kinds'
import { useWords } from '../../../i18n'
import { Card } from './Card'
import { type Design, laneKey, sameSpot, useDesign } from './design'
import { InsertMenu } from './InsertMenu'

const codes = (design: Design, id: string, severity: string) =>
  design.inspection?.problems.filter(problem => problem.node === id && problem.severity === severity)
    .length ?? 0

/** Where something can be put in, by a click, the keyboard or a drag. */
function Gap({ spot }: { spot: Spot }) {
  const { t } = useWords()
  const { doc, acts, asking, dragged, readOnly, inspection } = useDesign()
  if (readOnly) return <div className="gap" aria-hidden />
  const key = `${spot.within ? `${laneKey(spot.within)}/` : ''}${spot.index}`
  const open = sameSpot(asking, spot)
  const target =
    dragged &&
    !mayStand(doc, spot, dragged, {
      connectors: 1,
      steps: Object.keys(inspection?.sentences ?? {}).length - 1,
    })
  const button = (
    <button
      type="button"
      className={`gap-plus${target ? ' is-target' : ''}${open ? ' is-open' : ''}`}
      aria-label={t('design.add_here')}
      title={t('design.add_here')}
      tabIndex={-1}
      onClick={() => acts.ask(open ? null : spot)}
      onDragOver={event => {
        if (!target) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
      }}
      onDrop={event => {
        event.preventDefault()
        acts.drop(spot, event.dataTransfer.getData('text/plain'))
      }}
      data-testid={`design.plus:${key}`}
    >
      <PlusOutlined aria-hidden />
    </button>
  )
  // Hidden from those who do not see the picture: for them there is a key.
  return (
    <div className="gap" aria-hidden>
      {open ? <InsertMenu spot={spot}>{button}</InsertMenu> : button}
    </div>
  )
}

interface LaneProps {
  block: Step
  lane: Lane
  at: number
  count: number
  level: number
}

function LaneHead({ block, lane, at, count, level, closed }: LaneProps & { closed: boolean }) {
  const { t, words } = useWords()
  const { acts, chosen, inspection, readOnly, trial, folded } = useDesign()
  const lies = { block: block.id, lane: lane.id }
  const isChosen = chosen !== null && 'lane' in chosen && laneKey(chosen.lane) === laneKey(lies)
  const condition = inspection?.conditions[laneKey(lies)]
  const missing = chooses(block) && !lane.otherwise && !condition
  const way = trial?.ways.find(each => each.node === block.id && each.lane === lane.id)
  const name = words(lane.name) || lane.id
  const key = laneKey(lies)
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-expanded={!closed}
      aria-selected={isChosen}
      tabIndex={-1}
      className={`lane-head${isChosen ? ' is-chosen' : ''}${way?.taken ? ' is-on-way' : ''}`}
    >
      <button
        type="button"
        className="lane-name"
        tabIndex={-1}
        onClick={() => acts.choose({ lane: lies })}
        data-testid={`design.lane:${key}`}
      >
        {chooses(block) && !lane.otherwise && <span className="lane-priority num">{at + 1}</span>}
        <span className="strong">{name}</span>
        <span className={missing ? 'lane-missing' : 'lane-when'} title={condition}>
          {lane.otherwise
            ? t('design.lane_otherwise')
            : chooses(block)
              ? (condition ?? t('design.lane_no_condition'))
              : t('design.lane_always')}
        </span>
        {way && (
          <span className={way.taken ? 'tag tag-green' : 'tag tag-grey'}>
            {t(way.taken ? 'design.taken' : 'design.not_taken')}
          </span>
        )}
      </button>
      <span className="lane-tools">
        <Button
          type="text"
          size="small"
          icon={folded.has(key) ? <DownOutlined aria-hidden /> : <UpOutlined aria-hidden />}
          aria-label={t(folded.has(key) ? 'design.unfold' : 'design.fold', { name })}
          tabIndex={-1}
          onClick={() => acts.fold(lies)}
          data-testid={`design.fold:${key}`}
        />
        {!readOnly && isBranch(block) && !lane.otherwise && (
          <>
            <Button
              type="text"
              size="small"
              disabled={at === 0}
              icon={<LeftOutlined aria-hidden />}
              aria-label={t('design.lane_left', { name })}
              tabIndex={-1}
              onClick={() => acts.moveLane(lies, -1)}
              data-testid={`design.lane_left:${key}`}
            />
            <Button
              type="text"
              size="small"
              disabled={at + 1 >= count || Boolean(lanesOf(block)[at + 1]?.otherwise)}
              icon={<RightOutlined aria-hidden />}
              aria-label={t('design.lane_right', { name })}
              tabIndex={-1}
              onClick={() => acts.moveLane(lies, 1)}
              data-testid={`design.lane_right:${key}`}
            />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('design.lane_remove', { name })}
              tabIndex={-1}
              onClick={() => acts.removeLane(lies)}
              data-testid={`design.lane_remove:${key}`}
            />
          </>
        )}
      </span>
    </div>
  )
}

function LaneColumn({ block, lane, at, count, level }: LaneProps) {
  const { t } = useWords()
  const { folded } = useDesign()
  const lies = useMemo<Lies>(() => ({ block: block.id, lane: lane.id }), [block.id, lane.id])
  const closed = folded.has(laneKey(lies))
  return (
    <div className="lane" data-lane={laneKey(lies)}>
      <LaneHead block={block} lane={lane} at={at} count={count} level={level} closed={closed} />
      {closed ? (
        <div className="lane-pill">{t('design.folded', { count: countIn(lane.steps) })}</div>
      ) : (
        <Sequence steps={lane.steps} within={lies} level={level + 1} />
      )}
      <div className="lane-tail" aria-hidden />
    </div>
  )
}

function Branches({ step, level }: { step: Step; level: number }) {
  const { t, words } = useWords()
  const { acts, readOnly } = useDesign()
  const lanes = lanesOf(step)
  return (
    <div className={`branches${isBranch(step) ? '' : ' branches-aside'}`}>
      {!readOnly && isBranch(step) && (
        <Button
          size="small"
          className="branch-add"
          aria-hidden
          icon={<PlusOutlined aria-hidden />}
          disabled={lanes.length >= LANES_MAX}
          aria-label={t('design.add_lane_to', { name: words(step.name) })}
          tabIndex={-1}
          onClick={() => acts.addLane(step.id)}
          data-testid={`design.add_lane:${step.id}`}
        >
          {t('design.add_lane')}
        </Button>
      )}
      <div className="lanes">
        {lanes.map((lane, at) => (
          <LaneColumn key={lane.id} block={step} lane={lane} at={at} count={lanes.length} level={level + 1} />
        ))}
      </div>
    </div>
  )
}

function StepItem({ step, level }: { step: Step; level: number }) {
  const design = useDesign()
  const { chosen, inspection, standing, trial, renaming, readOnly, acts } = design
  const isChosen = chosen !== null && 'step' in chosen && chosen.step === step.id
  const trace = trial?.steps.find(each => each.node === step.id)?.how
  const blocks = lanesOf(step).length > 0
  const sentence = inspection?.sentences[step.id]
  return (
    <div className="tree-step">
      {/* One flat tree with levels: what is inside of a block stands behind it, so that each item is named by its card. */}
      <div
        role="treeitem"
        aria-level={level}
        aria-selected={isChosen}
        aria-expanded={blocks ? true : undefined}
        tabIndex={isChosen || (!chosen && step.kind.type === 'start') ? 0 : -1}
        className="tree-item"
        data-step={step.id}
      >
        <Card
          step={step}
          sentence={sentence}
          blockers={codes(design, step.id, 'blocker')}
          warnings={codes(design, step.id, 'warning')}
          standing={standing?.[step.id]}
          trace={trace}
          off={Boolean(trial) && !trace}
          chosen={isChosen}
          renaming={renaming === step.id}
          readOnly={readOnly}
          acts={acts}
        />
      </div>
      {blocks && <Branches step={step} level={level} />}
    </div>
  )
}

/** Steps one below the other, with a place to put something in before, between and behind them. */
export function Sequence({ steps, within, level }: { steps: Step[]; within: Lies | null; level: number }) {
  const gaps = within !== null || steps.length === 0
  return (
    <div className="sequence">
      {gaps && <Gap spot={{ within, index: 0 }} />}
      {steps.map((step, index) => (
        <div key={step.id} className="step-row">
          <StepItem step={step} level={level} />
          {step.kind.type === 'end' ? null : <Gap spot={{ within, index: index + 1 }} />}
        </div>
      ))}
    </div>
  )
}
