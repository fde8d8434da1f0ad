import { DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type Dispatch, memo, useMemo } from 'react'
import { findProducts } from '../../api/hooks'
import type { CheckLine, Finding, Product } from '../../api/types'
import { useWords } from '../../i18n'
import { AtpChip } from '../../ui/AtpChip'
import { Money } from '../../ui/Money'
import { groupDigits, moneyWords } from '../../ui/money'
import type { AskedGoods } from '../../ui/Substitutes'
import { SeverityIcon } from '../../ui/Tags'
import type { DraftAction, DraftLine, LineField } from '../order/draft'
import { worst } from '../order/places'
import { type ReadDate, useReadDate } from '../order/readDate'
import { Typeahead } from '../Typeahead'
import type { ActiveCell } from './LineGrid'
import { decimalOf } from './values'

interface Props {
  line: DraftLine
  index: number
  currency: string
  /** The day that lines without one of their own are wanted for, as it is typed. */
  day: string
  judged: CheckLine | undefined
  findings: Finding[] | undefined
  activeField: LineField | null
  /** The cell of this row that Tab enters the grid by. */
  entrance: LineField | null
  onEnter: (cell: ActiveCell) => void
  onRemove: (key: string) => void
  dispatch: Dispatch<DraftAction>
}

const numeric: LineField[] = ['quantity', 'unit_price']

const unreadable = (line: DraftLine, field: LineField, readDate: ReadDate) => {
  const text = line[field]
  if (!text) return false
  if (numeric.includes(field)) return decimalOf(text) === null
  return field === 'requested_date' && readDate(text) === null
}

function Shown({ line, field }: { line: DraftLine; field: LineField }) {
  const text = line[field]
  const value = numeric.includes(field) ? decimalOf(text) : null
  return value ? groupDigits(value) : text
}

/** One of the units that the product is sold in; arrows choose among them. */
function UnitSelect({
  line,
  units,
  label,
  id,
  dispatch,
}: Pick<Props, 'line' | 'dispatch'> & { units: string[]; label: string; id: string }) {
  const known = units.includes(line.unit) ? units : [line.unit, ...units]
  return (
    <select
      className="cell-input"
      aria-label={label}
      // biome-ignore lint/a11y/noAutofocus: an editor mounts when its cell becomes active
      autoFocus
      value={line.unit}
      onKeyDown={event => event.key.startsWith('Arrow') && !event.altKey && event.stopPropagation()}
      onChange={event => dispatch({ kind: 'unit', key: line.key, unit: event.target.value })}
      data-testid={id}
    >
      {known.map(unit => (
        <option key={unit} value={unit}>
          {unit}
        </option>
      ))}
    </select>
  )
}

function Editor({
  line,
  field,
  index,
  judged,
  onEnter,
  dispatch,
}: Pick<Props, 'line' | 'index' | 'judged' | 'onEnter' | 'dispatch'> & { field: LineField }) {
  const { t } = useWords()
  const readDate = useReadDate()
  const label = t('entry.cell', { column: t(`line.${field}`), row: index + 1 })
  const id = `entry.cell:${field}:${index}`
  if (field === 'product')
    return (
      <Typeahead<Product>
        id={id}
        label={label}
        autoFocus
        value={line.product}
        inputProps={{ onFocus: event => event.target.select() }}
        find={findProducts}
        keyOf={product => product.code}
        render={product => (
          <span className="search-row">
            <span className="strong">{product.code}</span> <span>{product.name}</span>
            {product.list_price && <span className="quiet num">{groupDigits(product.list_price, 2)}</span>}
          </span>
        )}
        leadsOn
        onPick={(product, leaving) => {
          dispatch({ kind: 'product', key: line.key, product })
          if (!leaving) onEnter({ key: line.key, field: 'quantity' })
        }}
        onFree={value => dispatch({ kind: 'line', key: line.key, field, value })}
      />
    )
  if (field === 'unit' && judged && judged.units.length > 1)
    return <UnitSelect line={line} units={judged.units} label={label} id={id} dispatch={dispatch} />
  return (
    <input
      className={numeric.includes(field) ? 'cell-input right' : 'cell-input'}
      aria-label={label}
      // biome-ignore lint/a11y/noAutofocus: an editor mounts when its cell becomes active
      autoFocus
      autoComplete="off"
      inputMode={numeric.includes(field) ? 'decimal' : undefined}
      placeholder={field === 'requested_date' ? t('entry.date_hint') : undefined}
      value={line[field]}
      onFocus={event => event.target.select()}
      onChange={event => dispatch({ kind: 'line', key: line.key, field, value: event.target.value })}
      onBlur={() => {
        const date = field === 'requested_date' && readDate(line[field])
        if (date) dispatch({ kind: 'line', key: line.key, field, value: date })
      }}
      data-testid={id}
    />
  )
}

function Cell({ field, ...props }: Props & { field: LineField }) {
  const { t } = useWords()
  const { line, index, findings, activeField, entrance, onEnter } = props
  const readDate = useReadDate()
  const active = activeField === field
  const severity = worst(findings?.filter(finding => finding.path.endsWith(`.${field}`)) ?? [])
  const mark = unreadable(line, field, readDate) ? 'blocker' : severity
  const className = `cell${numeric.includes(field) ? ' right num' : ''}${mark ? ` faulty-${mark}` : ''}`
  return (
    <td
      role="gridcell"
      className={`${className} at-${field}`}
      data-label={t(`line.${field}`)}
      tabIndex={active ? undefined : entrance === field && !activeField ? 0 : -1}
      onFocus={() => !active && onEnter({ key: line.key, field })}
      onMouseDown={event => {
        if (active) return
        event.preventDefault()
        onEnter({ key: line.key, field })
      }}
      data-testid={active ? undefined : `entry.cell:${field}:${index}`}
    >
      {active ? (
        <Editor
          line={line}
          field={field}
          index={index}
          judged={props.judged}
          onEnter={onEnter}
          dispatch={props.dispatch}
        />
      ) : (
        <Shown line={line} field={field} />
      )}
    </td>
  )
}

/** What a line asks for, as it was when it was judged: who still types is not asked about at every key. */
function useAsked({ line, day, judged }: Pick<Props, 'line' | 'day' | 'judged'>): AskedGoods | undefined {
  const readDate = useReadDate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it changes with the judgement, not with the line
  return useMemo(() => {
    const quantity = decimalOf(line.quantity)
    if (!judged || !line.product || !quantity) return undefined
    const date = readDate(line.requested_date || day) ?? undefined
    return { product: line.product, quantity, unit: line.unit || undefined, date }
  }, [judged])
}

/** What can be promised of a line, and what its writer can do about what cannot. */
function PromiseCell(props: Pick<Props, 'line' | 'index' | 'day' | 'judged' | 'dispatch'>) {
  const { line, index, judged, dispatch } = props
  const asked = useAsked(props)
  if (!judged) return null
  return (
    <AtpChip
      id={`entry.atp:${index}`}
      atp={judged.atp}
      available={judged.available}
      asked={asked}
      onReplace={found => dispatch({ kind: 'substitute', key: line.key, found })}
      onSplit={parts => dispatch({ kind: 'split', key: line.key, parts })}
    />
  )
}

export const LineRow = memo(function LineRow(props: Props) {
  const { t, words } = useWords()
  const { line, index, judged, findings, currency } = props
  const priceNote = judged?.list_price
    ? t('entry.price_note', {
        price: moneyWords(judged.list_price, currency),
        source: judged.price_source ?? '',
      })
    : undefined
  return (
    <>
      <tr data-testid={`entry.line:${index}`} aria-rowindex={index + 2}>
        <td className="right quiet at-row">{index + 1}</td>
        <Cell {...props} field="product" />
        <td className="quiet cell-name at-name" title={line.name}>
          {line.name}
        </td>
        <Cell {...props} field="unit" />
        <Cell {...props} field="quantity" />
        <Cell {...props} field="unit_price" />
        <td className="right at-amount" title={priceNote} data-label={t('line.amount')}>
          <Money value={judged?.amount} currency={currency} />
        </td>
        <Cell {...props} field="requested_date" />
        <td className="at-promise" data-live="stock" data-label={t('line.promise')}>
          <PromiseCell {...props} />
        </td>
        <td className="at-acts">
          <Button
            type="text"
            size="small"
            tabIndex={-1}
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('entry.delete_line', { row: index + 1 })}
            title={t('entry.delete_line', { row: index + 1 })}
            onClick={() => props.onRemove(line.key)}
            data-testid={`entry.delete:${index}`}
          />
        </td>
      </tr>
      {findings && findings.length > 0 && (
        <tr className="line-findings">
          <td />
          <td colSpan={9}>
            {findings.map(finding => (
              <span key={finding.id} className="line-finding" data-path={finding.path}>
                <SeverityIcon severity={finding.severity} /> {words(finding.message)}
              </span>
            ))}
          </td>
        </tr>
      )}
    </>
  )
})
