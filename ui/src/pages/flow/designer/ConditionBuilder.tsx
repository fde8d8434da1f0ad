import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import {
  asGroup,
  changedRow,
  countRows,
  emptyLines,
  emptyRow,
  type Field,
  isEmptiness,
  lineTests,
  ofGroup,
  operators,
  operatorWord,
  outcomes,
  ROWS_MAX,
} from '../../../flow/condition'
import { type Condition, type LineTest, type Row, walk } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { useDesign, wordOf } from './design'
import { ConditionValue } from './widgets/ConditionValue'
import { DecimalInput } from './widgets/DecimalInput'

interface Part<T> {
  id: string
  value: T
  readOnly: boolean
  onChange: (value: T) => void
}

/** The fields that a condition may read: those of orders, or those of their lines. */
function useFields(line: boolean): Field[] {
  const { t, words } = useWords()
  const { doc, vocabulary } = useDesign()
  const own =
    (doc.fields as { field: string; name: { zh: string; en: string }; type: unknown; line?: boolean }[]) ?? []
  const custom = own.map(
    (each): Field => ({
      name: each.field,
      type: typeof each.type === 'string' ? each.type : 'choice',
      label: words(each.name),
      line: Boolean(each.line),
      may_be_empty: true,
    }),
  )
  const results = walk(doc).flatMap(({ step }): Field[] => {
    const options = outcomes[step.kind.type]
    if (!options) return []
    const label = t('design.result_of', { step: words(step.name) })
    return [{ name: `result:${step.id}`, type: 'choice', label, line: false, may_be_empty: true, options }]
  })
  return [...vocabulary.fields, ...custom, ...results].filter(field => field.line === line)
}

/** The word of an operator alone, without what it is put to. */
function useOperatorWord() {
  const { vocabulary } = useDesign()
  return (op: string, type: string) =>
    wordOf(vocabulary, `op.${operatorWord(op, type)}`)
      .replace(/\{field\}|\{value\}|\{base\}/g, '')
      .replace(/[\u300C\u300D"\u201C\u201D]/g, '')
      .trim()
}

function RowEditor({ id, value: row, readOnly, line, onChange }: Part<Row> & { line: boolean }) {
  const { t } = useWords()
  const fields = useFields(line)
  const word = useOperatorWord()
  const field = fields.find(each => each.name === row.field) ?? {
    name: row.field,
    type: 'text',
    label: row.field,
    line,
    may_be_empty: true,
  }
  return (
    <>
      <div className="condition-row">
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('design.field')}
          disabled={readOnly}
          value={row.field}
          onChange={name =>
            onChange(changedRow(row, { field: fields.find(each => each.name === name) }, field))
          }
          options={fields.map(each => ({ value: each.name, label: each.label }))}
          data-testid={`${id}.field`}
        />
        <Select
          aria-label={t('design.operator')}
          disabled={readOnly}
          value={row.op}
          onChange={op => onChange(changedRow(row, { op }, field))}
          options={(operators[field.type] ?? ['eq']).map(op => ({ value: op, label: word(op, field.type) }))}
          data-testid={`${id}.op`}
        />
        <ConditionValue
          id={id}
          row={row}
          field={field}
          fields={fields}
          readOnly={readOnly}
          onChange={onChange}
        />
      </div>
      {field.may_be_empty && !isEmptiness(row.op) && (
        <label className="when-empty">
          <span className="quiet">{t('design.when_empty')}</span>
          <Select
            size="small"
            aria-label={t('design.when_empty')}
            disabled={readOnly}
            value={row.when_empty === undefined ? undefined : String(row.when_empty)}
            placeholder={t('design.not_set')}
            onChange={text =>
              onChange({ ...row, when_empty: text === 'exception' ? 'exception' : text === 'true' })
            }
            options={(field.line ? ['false', 'true'] : ['false', 'true', 'exception']).map(each => ({
              value: each,
              label: t(`design.when_empty_${each}`),
            }))}
            data-testid={`${id}.when_empty`}
          />
        </label>
      )}
    </>
  )
}

function LinesEditor({ id, value: test, readOnly, onChange }: Part<LineTest>) {
  const { t } = useWords()
  const fields = useFields(true)
  const word = useOperatorWord()
  const counts = ['count', 'sum', 'distinct'].includes(test.quantifier)
  const numbers = fields.filter(
    field => test.quantifier === 'distinct' || field.type === 'money' || field.type === 'number',
  )
  return (
    <>
      <div className="condition-row">
        <Select
          aria-label={t('design.lines')}
          disabled={readOnly}
          value={test.quantifier}
          onChange={quantifier => {
            const next = emptyLines(quantifier, test)
            if ('lines' in next) onChange(next.lines)
          }}
          options={lineTests.map(each => ({ value: each, label: t(`design.lines.${each}`) }))}
          data-testid={`${id}.lines`}
        />
        {counts && test.quantifier !== 'count' && (
          <Select
            aria-label={t('design.field')}
            disabled={readOnly}
            value={test.field}
            onChange={field => onChange({ ...test, field })}
            options={numbers.map(each => ({ value: each.name, label: each.label }))}
            data-testid={`${id}.field`}
          />
        )}
        {counts && (
          <>
            <Select
              aria-label={t('design.operator')}
              disabled={readOnly}
              value={test.op}
              onChange={op => onChange({ ...test, op })}
              options={['ge', 'gt', 'le', 'lt', 'eq', 'ne'].map(op => ({
                value: op,
                label: word(op, 'number'),
              }))}
              data-testid={`${id}.op`}
            />
            <DecimalInput
              id={`${id}.value`}
              label={t('design.value')}
              value={test.value ?? '1'}
              readOnly={readOnly}
              onChange={value => onChange({ ...test, value })}
            />
          </>
        )}
      </div>
      <div className="condition-inner">
        <Group
          id={`${id}.matching`}
          value={test.matching}
          line
          depth={1}
          readOnly={readOnly}
          onChange={matching => {
            const { matching: _, ...rest } = test
            onChange(matching || !counts ? { ...rest, matching: matching ?? { all: [] } } : rest)
          }}
        />
      </div>
    </>
  )
}

function Item({
  id,
  value,
  readOnly,
  line,
  depth,
  onChange,
}: Part<Condition> & { line: boolean; depth: number }) {
  const { t } = useWords()
  if ('row' in value)
    return (
      <RowEditor
        id={id}
        value={value.row}
        line={line}
        readOnly={readOnly}
        onChange={row => onChange({ row })}
      />
    )
  if ('lines' in value)
    return (
      <LinesEditor id={id} value={value.lines} readOnly={readOnly} onChange={lines => onChange({ lines })} />
    )
  if ('cel' in value)
    return (
      <Input.TextArea
        aria-label={t('design.as_text')}
        autoSize
        disabled={readOnly}
        value={value.cel}
        onChange={event => onChange({ cel: event.target.value })}
        data-testid={`${id}.cel`}
      />
    )
  return (
    <div className="condition-inner">
      <Group
        id={id}
        value={value}
        line={line}
        depth={depth + 1}
        readOnly={readOnly}
        onChange={next => next && onChange(next)}
        keepsGroup
      />
    </div>
  )
}

function Group({
  id,
  value,
  readOnly,
  line,
  depth,
  keepsGroup,
  onChange,
}: {
  id: string
  value: Condition | undefined
  readOnly: boolean
  line: boolean
  depth: number
  keepsGroup?: boolean
  onChange: (value: Condition | undefined) => void
}) {
  const { t } = useWords()
  const fields = useFields(line)
  const { all, items } = asGroup(value)
  const put = (next: Condition[], every = all) =>
    onChange(keepsGroup ? (every ? { all: next } : { any: next }) : ofGroup(every, next))
  const [first] = fields
  return (
    <div className="condition-group" data-testid={id} data-count={items.length}>
      {items.length > 1 && (
        <Select
          size="small"
          className="condition-joint"
          aria-label={t('design.joint')}
          disabled={readOnly}
          value={all ? 'all' : 'any'}
          onChange={next => put(items, next === 'all')}
          options={['all', 'any'].map(each => ({ value: each, label: t(`design.joint_${each}`) }))}
          data-testid={`${id}.joint`}
        />
      )}
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
        <div key={at} className="condition-item">
          <div className="grow">
            <Item
              id={`${id}:${at}`}
              value={item}
              line={line}
              depth={depth}
              readOnly={readOnly}
              onChange={next => put(items.map((each, index) => (index === at ? next : each)))}
            />
          </div>
          {!readOnly && (
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('form.remove_row', { n: at + 1 })}
              onClick={() => put(items.filter((_, index) => index !== at))}
              data-testid={`${id}.remove:${at}`}
            />
          )}
        </div>
      ))}
      {!readOnly && countRows(value) < ROWS_MAX && (
        <div className="beside condition-add">
          <Button
            size="small"
            type="dashed"
            icon={<PlusOutlined aria-hidden />}
            disabled={!first}
            onClick={() => first && put([...items, emptyRow(first)])}
            data-testid={`${id}.add`}
          >
            {t('design.add_row')}
          </Button>
          {!line && (
            <Button
              size="small"
              type="dashed"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => put([...items, emptyLines('any')])}
              data-testid={`${id}.add_lines`}
            >
              {t('design.add_lines')}
            </Button>
          )}
          {depth < 2 && items.length > 0 && first && (
            <Button
              size="small"
              type="dashed"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => put([...items, all ? { any: [emptyRow(first)] } : { all: [emptyRow(first)] }])}
              data-testid={`${id}.add_group`}
            >
              {t('design.add_group')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

/** A condition as rows and groups. */
export function ConditionBuilder({
  id,
  value,
  readOnly,
  onChange,
}: {
  id: string
  value: Condition | undefined
  readOnly: boolean
  onChange: (value: Condition | undefined) => void
}) {
  return <Group id={id} value={value} line={false} depth={0} readOnly={readOnly} onChange={onChange} />
}
