import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useWords } from '../../../../i18n'
import { useDesign, wordOf } from '../design'
import { DecimalInput } from './DecimalInput'
import { PartiesSelect, type Party } from './people'
import type { WidgetProps } from './SettingField'

const units = { minutes: 1, hours: 60 } as const
type Unit = keyof typeof units

/** A time in minutes, typed in minutes or hours. */
export function Duration({
  id,
  label,
  value,
  readOnly,
  signed,
  onChange,
}: {
  id: string
  label: string
  value: number | undefined
  readOnly: boolean
  signed?: boolean
  onChange: (minutes: number | undefined) => void
}) {
  const { t } = useWords()
  const [unit, setUnit] = useState<Unit>(value !== undefined && value % 60 !== 0 ? 'minutes' : 'hours')
  return (
    <div className="beside">
      <InputNumber
        aria-label={label}
        min={signed ? undefined : 0}
        max={500_000}
        disabled={readOnly}
        value={value === undefined ? null : value / units[unit]}
        onChange={next => onChange(next === null ? undefined : Math.round(next * units[unit]))}
        data-testid={id}
      />
      <Select
        aria-label={`${label} · ${t('design.unit')}`}
        disabled={readOnly}
        value={unit}
        onChange={setUnit}
        options={(Object.keys(units) as Unit[]).map(each => ({
          value: each,
          label: t(`design.unit.${each}`),
        }))}
        data-testid={`${id}.unit`}
      />
    </div>
  )
}

interface Rule {
  at_minutes: number
  do: string | Record<string, unknown>
  repeat_minutes?: number
  repeat_max?: number
}
interface From {
  after?: { minutes: number; clock?: string }
  field?: { field: string; offset_minutes?: number }
}
interface Deadline {
  /** `sla` where the company's table says how long. */
  from?: 'sla' | From
  rules?: Rule[]
  keeps_running?: boolean
}
const acts = [
  'remind',
  'notify_manager',
  'to_backup',
  'escalate',
  'auto_return',
  'auto_pass',
  'raise_exception',
] as const
const firstOf: Record<string, unknown> = {
  escalate: [{ role: 'process_admin' }],
  auto_pass: { max_amount: '1000' },
}
const RULES_MAX = 8
const nameOf = (action: Rule['do']) => (typeof action === 'string' ? action : (Object.keys(action)[0] ?? ''))

function RuleRow({
  id,
  rule,
  readOnly,
  onChange,
  onRemove,
}: {
  id: string
  rule: Rule
  readOnly: boolean
  onChange: (rule: Rule) => void
  onRemove: () => void
}) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const name = nameOf(rule.do)
  const beside = typeof rule.do === 'string' ? undefined : rule.do[name]
  const side = rule.at_minutes < 0 ? 'before' : rule.at_minutes > 0 ? 'after' : 'at'
  const distance = Math.abs(rule.at_minutes)
  const label = t('design.rule')
  const move = (next: string, minutes: number) =>
    onChange({
      ...rule,
      at_minutes: next === 'at' ? 0 : next === 'before' ? -(minutes || 30) : minutes || 30,
    })
  return (
    <li className="rule-row">
      <div className="beside">
        <Select
          aria-label={label}
          disabled={readOnly}
          value={side}
          onChange={next => move(next, distance)}
          options={['before', 'at', 'after'].map(each => ({ value: each, label: t(`design.rule_${each}`) }))}
          data-testid={`${id}.side`}
        />
        {side !== 'at' && (
          <Duration
            id={`${id}.at`}
            label={label}
            value={distance}
            readOnly={readOnly}
            onChange={next => move(side, next ?? 30)}
          />
        )}
        {!readOnly && (
          <Button
            type="text"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('design.rule_remove')}
            onClick={onRemove}
            data-testid={`${id}.remove`}
          />
        )}
      </div>
      <div className="beside">
        <Select
          aria-label={t('design.rule_do')}
          disabled={readOnly}
          value={name}
          onChange={next => onChange({ ...rule, do: next in firstOf ? { [next]: firstOf[next] } : next })}
          options={acts.map(each => ({
            value: each,
            label: wordOf(vocabulary, `do.${each}`).replace(/\s*\{\w+\}/, ''),
          }))}
          data-testid={`${id}.do`}
        />
        {name === 'escalate' && (
          <PartiesSelect
            id={`${id}.beside`}
            label={t('design.rule_chain')}
            value={(beside as Party[]) ?? []}
            readOnly={readOnly}
            onChange={chain => onChange({ ...rule, do: { escalate: chain as Party[] } })}
          />
        )}
        {name === 'auto_pass' && (
          <DecimalInput
            id={`${id}.beside`}
            label={t('design.rule_max')}
            prefix="≤"
            optional
            value={String((beside as { max_amount?: string })?.max_amount ?? '')}
            readOnly={readOnly}
            onChange={text => onChange({ ...rule, do: { auto_pass: text ? { max_amount: text } : {} } })}
          />
        )}
        {name === 'remind' && (
          <InputNumber
            aria-label={t('design.rule_repeat')}
            prefix={t('design.rule_repeat')}
            min={1}
            disabled={readOnly}
            value={rule.repeat_minutes ?? null}
            onChange={next => {
              const { repeat_minutes: _, repeat_max: __, ...rest } = rule
              onChange(next ? { ...rest, repeat_minutes: next, repeat_max: rule.repeat_max ?? 3 } : rest)
            }}
            data-testid={`${id}.repeat`}
          />
        )}
        {rule.repeat_minutes !== undefined && (
          <InputNumber
            aria-label={t('design.rule_times')}
            prefix={t('design.rule_times')}
            min={1}
            max={99}
            disabled={readOnly}
            value={rule.repeat_max ?? null}
            onChange={next => {
              const { repeat_max: _, ...rest } = rule
              onChange(next ? { ...rest, repeat_max: next } : rest)
            }}
            data-testid={`${id}.times`}
          />
        )}
      </div>
    </li>
  )
}

/** What happens on the way to the deadline and after it, earliest first. */
export function DeadlineRules({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const deadline = value as Deadline | undefined
  if (!deadline)
    return readOnly ? null : (
      <Button
        type="dashed"
        icon={<PlusOutlined aria-hidden />}
        onClick={() =>
          onChange({
            from: step.kind.deadline_minutes
              ? { after: { minutes: Number(step.kind.deadline_minutes) } }
              : 'sla',
            rules: [{ at_minutes: 0, do: 'notify_manager' }],
          })
        }
        data-testid={`${id}.begin`}
      >
        {t('design.rules_begin')}
      </Button>
    )
  const rules = deadline.rules ?? []
  const put = (next: Partial<Deadline>) => onChange({ ...deadline, ...next })
  const { after, field }: From = typeof deadline.from === 'object' ? deadline.from : {}
  return (
    <fieldset className="items" data-testid={id} data-count={rules.length}>
      <legend>{label}</legend>
      <Select
        aria-label={t('design.counted_from')}
        disabled={readOnly}
        value={field ? 'field' : after ? (after.clock ?? 'working') : 'sla'}
        onChange={next =>
          put({
            from:
              next === 'sla'
                ? 'sla'
                : next === 'field'
                  ? { field: { field: 'requested_date', offset_minutes: -480 } }
                  : {
                      after: {
                        minutes: after?.minutes ?? 240,
                        ...(next === 'calendar' && { clock: 'calendar' }),
                      },
                    },
          })
        }
        options={['sla', 'working', 'calendar', 'field'].map(each => ({
          value: each,
          label: t(`design.clock.${each}`),
        }))}
        data-testid={`${id}.from`}
      />
      {after && (
        <Duration
          id={`${id}.after`}
          label={t('design.counted_from')}
          value={after.minutes}
          readOnly={readOnly}
          onChange={minutes => put({ from: { after: { ...after, minutes: minutes ?? 60 } } })}
        />
      )}
      {field && (
        <div className="beside">
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('design.choose_field')}
            disabled={readOnly}
            value={field.field}
            onChange={next => put({ from: { field: { ...field, field: next } } })}
            options={Object.entries(vocabulary.paths)
              .filter(([path]) => /date|_on$/.test(path) && !path.startsWith('lines'))
              .map(([path, name]) => ({ value: path, label: name }))}
            data-testid={`${id}.field`}
          />
          <Duration
            id={`${id}.offset`}
            label={t('design.offset')}
            signed
            value={field.offset_minutes ?? 0}
            readOnly={readOnly}
            onChange={minutes => put({ from: { field: { ...field, offset_minutes: minutes ?? 0 } } })}
          />
        </div>
      )}
      <label className="switch-row">
        <Switch
          size="small"
          aria-label={t('design.keeps_running')}
          disabled={readOnly}
          checked={deadline.keeps_running === true}
          onChange={on => {
            const { keeps_running: _, ...rest } = deadline
            onChange(on ? { ...rest, keeps_running: true } : rest)
          }}
          data-testid={`${id}.keeps_running`}
        />
        <span>{t('design.keeps_running')}</span>
      </label>
      <ul>
        {rules.map((rule, at) => (
          <RuleRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no name of their own
            key={at}
            id={`${id}:${at}`}
            rule={rule}
            readOnly={readOnly}
            onChange={next => put({ rules: rules.map((each, index) => (index === at ? next : each)) })}
            onRemove={() => put({ rules: rules.filter((_, index) => index !== at) })}
          />
        ))}
      </ul>
      {!readOnly && (
        <div className="beside">
          <Button
            type="dashed"
            disabled={rules.length >= RULES_MAX}
            icon={<PlusOutlined aria-hidden />}
            onClick={() => put({ rules: [...rules, { at_minutes: -30, do: 'remind' }] })}
            data-testid={`${id}.add`}
          >
            {t('design.rule_add')}
          </Button>
          <Button type="text" onClick={() => onChange(undefined)} data-testid={`${id}.end`}>
            {t('design.rules_end')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
