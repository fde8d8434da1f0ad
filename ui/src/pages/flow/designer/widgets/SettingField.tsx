import { Input, InputNumber, Select, Switch } from 'antd'
import type { ComponentType, ReactNode } from 'react'
import { type Condition, type Step, walk } from '../../../../flow/doc'
import { earlier } from '../../../../flow/refs'
import { chosen, ofChosen, type Setting } from '../../../../flow/settings'
import type { Widget } from '../../../../flow/widget'
import { useWords } from '../../../../i18n'
import { ConditionBuilder } from '../ConditionBuilder'
import { namesOf, useDesign, wordOf } from '../design'
import { Access, Actions, Guards, Labels, Order, Paths } from './access'
import { EndNotices, Proofs } from './answers'
import { CheckRules, Checks } from './checks'
import { Assignments, DelayField, Operands, Pairs, Texts, WordList } from './data'
import { DeadlineRules, Duration } from './deadline'
import { Hooks, OwnButtons } from './hooks'
import { EventField, NameField, SideLane, StepField } from './names'
import { Channels, NoticeRules } from './notices'
import { ExcludeField, PartiesField, PartySelect, Sources } from './people'
import { LongWords, MoneyField, NumberField, TextField, WordsField } from './plain'
import { Facts, Title } from './start'
import { NotifyField } from './told'

export interface WidgetProps {
  id: string
  label: string
  step: Step
  setting: Setting
  value: unknown
  readOnly: boolean
  onChange: (value: unknown) => void
}

export function Field({ label, children, hint }: { label: string; children: ReactNode; hint?: ReactNode }) {
  return (
    <div className="field">
      <span>{label}</span>
      {children}
      {hint && <span className="quiet hint">{hint}</span>}
    </div>
  )
}

function Flag({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <label className="switch-row">
      <Switch
        size="small"
        aria-label={label}
        disabled={readOnly}
        checked={value === true}
        onChange={onChange}
        data-testid={id}
      />
      <span>{label}</span>
    </label>
  )
}

function Beside({ id, label, step, setting, value, readOnly, onChange }: WidgetProps) {
  const { t, words } = useWords()
  const { doc, vocabulary } = useDesign()
  const choice = setting.choices?.find(each => each.value === chosen(value, setting.otherwise).value)
  const { beside } = chosen(value, setting.otherwise)
  const put = (next: unknown) => onChange(ofChosen(choice?.value ?? '', next))
  const people = walk(doc).filter(each => each.step.id !== step.id)
  const steps = earlier(doc, step.id).filter(each => each.kind.type === 'review' || each.kind.type === 'task')
  switch (choice?.beside) {
    case 'number':
      return (
        <InputNumber
          aria-label={label}
          min={1}
          max={100}
          disabled={readOnly}
          value={Number(beside)}
          onChange={next => put(next ?? 1)}
          data-testid={`${id}.beside`}
        />
      )
    case 'text':
      return (
        <Input
          aria-label={label}
          maxLength={40}
          disabled={readOnly}
          value={beside as string}
          onChange={event => put(event.target.value)}
          data-testid={`${id}.beside`}
        />
      )
    case 'duration':
      return (
        <Duration
          id={`${id}.beside`}
          label={label}
          value={beside as number}
          readOnly={readOnly}
          onChange={next => put(next ?? 30)}
        />
      )
    case 'user':
    case 'department':
    case 'role':
      return (
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={label}
          disabled={readOnly}
          value={(beside as string) || undefined}
          placeholder={t('people.choose')}
          onChange={put}
          options={namesOf(vocabulary, choice.beside)}
          data-testid={`${id}.beside`}
        />
      )
    case 'step':
    case 'steps':
      return (
        <Select
          mode={choice.beside === 'steps' ? 'multiple' : undefined}
          aria-label={label}
          disabled={readOnly}
          value={(beside as string) || undefined}
          placeholder={t('design.choose_step')}
          onChange={put}
          options={(steps.length ? steps : people.map(each => each.step)).map(each => ({
            value: each.id,
            label: words(each.name),
          }))}
          data-testid={`${id}.beside`}
        />
      )
    default:
      return null
  }
}

function ChoiceField(props: WidgetProps) {
  const { id, label, setting, value, readOnly, onChange } = props
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const prefix = setting.choiceWord ?? setting.path.at(-1) ?? ''
  const word = (choice: string) => {
    const found =
      prefix === 'block'
        ? `block.join_${choice}`
        : prefix === 'card.stock'
          ? `card.stock_${choice}`
          : `${prefix}.${choice}`
    // What stands beside the choice is typed there, not told in its word.
    return t(`design.choice.${prefix}.${choice}`, {
      defaultValue: wordOf(vocabulary, found).replace(/\s*\{\w+\}\s*/g, '…'),
    })
  }
  return (
    <Field label={label}>
      <div className="beside">
        <Select
          allowClear={setting.otherwise === undefined && !setting.always}
          aria-label={label}
          placeholder={t('design.not_set')}
          disabled={readOnly}
          value={chosen(value, setting.otherwise).value || undefined}
          onChange={next =>
            onChange(
              next === undefined
                ? undefined
                : ofChosen(next, setting.choices?.find(each => each.value === next)?.first),
            )
          }
          options={setting.choices?.map(each => ({ value: each.value, label: word(each.value) }))}
          data-testid={id}
        />
        <Beside {...props} />
      </div>
    </Field>
  )
}

function ConditionField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <ConditionBuilder
        id={id}
        value={value as Condition | undefined}
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}

function PartyField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <PartySelect
        id={id}
        label={label}
        value={value as Record<string, string> | undefined}
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}

function DurationField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <Duration
        id={id}
        label={label}
        value={value as number | undefined}
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}

const widgets: Record<Widget, ComponentType<WidgetProps>> = {
  parties: PartiesField,
  channels: Channels,
  title: Title,
  facts: Facts,
  notices: NoticeRules,
  end_notices: EndNotices,
  proofs: Proofs,
  guards: Guards,
  side_lane: SideLane,
  connector: NameField,
  hooks: Hooks,
  own_buttons: OwnButtons,
  operation: NameField,
  order: Order,
  sources: Sources,
  party: PartyField,
  choice: ChoiceField,
  flag: Flag,
  number: NumberField,
  duration: DurationField,
  money: MoneyField,
  text: TextField,
  words: WordsField,
  long_words: LongWords,
  word_list: WordList,
  checks: Checks,
  check_rules: CheckRules,
  paths: Paths,
  access: Access,
  deadline_rules: DeadlineRules,
  actions: Actions,
  labels: Labels,
  condition: ConditionField,
  step: StepField,
  notify: NotifyField,
  template: NameField,
  event: EventField,
  flow: NameField,
  delay: DelayField,
  assignments: Assignments,
  pairs: Pairs,
  operands: Operands,
  texts: Texts,
  exclude: ExcludeField,
}

/** One setting of a step, by the widget that its entry names. */
export function SettingField({
  step,
  setting,
  value,
  onChange,
}: {
  step: Step
  setting: Setting
  value: unknown
  onChange: (value: unknown) => void
}) {
  const { t } = useWords()
  const { vocabulary, readOnly } = useDesign()
  const name = setting.word ?? setting.path.at(-1) ?? ''
  const label = t(`design.setting.${name}`, { defaultValue: wordOf(vocabulary, `setting.${name}`) })
  const Found = widgets[setting.widget]
  return (
    <Found
      id={`design.set:${setting.path.join('.')}`}
      label={label}
      step={step}
      setting={setting}
      value={value}
      readOnly={readOnly}
      onChange={onChange}
    />
  )
}
