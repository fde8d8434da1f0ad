import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, InputNumber, Select } from 'antd'
import { Fragment } from 'react'
import { asksPerson, walk } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign, wordOf } from '../design'
import { Formula, type FormulaCase } from './formula'
import { Field, type WidgetProps } from './SettingField'
import { Several } from './Several'

export type Party = Record<string, string>
const kinds = ['role', 'department', 'user'] as const

/** `role:finance` for `{"role": "finance"}`. */
const joined = (party: Party | undefined) => {
  const [kind, key] = Object.entries(party ?? {})[0] ?? []
  return kind && key ? `${kind}:${key}` : undefined
}
const parted = (value: string): Party => {
  const at = value.indexOf(':')
  return { [value.slice(0, at)]: value.slice(at + 1) }
}

export function usePartyOptions(among: readonly string[] = kinds) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  return among.map(kind => ({
    label: t(`design.party.${kind}`),
    title: kind,
    options: namesOf(vocabulary, kind).map(each => ({ value: `${kind}:${each.value}`, label: each.label })),
  }))
}

/** A role, a department or a person. */
export function PartySelect({
  id,
  label,
  value,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  value: Party | undefined
  readOnly: boolean
  onChange: (party: Party | undefined) => void
}) {
  const { t } = useWords()
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      placeholder={t('design.choose_party')}
      disabled={readOnly}
      value={joined(value)}
      onChange={next => onChange(next ? parted(next) : undefined)}
      options={usePartyOptions()}
      data-testid={id}
    />
  )
}

type Source = string | Record<string, unknown>
/** Sources that say all by their name. */
export const plainSources = [
  'account_owner',
  'line_warehouse',
  'product_line',
  'initiator',
  'initiator_manager',
] as const
const sourceOf = (source: Source): { kind: string; beside: unknown } => {
  if (typeof source === 'string') return { kind: source, beside: undefined }
  const [kind = '', beside] = Object.entries(source)[0] ?? []
  return { kind, beside }
}
const firstOf: Record<string, unknown> = {
  head_of: '',
  manager_chain: 1,
  same_as: '',
  field: '',
  roster: '',
  chosen_by_initiator: { role: '' },
  chosen_by_previous: { role: '' },
  formula: [],
}

function SourceBeside({
  id,
  label,
  source,
  step,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  source: Source
  step: WidgetProps['step']
  readOnly: boolean
  onChange: (source: Source) => void
}) {
  const { t, words } = useWords()
  const { doc, vocabulary } = useDesign()
  const { kind, beside } = sourceOf(source)
  const put = (next: unknown) => onChange({ [kind]: next })
  const select = (options: { value: string; label: string }[], placeholder: string) => (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      disabled={readOnly}
      placeholder={placeholder}
      value={(beside as string) || undefined}
      onChange={put}
      options={options}
      data-testid={`${id}.beside`}
    />
  )
  if (kind === 'head_of') return select(namesOf(vocabulary, 'department'), t('design.party.department'))
  if (kind === 'manager_chain')
    return (
      <InputNumber
        aria-label={label}
        min={1}
        max={9}
        disabled={readOnly}
        value={Number(beside)}
        onChange={next => put(next ?? 1)}
        data-testid={`${id}.beside`}
      />
    )
  if (kind === 'same_as')
    return select(
      walk(doc)
        .filter(each => asksPerson(each.step) && each.step.id !== step.id)
        .map(each => ({ value: each.step.id, label: words(each.step.name) })),
      t('design.choose_step'),
    )
  if (kind === 'field')
    return select(
      ((doc.fields as { field: string; name: { zh: string; en: string } }[]) ?? []).map(each => ({
        value: each.field,
        label: words(each.name),
      })),
      t('design.choose_field'),
    )
  if (kind === 'roster')
    return (
      <input
        className="ant-input"
        aria-label={label}
        disabled={readOnly}
        value={String(beside ?? '')}
        onChange={event => put(event.target.value)}
        data-testid={`${id}.beside`}
      />
    )
  if (kind === 'chosen_by_initiator' || kind === 'chosen_by_previous')
    return (
      <PartySelect
        id={`${id}.beside`}
        label={label}
        value={beside as Party}
        readOnly={readOnly}
        onChange={next => put(next ?? { role: '' })}
      />
    )
  return null
}

/** Where the people of a step are looked for; several sources together mean all whom any of them names. */
export function Sources({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary, inspection } = useDesign()
  const sources: Source[] = Array.isArray(value) ? value : value ? [value as Source] : []
  const parties = usePartyOptions()
  const others = [
    ...plainSources,
    'head_of',
    'manager_chain',
    'same_as',
    'field',
    'roster',
    'chosen_by_initiator',
    'chosen_by_previous',
    'formula',
  ]
  const word = (kind: string) =>
    t(`design.source.${kind}`, { defaultValue: wordOf(vocabulary, `source.${kind}`) })
  const options = [
    ...parties,
    {
      label: t('design.by_order'),
      title: 'other',
      options: others.map(kind => ({ value: kind, label: word(kind) })),
    },
  ]
  const shown = (source: Source) => {
    const { kind, beside } = sourceOf(source)
    return (kinds as readonly string[]).includes(kind) ? `${kind}:${beside}` : kind
  }
  const read = (text: string): Source =>
    text.includes(':') ? parted(text) : text in firstOf ? { [text]: firstOf[text] } : text
  const put = (at: number, source: Source) =>
    onChange(sources.map((each, index) => (index === at ? source : each)))
  const who = inspection?.candidates[step.id]
  const rows = sources.length || readOnly ? sources : [undefined]
  return (
    <Field
      label={label}
      hint={
        who && (
          <span data-testid={`${id}.people`} data-count={who.people.length}>
            {who.people.length > 0 &&
              t('design.resolves', {
                count: who.people.length,
                names: who.people.slice(0, 8).join(t('design.separator')),
              })}
            {who.people.length === 0 && !who.depends && t('design.resolves_none')}
            {who.depends && ` ${t('design.resolves_by_order')}`}
          </span>
        )
      }
    >
      {rows.map((source, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sources have no name of their own
        <Fragment key={at}>
          <div className="beside">
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              aria-label={`${label} ${at + 1}`}
              placeholder={t('design.choose_party')}
              disabled={readOnly}
              value={source === undefined || shown(source).endsWith(':') ? undefined : shown(source)}
              onChange={next => (source === undefined ? onChange([read(next)]) : put(at, read(next)))}
              options={options}
              data-testid={`${id}:${at}`}
            />
            {source !== undefined && (
              <>
                <SourceBeside
                  id={`${id}:${at}`}
                  label={label}
                  source={source}
                  step={step}
                  readOnly={readOnly}
                  onChange={next => put(at, next)}
                />
                {!readOnly && (
                  <Button
                    type="text"
                    icon={<CloseOutlined aria-hidden />}
                    aria-label={t('form.remove_row', { n: at + 1 })}
                    onClick={() => onChange(sources.filter((_, index) => index !== at))}
                    data-testid={`${id}.remove:${at}`}
                  />
                )}
              </>
            )}
          </div>
          {source !== undefined && sourceOf(source).kind === 'formula' && (
            <Formula
              id={`${id}:${at}.formula`}
              label={t('design.source.formula')}
              cases={(sourceOf(source).beside as FormulaCase[]) ?? []}
              readOnly={readOnly}
              onChange={cases => put(at, { formula: cases })}
            />
          )}
        </Fragment>
      ))}
      {!readOnly && sources.length > 0 && (
        <Button
          type="dashed"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => onChange([...sources, { role: '' }])}
          data-testid={`${id}.add`}
        >
          {t('design.add_source')}
        </Button>
      )}
    </Field>
  )
}

/** Any number of parties of the house. */
export function PartiesSelect({
  id,
  label,
  value,
  placeholder,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  value: Party[]
  placeholder?: string
  readOnly: boolean
  onChange: (value: Party[]) => void
}) {
  const { t } = useWords()
  const parties = usePartyOptions()
  return (
    <Select
      mode="multiple"
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      placeholder={placeholder ?? t('design.choose_party')}
      disabled={readOnly}
      value={value.map(each => joined(each) ?? '')}
      onChange={(next: string[]) => onChange(next.map(parted))}
      options={parties}
      data-testid={id}
    />
  )
}

/** Parties of the house; nobody named means everybody. */
export function PartiesField({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Field label={label}>
      <PartiesSelect
        id={id}
        label={label}
        value={(value as Party[]) ?? []}
        placeholder={t('design.all')}
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}

/** Who may not decide here: whoever entered the order, and whoever decided an earlier step. */
export function ExcludeField({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { t, words } = useWords()
  const { doc } = useDesign()
  const rules = (value as (string | { deciders_of: string })[]) ?? []
  const steps = walk(doc).filter(each => asksPerson(each.step) && each.step.id !== step.id)
  return (
    <Several
      id={id}
      label={label}
      readOnly={readOnly}
      value={rules.map(rule => (typeof rule === 'string' ? rule : `of:${rule.deciders_of}`))}
      onChange={next =>
        onChange(next.map(each => (each.startsWith('of:') ? { deciders_of: each.slice(3) } : each)))
      }
      options={[
        { value: 'initiator', label: t('design.exclude_initiator') },
        ...steps.map(each => ({
          value: `of:${each.step.id}`,
          label: t('design.exclude_deciders', { name: words(each.step.name) }),
        })),
      ]}
    />
  )
}
