import { useMemo, useRef } from 'react'
import type { CheckLine, Finding } from '../../api/types'
import type { Draft, HeadField } from './draft'
import { type Place, placeOf } from './places'
import type { ReadDate } from './readDate'
import { type Unreadable, unreadable } from './unreadable'
import type { Check } from './useCheck'

const NONE: Finding[] = []

function push<Key>(map: Map<Key, Finding[]>, key: Key, finding: Finding) {
  const own = map.get(key)
  if (own) own.push(finding)
  else map.set(key, [finding])
}

/** One name for a place, so that what is typed and unreadable there is not called missing as well. */
const spot = (place: Place) =>
  !place
    ? ''
    : 'head' in place
      ? `head:${place.head}`
      : 'extra' in place
        ? place.extra
        : `${place.key}:${place.field}`

const sameWords = (one: Unreadable[], two: Unreadable[]) =>
  one.length === two.length &&
  one.every(({ finding }, i) => {
    const other = two[i]?.finding
    return finding.id === other?.id && finding.message.zh === other.message.zh
  })

/** What cannot be read; the same list as before while nothing about it changes, so that nothing is drawn anew. */
function useUnreadable(draft: Draft, readDate: ReadDate): Unreadable[] {
  const before = useRef<Unreadable[]>([])
  return useMemo(() => {
    const found = unreadable(draft, readDate)
    if (!sameWords(found, before.current)) before.current = found
    return before.current
  }, [draft, readDate])
}

/** The findings of a check and what cannot be read, sorted to the fields and lines they are about. */
export function useFindings(check: Check, draft: Draft, readDate: ReadDate) {
  const { answer, keys } = check
  const garbled = useUnreadable(draft, readDate)
  return useMemo(() => {
    const places = new Map<Finding, Place>(garbled.map(({ finding, place }) => [finding, place]))
    const known = new Set(garbled.map(({ place }) => spot(place)))
    for (const finding of answer?.findings ?? NONE) {
      const place = placeOf(finding, keys)
      if (finding.state === 'open' && !(finding.code === 'missing_field' && known.has(spot(place))))
        places.set(finding, place)
    }
    const open = [...places.keys()]
    const byHead = new Map<HeadField, Finding[]>()
    const byExtra = new Map<string, Finding[]>()
    const byLine = new Map<string, Finding[]>()
    for (const [finding, place] of places) {
      if (place && 'head' in place) push(byHead, place.head, finding)
      else if (place && 'extra' in place) push(byExtra, place.extra, finding)
      else if (place) push(byLine, place.key, finding)
    }
    const judged = new Map<string, CheckLine>()
    answer?.lines.forEach((line, i) => {
      const key = keys[i]
      if (key) judged.set(key, line)
    })
    return {
      open,
      garbled,
      byHead,
      byExtra,
      byLine,
      judged,
      placeOf: (finding: Finding) => places.get(finding) ?? null,
    }
  }, [answer, keys, garbled])
}
