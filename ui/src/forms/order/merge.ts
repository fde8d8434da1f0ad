import { type Draft, type HeadField, headFields, isBlank, lineFields } from './draft'

/** Somebody else saved first (G5): take both where the fields differ, ask only where both changed the same one. */
export type MergeField = HeadField | 'lines'
export interface Clash {
  field: MergeField
  mine: string
  theirs: string
}

const linesText = (draft: Draft) =>
  draft.lines
    .filter(line => !isBlank(line))
    .map(line => lineFields.map(field => line[field]).join(' '))
    .join('\n')

const textOf = (draft: Draft, field: MergeField) => (field === 'lines' ? linesText(draft) : draft.head[field])

export function clashes(base: Draft, mine: Draft, theirs: Draft): Clash[] {
  return [...headFields, 'lines' as const].flatMap(field => {
    const [was, own, other] = [base, mine, theirs].map(draft => textOf(draft, field)) as [
      string,
      string,
      string,
    ]
    return own !== other && own !== was && other !== was ? [{ field, mine: own, theirs: other }] : []
  })
}

/** Theirs, with every field I changed; where both changed it, the side chosen. */
export function merged(
  base: Draft,
  mine: Draft,
  theirs: Draft,
  choice: Partial<Record<MergeField, 'mine' | 'theirs'>>,
): Draft {
  const takeMine = (field: MergeField) =>
    textOf(mine, field) !== textOf(base, field) && choice[field] !== 'theirs'
  const head = { ...theirs.head }
  for (const field of headFields) if (takeMine(field)) head[field] = mine.head[field]
  return { ...theirs, head, lines: takeMine('lines') ? mine.lines : theirs.lines, touched: mine.touched }
}
