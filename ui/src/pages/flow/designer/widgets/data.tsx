import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { operandOf, operandText } from '../../../../flow/condition'
import type { Operand, Text } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { useDesign } from '../design'
import { Duration } from './deadline'
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

/** Rows of something, with a button behind each and one below. */
function Rows<T>({
  id,
  legend,
  rows,
  first,
  readOnly,
  onChange,
  children,
}: {
  id: string
  legend: string
  rows: T[]
  first: T
  readOnly: boolean
  onChange: (rows: T[]) => void
  children: (row: T, put: (row: T) => void, at: number) => ReactNode
}) {
  const { t } = useWords()
  return (
    <fieldset className="items" data-testid={id} data-count={rows.length}>
      <legend>{legend}</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
        <div key={at} className="beside">
          {children(row, next => onChange(rows.map((each, index) => (index === at ? next : each))), at)}
          {!readOnly && (
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('form.remove_row', { n: at + 1 })}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
              data-testid={`${id}.remove:${at}`}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          type="dashed"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => onChange([...rows, first])}
          data-testid={`${id}.add`}
        >
          {t('form.add_row')}
        </Button>
      )}
    </fieldset>
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
}

/** For how long, or until which date of the order. */
export function DelayField({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const delay = (value as Delay) ?? {}
  const { minutes, field } = delay
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        disabled={readOnly}
        value={field ? 'field' : (minutes?.clock ?? 'working')}
        onChange={next =>
          onChange(
            next === 'field'
              ? { field: { field: 'requested_date' } }
              : {
                  minutes: {
                    minutes: minutes?.minutes ?? 60,
                    ...(next === 'calendar' && { clock: 'calendar' }),
                  },
                },
          )
        }
        options={['working', 'calendar', 'field'].map(each => ({
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
            options={Object.entries(vocabulary.paths)
              .filter(([path]) => path.endsWith('date') && !path.startsWith('lines'))
              .map(([path, name]) => ({ value: path, label: name }))}
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
    </Field>
  )
}
