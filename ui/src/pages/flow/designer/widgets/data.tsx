import { Input, Select } from 'antd'
import { operandOf, operandText } from '../../../../flow/condition'
import type { Operand, Text } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { useDesign } from '../design'
import { Duration } from './deadline'
import { Rows } from './Rows'
import { Field, type WidgetProps } from './SettingField'

/** Words that people type, each with Enter. */
export function WordList({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        aria-label={label}
        disabled={readOnly}
        tokenSeparators={[',', '\uFF0C']}
        value={(value as string[]) ?? []}
        onChange={onChange}
        data-testid={id}
      />
    </Field>
  )
}

/** Points in both languages. */
export function Texts({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Rows<Text>
      id={id}
      legend={label}
      rows={(value as Text[]) ?? []}
      first={{ zh: '', en: '' }}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(text, put, at) =>
        (['zh', 'en'] as const).map(lang => (
          <Input
            key={lang}
            aria-label={`${label} ${at + 1} ${lang}`}
            placeholder={t(`design.lang_${lang}`)}
            disabled={readOnly}
            maxLength={200}
            value={text[lang]}
            onChange={event => put({ ...text, [lang]: event.target.value })}
            data-testid={`${id}:${at}:${lang}`}
          />
        ))
      }
    </Rows>
  )
}

/** Names of one side by names of the other. */
export function Pairs({ id, label, value, readOnly, onChange }: WidgetProps) {
  const rows = Object.entries((value as Record<string, string>) ?? {})
  return (
    <Rows<[string, string]>
      id={id}
      legend={label}
      rows={rows}
      first={['', '']}
      readOnly={readOnly}
      onChange={next => onChange(Object.fromEntries(next))}
    >
      {(row, put, at) =>
        ([0, 1] as const).map(side => (
          <Input
            key={side}
            aria-label={`${label} ${at + 1} ${side + 1}`}
            disabled={readOnly}
            value={row[side]}
            onChange={event => put(side === 0 ? [event.target.value, row[1]] : [row[0], event.target.value])}
            data-testid={`${id}:${at}:${side}`}
          />
        ))
      }
    </Rows>
  )
}

interface Custom {
  field: string
  name: Text
  type: string | Record<string, unknown>
  line?: boolean
}
const typeOf = (custom: Custom | undefined) =>
  typeof custom?.type === 'string' ? custom.type : custom ? 'choice' : 'text'

function useCustom() {
  const { doc } = useDesign()
  return (doc.fields as Custom[] | undefined) ?? []
}

/** Values that are put into fields of the order. */
export function Assignments({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t, words } = useWords()
  const { vocabulary } = useDesign()
  const custom = useCustom()
  const options = [
    ...custom.map(each => ({ value: each.field, label: words(each.name) })),
    ...['special_requests', 'payment_terms'].map(path => ({
      value: path,
      label: vocabulary.paths[path] ?? path,
    })),
  ]
  return (
    <Rows<{ field: string; value: Operand }>
      id={id}
      legend={label}
      rows={(value as { field: string; value: Operand }[]) ?? []}
      first={{ field: '', value: { text: '' } }}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(row, put, at) => (
        <>
          <Select
            aria-label={t('design.field')}
            placeholder={t('design.choose_field')}
            disabled={readOnly}
            value={row.field || undefined}
            onChange={field => put({ ...row, field })}
            options={options}
            data-testid={`${id}:${at}`}
          />
          <Input
            aria-label={t('design.value')}
            disabled={readOnly}
            value={operandText(row.value)}
            onChange={event =>
              put({
                ...row,
                value:
                  operandOf(
                    typeOf(custom.find(each => each.field === row.field)),
                    'eq',
                    event.target.value,
                  ) ?? row.value,
              })
            }
            data-testid={`${id}:${at}.value`}
          />
        </>
      )}
    </Rows>
  )
}

/** What fields of an inner flow are for it: a field of this one. */
export function Operands({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const rows = Object.entries((value as Record<string, Operand>) ?? {})
  return (
    <Rows<[string, Operand]>
      id={id}
      legend={label}
      rows={rows}
      first={['', { field: '' }]}
      readOnly={readOnly}
      onChange={next => onChange(Object.fromEntries(next))}
    >
      {(row, put, at) => (
        <>
          <Input
            aria-label={t('design.inner_field')}
            placeholder={t('design.inner_field')}
            disabled={readOnly}
            value={row[0]}
            onChange={event => put([event.target.value, row[1]])}
            data-testid={`${id}:${at}`}
          />
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('design.choose_field')}
            placeholder={t('design.choose_field')}
            disabled={readOnly}
            value={'field' in row[1] ? row[1].field || undefined : operandText(row[1])}
            onChange={field => put([row[0], { field }])}
            options={vocabulary.fields
              .filter(field => !field.line)
              .map(field => ({ value: field.name, label: field.label }))}
            data-testid={`${id}:${at}.field`}
          />
        </>
      )}
    </Rows>
  )
}

interface Delay {
  minutes?: { minutes: number; clock?: string }
  field?: { field: string; offset_minutes?: number }
  at?: { date?: string; time: string }
}
const MORNING = '09:00'
const beginDelay = (kind: string, minutes: number): Delay => {
  if (kind === 'field') return { field: { field: 'requested_date' } }
  if (kind === 'at') return { at: { time: MORNING } }
  return { minutes: { minutes, ...(kind === 'calendar' && { clock: 'calendar' }) } }
}

/** The dates of the order that something may be counted from. */
function useDates() {
  const { words } = useWords()
  const { vocabulary } = useDesign()
  return [
    ...Object.entries(vocabulary.paths)
      .filter(([path]) => path.endsWith('date') && !path.startsWith('lines'))
      .map(([value, label]) => ({ value, label })),
    ...useCustom()
      .filter(each => each.type === 'date' && !each.line)
      .map(each => ({ value: each.field, label: words(each.name) })),
  ]
}

/** A time of day, of a date of the order or the next one. */
function TimeOfDay({
  id,
  at,
  readOnly,
  onChange,
}: {
  id: string
  at: { date?: string; time: string }
  readOnly: boolean
  onChange: (at: { date?: string; time: string }) => void
}) {
  const { t } = useWords()
  return (
    <div className="beside">
      <Select
        allowClear
        aria-label={t('design.choose_field')}
        placeholder={t('design.next_time')}
        disabled={readOnly}
        value={at.date}
        onChange={date => onChange({ time: at.time, ...(date && { date }) })}
        options={useDates()}
        data-testid={`${id}.date`}
      />
      <Input
        type="time"
        aria-label={t('design.time')}
        disabled={readOnly}
        value={at.time}
        onChange={event => event.target.value && onChange({ ...at, time: event.target.value })}
        data-testid={`${id}.time`}
      />
    </div>
  )
}

/** For how long, until which date of the order, or until what time of day. */
export function DelayField({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const dates = useDates()
  const delay = (value as Delay) ?? {}
  const { minutes, field, at } = delay
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        disabled={readOnly}
        value={at ? 'at' : field ? 'field' : (minutes?.clock ?? 'working')}
        onChange={next => onChange(beginDelay(next, minutes?.minutes ?? 60))}
        options={['working', 'calendar', 'field', 'at'].map(each => ({
          value: each,
          label: t(`design.clock.${each}`),
        }))}
        data-testid={id}
      />
      {minutes && (
        <Duration
          id={`${id}.minutes`}
          label={label}
          value={minutes.minutes}
          readOnly={readOnly}
          onChange={next => onChange({ minutes: { ...minutes, minutes: next ?? 60 } })}
        />
      )}
      {field && (
        <div className="beside">
          <Select
            aria-label={t('design.choose_field')}
            disabled={readOnly}
            value={field.field}
            onChange={next => onChange({ field: { ...field, field: next } })}
            options={dates}
            data-testid={`${id}.field`}
          />
          <Duration
            id={`${id}.offset`}
            label={t('design.offset')}
            signed
            value={field.offset_minutes ?? 0}
            readOnly={readOnly}
            onChange={next => onChange({ field: { ...field, offset_minutes: next ?? 0 } })}
          />
        </div>
      )}
      {at && <TimeOfDay id={id} at={at} readOnly={readOnly} onChange={next => onChange({ at: next })} />}
    </Field>
  )
}
