import { useMemo } from 'react'
import type { CheckLine, Finding } from '../../api/types'
import type { HeadField } from './draft'
import { placeOf } from './places'
import type { Check } from './useCheck'

const NONE: Finding[] = []

function push<Key>(map: Map<Key, Finding[]>, key: Key, finding: Finding) {
  const own = map.get(key)
  if (own) own.push(finding)
  else map.set(key, [finding])
}

/** The findings of a check, sorted to the fields and lines they are about. */
export function useFindings(check: Check) {
  const { answer, keys } = check
  return useMemo(() => {
    const open = answer?.findings.filter(finding => finding.state === 'open') ?? NONE
    const byHead = new Map<HeadField, Finding[]>()
    const byLine = new Map<string, Finding[]>()
    for (const finding of open) {
      const place = placeOf(finding, keys)
      if (place && 'head' in place) push(byHead, place.head, finding)
      else if (place) push(byLine, place.key, finding)
    }
    const judged = new Map<string, CheckLine>()
    answer?.lines.forEach((line, i) => {
      const key = keys[i]
      if (key) judged.set(key, line)
    })
    return { open, byHead, byLine, judged }
  }, [answer, keys])
}
