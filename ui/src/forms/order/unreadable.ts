import type { Finding, Text } from '../../api/types'
import { bothWords } from '../../i18n'
import { decimalOf } from '../lines/values'
import { type Draft, isBlank } from './draft'
import type { Place } from './places'
import type { ReadDate } from './readDate'

/** What was typed and is no number or date. The server cannot know: such text stays on the screen. */
export interface Unreadable {
  finding: Finding
  place: NonNullable<Place>
}

const blocker = (path: string, check: string, line_id: string | null, message: Text): Finding => ({
  id: `unreadable:${path}`,
  code: 'unreadable',
  severity: 'blocker',
  check,
  path,
  line_id,
  facts: {},
  mend_by: { kind: 'sender', department: null },
  message,
  how: message,
  state: 'open',
  accepted: null,
  acceptable: false,
})

const ofLine = [
  ['quantity', 'number', 'quantity'],
  ['unit_price', 'number', 'price'],
  ['discount', 'number', 'price'],
  ['requested_date', 'date', 'date'],
] as const

function ofHead(draft: Draft, readDate: ReadDate): Unreadable[] {
  const path = 'requested_date'
  const text = draft.head[path].trim()
  if (!text || readDate(text) !== null) return []
  const message = bothWords(t => t('unreadable.date', { field: t(`field.${path}`), text }))
  return [{ finding: blocker(path, 'date', null, message), place: { head: path } }]
}

/** Paths count the lines that are sent, as the server's do; words count the lines on screen. */
export function unreadable(draft: Draft, readDate: ReadDate): Unreadable[] {
  const found = ofHead(draft, readDate)
  let sent = 0
  draft.lines.forEach((line, i) => {
    if (isBlank(line)) return
    for (const [field, kind, check] of ofLine) {
      const text = line[field].trim()
      if (!text || (kind === 'number' ? decimalOf(text) : readDate(text)) !== null) continue
      const message = bothWords(t => {
        const cell = t('entry.cell', { row: i + 1, column: t(`line.${field}`) })
        return t(`unreadable.${kind}`, { field: cell, text })
      })
      const finding = blocker(`lines[${sent}].${field}`, check, line.key, message)
      found.push({ finding, place: { key: line.key, field: field === 'discount' ? null : field } })
    }
    sent += 1
  })
  return found
}
