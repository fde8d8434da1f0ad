import type { Finding } from '../../api/types'
import { type HeadField, headFields, type LineField, lineFields } from './draft'

/** Where on the form a finding belongs. */
export type Place = { head: HeadField } | { extra: string } | { key: string; field: LineField | null } | null

const LINE_EXTRA = /^lines\[(\d+)\]\.(extra\.\w+)$/
const LINE = /^lines\[(\d+)\](?:\.(\w+))?/

export function placeOf(finding: Pick<Finding, 'path'>, keys: string[]): Place {
  if (finding.path.startsWith('extra.')) return { extra: finding.path }
  const own = LINE_EXTRA.exec(finding.path)
  const of = own && keys[Number(own[1])]
  if (of) return { extra: `${of}.${own[2]}` }
  const line = LINE.exec(finding.path)
  if (line) {
    const key = keys[Number(line[1])]
    const field = lineFields.find(each => each === line[2]) ?? null
    return key ? { key, field } : null
  }
  const head =
    headFields.find(field => field === finding.path) ??
    headFields.find(field => field.startsWith(`${finding.path}.`))
  return head ? { head } : null
}

const rank = { blocker: 0, warning: 1, info: 2 }
export const worst = (findings: Finding[]) =>
  findings.reduce<Finding['severity'] | null>(
    (old, { severity }) => (old === null || rank[severity] < rank[old] ? severity : old),
    null,
  )
