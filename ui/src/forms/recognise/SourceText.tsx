import type { ReactNode } from 'react'
import { useWords } from '../../i18n'
import type { Span } from './paper'
import type { Recognised } from './recognise'

interface Mark extends Span {
  /** The line it went to, from zero; -1 for the head of the order. */
  line: number
}

function marksOf({ lines, head }: Recognised): Mark[] {
  const marks: Mark[] = Object.values(head).map(({ at }) => ({ ...at, line: -1 }))
  lines.forEach((line, i) => {
    for (const at of [line.at, line.quantity?.at, line.unit_price?.at, line.requested_date?.at])
      if (at) marks.push({ ...at, line: i })
  })
  return marks.sort((one, two) => one.from - two.from || one.to - two.to)
}

/** The message with what was read marked, each mark with the number of its line. */
export function SourceText({ text, read }: { text: string; read: Recognised }) {
  const { t } = useWords()
  const parts: ReactNode[] = []
  let at = 0
  for (const mark of marksOf(read)) {
    // An amount for several products is marked once.
    if (mark.from < at) continue
    parts.push(text.slice(at, mark.from))
    parts.push(
      <mark key={mark.from} className={mark.line < 0 ? 'read-head' : 'read-line'}>
        {text.slice(mark.from, mark.to)}
        <sup>{mark.line < 0 ? t('recognise.head_mark') : mark.line + 1}</sup>
      </mark>,
    )
    at = mark.to
  }
  parts.push(text.slice(at))
  return (
    <p className="recognise-source" data-testid="recognise.source">
      {parts}
    </p>
  )
}
