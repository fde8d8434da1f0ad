import { App, Button } from 'antd'
import { type ClipboardEvent, type Dispatch, type KeyboardEvent, useState } from 'react'
import type { CheckLine, Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { type DraftAction, type DraftLine, isBlank, type LineField, lineFields } from '../order/draft'
import { gridAction } from './gridKeys'
import { LineRow } from './LineRow'
import { isBlock, parseBlock } from './paste'

export interface ActiveCell {
  key: string
  field: LineField
}

const UNDO_S = 8

/** Order lines as a sheet: only the active cell has an editor, so 200 lines stay quick. */
export function LineGrid({
  lines,
  currency,
  judged,
  findings,
  active,
  setActive,
  dispatch,
}: {
  lines: DraftLine[]
  currency: string
  judged: Map<string, CheckLine>
  findings: Map<string, Finding[]>
  active: ActiveCell | null
  setActive: (cell: ActiveCell | null) => void
  dispatch: Dispatch<DraftAction>
}) {
  const { t } = useWords()
  const { message } = App.useApp()
  const [home, setHome] = useState<ActiveCell | null>(null)
  const go = (cell: ActiveCell | null) => {
    if (cell) setHome(cell)
    setActive(cell)
  }

  const remove = (key: string) => {
    const at = lines.findIndex(line => line.key === key)
    const line = lines[at]
    if (!line) return
    dispatch({ kind: 'delete', key })
    const next = lines[at + 1] ?? lines[at - 1]
    go(next ? { key: next.key, field: 'product' } : null)
    if (isBlank(line)) return
    const toast = message.info({
      duration: UNDO_S,
      content: (
        <span>
          {t('entry.line_deleted', { product: line.product })}{' '}
          <Button
            type="link"
            size="small"
            data-testid="entry.undo"
            onClick={() => {
              dispatch({ kind: 'restore', line, at })
              toast()
            }}
          >
            {t('action.undo')}
          </Button>
        </span>
      ),
    })
  }
  const append = () => {
    dispatch({ kind: 'append' })
    go({ key: 'last', field: 'product' })
  }
  const keyOf = (key: string) => (key === 'last' ? (lines.at(-1)?.key ?? '') : key)
  const activeKey = active && keyOf(active.key)

  const onKey = (event: KeyboardEvent) => {
    if (!active || event.defaultPrevented) return
    const row = lines.findIndex(line => line.key === activeKey)
    const at = { row, col: lineFields.indexOf(active.field) }
    const last = lines.at(-1)
    const action = gridAction(
      {
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
        composing: event.nativeEvent.isComposing,
      },
      at,
      {
        rows: lines.length,
        cols: lineFields.length,
        lastRowBlank: Boolean(last && isBlank(last)),
        skip: cell => lineFields[cell.col] === 'unit' && Boolean(lines[cell.row]?.unit),
      },
    )
    if (action.kind === 'none') return
    if (action.kind === 'leave') {
      setActive(null)
      return
    }
    event.preventDefault()
    const line = lines[row]
    if (action.kind === 'append') append()
    else if (action.kind === 'move') {
      const to = lines[action.to.row]
      const field = lineFields[action.to.col]
      if (to && field) go({ key: to.key, field })
    } else if (action.kind === 'copy_above') dispatch({ kind: 'copy_above', at: row, field: active.field })
    else if (action.kind === 'shift_row') dispatch({ kind: 'shift', at: row, by: action.by })
    else if (line) remove(line.key)
  }

  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain')
    if (!active || !isBlock(text)) return
    event.preventDefault()
    dispatch({
      kind: 'paste',
      at: lines.findIndex(line => line.key === activeKey),
      from: lineFields.indexOf(active.field),
      cells: parseBlock(text),
    })
  }

  const entrance = home && lines.some(line => line.key === keyOf(home.key)) ? home : null
  return (
    <div className="table-wrap">
      <table
        className="table grid"
        role="grid"
        aria-label={t('entry.lines')}
        onKeyDown={onKey}
        onPaste={onPaste}
        data-testid="entry.lines"
        data-count={lines.filter(line => !isBlank(line)).length}
      >
        <thead>
          <tr>
            <th className="right">#</th>
            <th>{t('line.product')}</th>
            <th>{t('line.name')}</th>
            <th>{t('line.unit')}</th>
            <th className="right">{t('line.quantity')}</th>
            <th className="right">{t('line.unit_price')}</th>
            <th className="right">{t('line.amount')}</th>
            <th>{t('line.requested_date')}</th>
            <th>{t('line.promise')}</th>
            <th aria-label={t('entry.row_actions')} />
          </tr>
        </thead>
        <tbody>
          {lines.map((line, i) => (
            <LineRow
              key={line.key}
              line={line}
              index={i}
              currency={currency}
              judged={judged.get(line.key)}
              findings={findings.get(line.key)}
              activeField={activeKey === line.key && active ? active.field : null}
              entrance={
                entrance
                  ? keyOf(entrance.key) === line.key
                    ? entrance.field
                    : null
                  : i === 0
                    ? 'product'
                    : null
              }
              onEnter={go}
              onRemove={remove}
              dispatch={dispatch}
            />
          ))}
        </tbody>
      </table>
      <Button type="dashed" size="small" onClick={append} data-testid="entry.add_line">
        {t('entry.add_line')}
      </Button>
    </div>
  )
}
