import { Modal, Radio } from 'antd'
import { useState } from 'react'
import type { Lies, Step } from '../../../flow/doc'
import { laneAt, lanesOf, locate } from '../../../flow/doc'
import { countIn, idsIn, type LaneFate, type LastFate, remove, removeLane } from '../../../flow/edit'
import { dropReferences, type Reference } from '../../../flow/refs'
import { useWords } from '../../../i18n'
import { useDesign, wordOf } from './design'

const buttons = (id: string) => ({
  okButtonProps: { danger: true, 'data-testid': `${id}.send` } as never,
  cancelButtonProps: { 'data-testid': `${id}.close` } as never,
})

/** Asks what becomes of the settings that name a step which is to go. */
export function ImpactDialog({
  step,
  found,
  onDone,
}: {
  step: Step
  found: Reference[]
  onDone: (removed: boolean) => void
}) {
  const { t, words } = useWords()
  const { doc, vocabulary, acts } = useDesign()
  const [way, setWay] = useState<'drop' | 'keep'>('drop')
  const go = () => {
    const ids = idsIn(step)
    acts.put(remove(way === 'drop' ? dropReferences(doc, ids) : doc, step.id))
    onDone(true)
  }
  return (
    <Modal
      open
      title={t('design.impact_title', { name: words(step.name) })}
      okText={t('design.remove')}
      cancelText={t('action.back')}
      onOk={go}
      onCancel={() => onDone(false)}
      {...buttons('design.impact')}
    >
      <p>{t('design.impact_text', { count: found.length })}</p>
      <ul className="prose" data-testid="design.impact" data-count={found.length}>
        {found.map(each => (
          <li key={`${each.step.id}:${each.setting}:${each.names}`}>
            {t('design.impact_row', {
              name: words(each.step.name),
              setting: wordOf(vocabulary, `setting.${each.setting}`),
            })}
          </li>
        ))}
      </ul>
      <Radio.Group className="radios" value={way} onChange={event => setWay(event.target.value)}>
        <Radio value="drop" data-testid="design.impact:drop">
          {t('design.impact_drop')}
        </Radio>
        <Radio value="keep" data-testid="design.impact:keep">
          {t('design.impact_keep')}
        </Radio>
      </Radio.Group>
    </Modal>
  )
}

/** Asks what becomes of the steps of a lane, and of a block that has one lane left. */
export function LaneDialog({ lane, onDone }: { lane: Lies; onDone: (removed: boolean) => void }) {
  const { t, words } = useWords()
  const { doc, acts } = useDesign()
  const [fate, setFate] = useState<LaneFate>('after')
  const [last, setLast] = useState<LastFate>('expand')
  const found = laneAt(doc, lane)
  const block = locate(doc, lane.block)?.step
  const left = block ? lanesOf(block).filter(each => each.id !== lane.lane) : []
  const otherwise = left.find(each => each.otherwise)
  const inside = countIn(found?.steps ?? [])
  const [one] = left.length === 1 ? left : []
  const go = () => {
    acts.put(removeLane(doc, lane, fate, last))
    onDone(true)
  }
  return (
    <Modal
      open
      title={t('design.lane_remove', { name: words(found?.name) })}
      okText={t('design.remove')}
      cancelText={t('action.back')}
      onOk={go}
      onCancel={() => onDone(false)}
      {...buttons('design.lane_dialog')}
    >
      {inside > 0 && (
        <>
          <p>{t('design.lane_holds', { name: words(found?.name), count: inside })}</p>
          <Radio.Group className="radios" value={fate} onChange={event => setFate(event.target.value)}>
            <Radio value="after" data-testid="design.lane_fate:after">
              {t('design.fate_after')}
            </Radio>
            {otherwise && (
              <Radio value="to_otherwise" data-testid="design.lane_fate:to_otherwise">
                {t('design.fate_to', { name: words(otherwise.name) })}
              </Radio>
            )}
            <Radio value="delete" data-testid="design.lane_fate:delete">
              {t('design.fate_delete')}
            </Radio>
          </Radio.Group>
        </>
      )}
      {one && (
        <>
          <p>{t('design.lane_last', { name: words(one.name), count: countIn(one.steps) })}</p>
          <Radio.Group className="radios" value={last} onChange={event => setLast(event.target.value)}>
            <Radio value="expand" data-testid="design.lane_last:expand">
              {t('design.last_expand')}
            </Radio>
            <Radio value="delete" data-testid="design.lane_last:delete">
              {t('design.last_delete')}
            </Radio>
          </Radio.Group>
        </>
      )}
    </Modal>
  )
}
