import { type ClipboardEvent, type Dispatch, useState } from 'react'
import { type DraftAction, type DraftLine, isBlank, type LineField } from '../order/draft'
import { isBlock, parseBlock, sortBlock } from './block'
import type { Pasted } from './PasteNote'

/** Most lines of an order. */
const LINES_MAX = 5000
/** Several lines without cells, with blanks or commas in them: somebody's words, not a column of codes. */
const TALK = /\S[ \u3000,\uff0c\u3001]\S/

/** Puts what is pasted into the grid: a block of cells over the lines, talk to the panel that reads it. */
export function usePaste(
  lines: DraftLine[],
  dispatch: Dispatch<DraftAction>,
  onTalk: (text: string) => void,
) {
  const [pasted, setPasted] = useState<Pasted | null>(null)

  const putBlock = (text: string, at: number, field: LineField) => {
    const { rows, leftOut, faults } = sortBlock(parseBlock(text), field)
    const filled = lines.findLastIndex(line => !isBlank(line)) + 1
    const total = Math.max(filled, at + rows.length)
    if (total > LINES_MAX) {
      setPasted({ kind: 'too_many', lines: total, most: LINES_MAX })
      return
    }
    dispatch({ kind: 'paste', at, rows })
    const undo = () => {
      dispatch({ kind: 'lines', lines })
      setPasted(null)
    }
    setPasted({ kind: 'rows', rows: rows.length, first: at + 1, leftOut, faults, undo })
  }

  const onPaste = (event: ClipboardEvent, at: number, field: LineField) => {
    const text = event.clipboardData.getData('text/plain')
    if (!text.trim()) {
      event.preventDefault()
      setPasted({ kind: 'nothing', files: event.clipboardData.types.length > 0 && text === '' })
    } else if (isBlock(text)) {
      event.preventDefault()
      if (field === 'product' && !text.includes('\t') && TALK.test(text)) onTalk(text)
      else putBlock(text, at, field)
    }
  }
  /** What is typed after a paste would go with it, so then it is no longer taken back. */
  const settle = () => {
    if (pasted?.kind === 'rows' && pasted.undo) setPasted({ ...pasted, undo: undefined })
  }
  return { pasted, onPaste, settle, close: () => setPasted(null) }
}
