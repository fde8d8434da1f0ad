import { useDeferredValue, useMemo, useState } from 'react'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { useReadDate } from '../order/readDate'
import { oneOf } from './paper'
import { type Recognised, recognise } from './recognise'
import { useCatalogue, useVocabulary } from './useVocabulary'
import words from './words.json'

const WEAK = new RegExp(`^${oneOf(words.weak)}(?=..)`)

/** Words to look up: as they stand, without a verb in front, and each part by itself. */
function phrasesOf({ lines }: Recognised): string[] {
  const unknown = lines.filter(line => line.why === 'unknown' && line.words.length > 1)
  const phrases = unknown.flatMap(({ words: said }) => [said, said.replace(WEAK, ''), ...said.split(/\s+/)])
  return [...new Set(phrases.filter(each => each.length > 1))].sort()
}

/** Reads a text with what the customer is known to buy, and then with what the catalogue has besides. */
export function useRecognised(text: string, login: string, customer: string) {
  const readDate = useReadDate()
  const zone = useZone()
  const [today] = useState(() => dayIn(Date.now(), zone))
  const source = useDeferredValue(text)
  const own = useVocabulary(login, customer, text !== '')
  const first = useMemo(
    () => recognise(source, { vocabulary: own.vocabulary, today, readDate }),
    [source, own.vocabulary, today, readDate],
  )
  const phrases = useMemo(() => phrasesOf(first), [first])
  const all = useCatalogue(own.vocabulary, phrases)
  const read = useMemo(
    () =>
      all.vocabulary === own.vocabulary
        ? first
        : recognise(source, { vocabulary: all.vocabulary, today, readDate }),
    [source, own.vocabulary, all.vocabulary, first, today, readDate],
  )
  return { source, read, bought: own.vocabulary.goods.length, busy: own.loading || all.loading }
}
