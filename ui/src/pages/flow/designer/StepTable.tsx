import { AimOutlined, CheckOutlined, SearchOutlined, WarningFilled } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { asksPerson, type Place, type Step } from '../../../flow/doc'
import { changeStep } from '../../../flow/edit'
import { isKnownType } from '../../../flow/kinds'
import type { SettingTab } from '../../../flow/settings'
import { filtered, type Gap, gaps, gapsOf, type StepFilter } from '../../../flow/table'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import { Empty } from '../../../ui/states'
import { durationWords } from '../../../ui/time'
import { nameOf, useDesign } from './design'
import { StepFields } from './StepFields'
import { Duration } from './widgets/deadline'
import { type Party, PartySelect } from './widgets/people'

const ALL: StepFilter = { text: '', people: false, gap: null }
const MINUTE_MS = 60_000

/** Who a step asks now, and in the words of the flow where that depends on the order. */
function useOwner() {
  const { t } = useWords()
  const { inspection } = useDesign()
  return (step: Step) => {
    const who = inspection?.candidates[step.id]
    const names = who?.people.slice(0, 6).join(t('design.separator')) ?? ''
    return who?.depends ? [names, t('design.resolves_by_order')].filter(Boolean).join(' ') : names
  }
}

function Open({ gap, onClick, step }: { gap: Gap; step: Step; onClick: () => void }) {
  const { t } = useWords()
  return (
    <Button
      type="link"
      size="small"
      icon={<WarningFilled className="badge-warning" aria-hidden />}
      onClick={onClick}
      data-testid={`steps.gap:${gap}:${step.id}`}
    >
      {t(`steps.no_${gap}`)}
    </Button>
  )
}

function Row({
  place: { step, around },
  onOpen,
  onShow,
}: {
  place: Place
  onOpen: (step: string, tab?: SettingTab) => void
  onShow: (step: string) => void
}) {
  const { t, words } = useWords()
  const { doc, vocabulary, chosen, readOnly, acts } = useDesign()
  const owner = useOwner()(step)
  const open = gapsOf(step)
  const name = words(step.name) || step.id
  const { kind } = step
  const set = (setting: string, value: unknown) =>
    acts.put(changeStep(doc, step.id, old => ({ ...old, kind: { ...old.kind, [setting]: value } })))
  const opened = (gap: Gap, tab: SettingTab, otherwise: ReactNode) =>
    open.includes(gap) ? <Open gap={gap} step={step} onClick={() => onOpen(step.id, tab)} /> : otherwise
  const backup = kind.backup as Party | undefined
  const [[party = '', key = ''] = []] = [Object.entries(backup ?? {})[0]]
  const minutes = kind.deadline_minutes as number | undefined
  const people = asksPerson(step)
  return (
    <tr
      aria-current={chosen && 'step' in chosen && chosen.step === step.id ? 'true' : undefined}
      data-testid={`steps.row:${step.id}`}
      data-gaps={open.join(' ')}
    >
      <td data-label={t('steps.step')}>
        <button type="button" className="outline-step" onClick={() => onOpen(step.id)}>
          <span className={`kind-icon kind-icon-${kind.type}`}>
            <StepIcon type={kind.type} />
          </span>
          <span>
            <span className="strong">{name}</span>
            {around.length > 0 && (
              <span className="quiet steps-lane">
                {around.map(({ lane }) => words(lane.name)).join(' › ')}
              </span>
            )}
          </span>
        </button>
      </td>
      <td data-label={t('steps.type')} className="quiet">
        {isKnownType(kind.type) ? t(`design.type.${kind.type}`) : t('design.unknown_type')}
      </td>
      <td data-label={t('steps.owner')}>
        {people &&
          opened(
            'owner',
            'who',
            <Button
              type="link"
              size="small"
              className="steps-owner"
              onClick={() => onOpen(step.id, 'who')}
              data-testid={`steps.owner:${step.id}`}
            >
              {owner || t('design.resolves_none')}
            </Button>,
          )}
      </td>
      <td data-label={t('steps.backup')}>
        {people &&
          (readOnly ? (
            opened('backup', 'who', nameOf(vocabulary, party, key))
          ) : (
            <PartySelect
              id={`steps.backup:${step.id}`}
              label={`${name} · ${t('steps.backup')}`}
              value={backup}
              readOnly={false}
              onChange={next => set('backup', next)}
            />
          ))}
      </td>
      <td data-label={t('steps.deadline')}>
        {people &&
          (readOnly || (minutes === undefined && !open.includes('deadline')) ? (
            opened(
              'deadline',
              'deadline',
              minutes === undefined ? t('steps.rules') : durationWords(minutes * MINUTE_MS, t),
            )
          ) : (
            <Duration
              id={`steps.deadline:${step.id}`}
              label={`${name} · ${t('steps.deadline')}`}
              value={minutes}
              readOnly={false}
              onChange={next => set('deadline_minutes', next)}
            />
          ))}
      </td>
      <td data-label={t('steps.fields')}>
        <StepFields step={step} />
      </td>
      <td data-label={t('steps.sop')}>
        {people &&
          opened(
            'sop',
            'work',
            <Button
              type="link"
              size="small"
              icon={<CheckOutlined aria-hidden />}
              title={words(kind.sop as { zh: string; en: string })}
              onClick={() => onOpen(step.id, 'work')}
              data-testid={`steps.sop:${step.id}`}
            >
              {t('steps.has_sop')}
            </Button>,
          )}
      </td>
      <td>
        <Button
          type="text"
          size="small"
          icon={<AimOutlined aria-hidden />}
          aria-label={t('steps.show', { name })}
          title={t('steps.show', { name })}
          onClick={() => onShow(step.id)}
          data-testid={`steps.show:${step.id}`}
        />
      </td>
    </tr>
  )
}

/** Every step with its owner, backup, deadline, rights to fields and procedure (节点总表): what changes weekly is changed here. */
export function StepTable({
  onOpen,
  onShow,
}: {
  onOpen: (step: string, tab?: SettingTab) => void
  onShow: (step: string) => void
}) {
  const { t } = useWords()
  const { doc } = useDesign()
  const owner = useOwner()
  const [filter, setFilter] = useState(ALL)
  const found = filtered(doc, filter, owner)
  const narrow = filter.gap ?? (filter.people ? 'people' : 'all')
  return (
    <section className="steps" aria-label={t('steps.title')}>
      <div className="steps-filter">
        <Input
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          placeholder={t('steps.find')}
          aria-label={t('steps.find')}
          value={filter.text}
          onChange={event => setFilter({ ...filter, text: event.target.value })}
          data-list-search
          data-testid="steps.find"
        />
        <Select
          aria-label={t('steps.narrow')}
          value={narrow}
          onChange={next =>
            setFilter({
              ...filter,
              people: next === 'people',
              gap: gaps.find(gap => gap === next) ?? null,
            })
          }
          options={['all', 'people', ...gaps.map(gap => gap)].map(value => ({
            value,
            label: value === 'all' || value === 'people' ? t(`steps.${value}`) : t(`steps.no_${value}`),
          }))}
          data-testid="steps.narrow"
        />
        <span className="quiet">{t('steps.count', { count: found.length })}</span>
      </div>
      {found.length === 0 ? (
        <Empty id="steps" text={t('steps.none')}>
          <Button size="small" onClick={() => setFilter(ALL)} data-testid="steps.clear">
            {t('action.clear_filter')}
          </Button>
        </Empty>
      ) : (
        <div className="table-wrap">
          <table className="table table-cards" data-testid="steps.table" data-count={found.length}>
            <thead>
              <tr>
                {['step', 'type', 'owner', 'backup', 'deadline', 'fields', 'sop'].map(column => (
                  <th key={column}>{t(`steps.${column}`)}</th>
                ))}
                <th aria-label={t('steps.acts')} />
              </tr>
            </thead>
            <tbody>
              {found.map(place => (
                <Row key={place.step.id} place={place} onOpen={onOpen} onShow={onShow} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
