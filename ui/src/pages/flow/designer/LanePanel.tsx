import { Button } from 'antd'
import { useState } from 'react'
import { chooses, isBranch, type Lane, type Lies, locate } from '../../../flow/doc'
import { changeLane, countIn } from '../../../flow/edit'
import { useWords } from '../../../i18n'
import { ConditionBuilder } from './ConditionBuilder'
import { NameFields, Side } from './Drawer'
import { laneKey, useDesign } from './design'
import { TryLane } from './Simulate'

/** A lane: its names, when it is entered, and what the checks found about the bounds of its block. */
export function LanePanel({
  lies,
  lane,
  flowKey,
  onClose,
}: {
  lies: Lies
  lane: Lane
  flowKey: string
  onClose: () => void
}) {
  const { t, words } = useWords()
  const { doc, acts, readOnly, inspection } = useDesign()
  const [trying, setTrying] = useState(false)
  const block = locate(doc, lies.block)?.step
  const sentence = inspection?.conditions[laneKey(lies)]
  const coverage =
    inspection?.problems.filter(
      problem => problem.node === lies.block && ['F-012', 'F-013', 'F-014'].includes(problem.code),
    ) ?? []
  const put = (change: (lane: Lane) => Lane) => acts.put(changeLane(doc, lies, change))
  return (
    <Side id="design.lane_panel" title={words(lane.name) || lane.id} onClose={onClose}>
      <p className="quiet side-type">{t('design.lane_of', { name: words(block?.name) })}</p>
      <NameFields
        id="design.lane_name"
        name={lane.name}
        readOnly={readOnly}
        onChange={name => put(each => ({ ...each, name }))}
      />
      {block && chooses(block) && !lane.otherwise && (
        <>
          <h3>{t('design.condition')}</h3>
          <ConditionBuilder
            id="design.when"
            value={lane.when}
            readOnly={readOnly}
            onChange={when =>
              put(each => {
                const { when: _, ...rest } = each
                return when ? { ...rest, when } : rest
              })
            }
          />
          <p className="condition-sentence" role="status" data-testid="design.sentence">
            {sentence ? t('design.enters_when', { condition: sentence }) : t('design.lane_no_condition')}
          </p>
          {coverage.map(problem => (
            <p
              key={problem.mark + problem.text}
              className={`coverage coverage-${problem.severity}`}
              data-code={problem.code}
            >
              {problem.text}
            </p>
          ))}
          {trying ? (
            <TryLane lies={lies} flowKey={flowKey} />
          ) : (
            <Button onClick={() => setTrying(true)} data-testid="design.try_lane">
              {t('design.try_lane')}
            </Button>
          )}
        </>
      )}
      {lane.otherwise && <p className="quiet">{t('design.otherwise_note')}</p>}
      {!readOnly && block && isBranch(block) && !lane.otherwise && (
        <Button danger onClick={() => acts.removeLane(lies)} data-testid="design.lane_delete">
          {t('design.lane_delete', { count: countIn(lane.steps) })}
        </Button>
      )}
    </Side>
  )
}
