import { useEffect, useMemo, useRef, useState } from 'react'
import { checkOrder } from '../../api/hooks'
import type { CheckAnswer } from '../../api/types'
import { useSteady } from '../../ui/useSteady'
import { debouncedLatest } from '../debouncedLatest'
import { bodyOf, type Draft } from './draft'
import type { ReadDate } from './readDate'

const WAIT_MS = 250

export interface Check {
  answer: CheckAnswer | null
  /** Which line of the draft each judged line is. */
  keys: string[]
  /** The answer is to an older draft than the one on screen. */
  pending: boolean
  error: unknown
  again: () => void
}

/** The server's judgement of the draft, asked again after every change. The UI judges nothing itself. */
export function useCheck(
  draft: Draft,
  order: string | undefined,
  readDate: ReadDate,
  onAnswer: (answer: CheckAnswer, keys: string[]) => void,
): Check {
  const [state, setState] = useState<Omit<Check, 'again'>>({
    answer: null,
    keys: [],
    pending: true,
    error: null,
  })
  const report = useRef(onAnswer)
  report.current = onAnswer
  const [ask] = useState(() =>
    debouncedLatest(
      ({ body }: ReturnType<typeof bodyOf>) => checkOrder(body, order),
      WAIT_MS,
      (answer, { keys }) => {
        setState({ answer, keys, pending: false, error: null })
        report.current(answer, keys)
      },
      error => setState(old => ({ ...old, pending: false, error })),
    ),
  )
  const sent = useRef('')
  useEffect(() => {
    const request = bodyOf(draft, true, readDate)
    const text = JSON.stringify(request)
    if (text === sent.current) return
    sent.current = text
    setState(old => (old.pending ? old : { ...old, pending: true }))
    ask.run(request)
  }, [draft, ask, readDate])
  useEffect(() => () => ask.cancel(), [ask])
  const again = useSteady(() => {
    setState(old => ({ ...old, pending: true }))
    ask.run(bodyOf(draft, true, readDate))
  })
  return useMemo(() => ({ ...state, again }), [state, again])
}
