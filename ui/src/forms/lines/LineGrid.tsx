import { App, Button } from 'antd'
import { type Dispatch, Fragment, type KeyboardEvent, useMemo, useState } from 'react'
import type { CheckLine, Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { useSteady } from '../../ui/useSteady'
import { type DraftAction, type DraftLine, isBlank, type LineField, lineFields } from '../order/draft'
import { gridAction } from './gridKeys'
import { LineRow } from './LineRow'
import { PasteNote } from './PasteNote'
import { usePaste } from './usePaste'
import { useRowWindow } from './useRowWindow'

export interface ActiveCell {
  key: string
  field: LineField
}

const UNDO_S = 8

const isWhole = (target: EventTarget) =>
  target instanceof HTMLInputElement &&
  target.selectionStart === 0 &&
  target.selectionEnd === target.value.length

/** The caret behind the last letter, so that arrows go through the text. */
function edit(target: EventTarget) {
  if (target instanceof HTMLInputElement) target.setSelectionRange(target.value.length, target.value.length)
}

/** Height of lines that are not on the screen. */
function Gap({ px }: { px: number }) {
  return px > 0 ? (
    <tbody aria-hidden className="gap-rows">
      <tr>
        <td colSpan={10} style={{ height: px }} />
      </tr>
    </tbody>
  ) : null
}

/** Order lines as a sheet: only lines near the screen are there, and only the active cell has an editor. */
export function LineGrid({
  lines,
  currency,
  day,
  judged,
  findings,
  active,
  setActive,
  onTalk,
  dispatch,
}: {
  lines: DraftLine[]
  currency: string
  day: string
  judged: Map<string, CheckLine>
  findings: Map<string, Finding[]>
  active: ActiveCell | null
  setActive: (cell: ActiveCell | null) => void
  /** Somebody's words were pasted, not cells. */
  onTalk: (text: string) => void
  dispatch: Dispatch<DraftAction>
}) {
  const { t } = useWords()
  const zone = useZone()
  const { message } = App.useApp()
  const paste = usePaste(lines, dispatch, onTalk)
  const [home, setHome] = useState<ActiveCell | null>(null)
  const go = useSteady((cell: ActiveCell | null) => {
    if (cell) setHome(cell)
    setActive(cell)
  })

  const remove = useSteady((key: string) => {
    paste.settle()
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
  })
  const append = () => {
    dispatch({ kind: 'append' })
    go({ key: 'last', field: 'product' })
  }
  const keyOf = (key: string) => (key === 'last' ? (lines.at(-1)?.key ?? '') : key)
  const rowOf = useMemo(() => new Map(lines.map((line, i) => [line.key, i])), [lines])
  const activeKey = active && keyOf(active.key)
  const activeRow = activeKey === null ? -1 : (rowOf.get(activeKey) ?? -1)
  const { table, shown, rest, measure } = useRowWindow(lines.length, i => lines[i]?.key ?? '', activeRow)

  const onKey = (event: KeyboardEvent) => {
    if (!active || event.defaultPrevented) return
    const row = activeRow
    const at = { row, col: lineFields.indexOf(active.field) }
    const last = lines.at(-1)
    const action = gridAction(
      {
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
        composing: event.nativeEvent.isComposing,
        whole: isWhole(event.target),
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
    if (action.kind !== 'move') paste.settle()
    const line = lines[row]
    if (action.kind === 'append') append()
    else if (action.kind === 'move') {
      const to = lines[action.to.row]
      const field = lineFields[action.to.col]
      if (to && field) go({ key: to.key, field })
    } else if (action.kind === 'edit') edit(event.target)
    else if (action.kind === 'promise')
      table.current?.querySelector<HTMLElement>(`[data-testid="entry.atp:${row}"]`)?.click()
    else if (action.kind === 'today') {
      const value = dayIn(Date.now(), zone)
      if (line) dispatch({ kind: 'line', key: line.key, field: 'requested_date', value })
    } else if (action.kind === 'copy_above') dispatch({ kind: 'copy_above', at: row, field: active.field })
    else if (action.kind === 'shift_row') dispatch({ kind: 'shift', at: row, by: action.by })
    else if (line) remove(line.key)
  }

  const homeKey = home && keyOf(home.key)
  const entrance = homeKey && rowOf.has(homeKey) ? home : null
  return (
    <div className="table-wrap">
      {paste.pasted && <PasteNote pasted={paste.pasted} onClose={paste.close} />}
      <table
        ref={table}
        className="table grid"
        role="grid"
        aria-rowcount={lines.length + 1}
        aria-label={t('entry.lines')}
        onKeyDown={onKey}
        onInput={paste.settle}
        onPaste={event => active && paste.onPaste(event, activeRow, active.field)}
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
        {shown.map(({ index, gap }) => {
          const line = lines[index]
          if (!line) return null
          const first = !entrance && index === 0 ? 'product' : null
          return (
            <Fragment key={line.key}>
              <Gap px={gap} />
              <tbody ref={measure} data-index={index}>
                <LineRow
                  line={line}
                  index={index}
                  currency={currency}
                  day={day}
                  judged={judged.get(line.key)}
                  findings={findings.get(line.key)}
                  activeField={activeKey === line.key && active ? active.field : null}
                  entrance={entrance && homeKey === line.key ? entrance.field : first}
                  onEnter={go}
                  onRemove={remove}
                  dispatch={dispatch}
                />
              </tbody>
            </Fragment>
          )
        })}
        <Gap px={rest} />
      </table>
      <Button type="dashed" size="small" onClick={append} data-testid="entry.add_line">
        {t('entry.add_line')}
      </Button>
    </div>
  )
}
