import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { type Draft, readDraft, type SavedCase, saveDraft } from '../../../api/flows'
import { asProblem } from '../../../api/problem'
import type { FlowDoc } from '../../../flow/doc'
import { begin, type History, record, redo, undo } from '../../../flow/history'
import { forget, keep, recall } from './undoStore'

const WAIT_MS = 800
const AGAIN_MS = 5_000

export type SaveState = 'saved' | 'dirty' | 'saving' | 'kept' | 'stale' | 'locked'

type Step =
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'put'; doc: FlowDoc }
  | { do: 'begin'; history: History<FlowDoc> }
function next(history: History<FlowDoc>, step: Step): History<FlowDoc> {
  if (step.do === 'undo') return undo(history)
  if (step.do === 'redo') return redo(history)
  if (step.do === 'begin') return step.history
  return record(history, step.doc)
}

/** Whether two documents say the same; the order of their settings does not count. */
const canonical = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(canonical)
    : value && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [two]) => (one < two ? -1 : 1))
            .map(([name, inner]) => [name, canonical(inner)]),
        )
      : value
export const sameDoc = (one: FlowDoc, two: FlowDoc) =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(two))

/**
 * The draft as it is edited: saved 800 ms after the last edit, kept on this machine with all that can be undone, and
 * never over what somebody else saved meanwhile.
 */
export function useDraft(key: string, login: string, opened: Draft, canEdit: boolean) {
  const client = useQueryClient()
  const [history, dispatch] = useReducer(next, opened.doc, begin)
  const [cases, setCases] = useState<SavedCase[]>(opened.cases)
  const [revision, setRevision] = useState(opened.revision)
  const [state, setState] = useState<SaveState>('saved')
  const [savedAt, setSavedAt] = useState(opened.edited_at)
  const [theirs, setTheirs] = useState<Draft>()
  const [ready, setReady] = useState(false)
  const latest = useRef({ doc: opened.doc, cases, revision })
  const sent = useRef({ doc: opened.doc, cases })
  const running = useRef<Promise<number | undefined>>(Promise.resolve(undefined))
  latest.current = { doc: history.now, cases, revision }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the draft opens
  useEffect(() => {
    recall(login, key).then(kept => {
      if (kept && kept.revision === opened.revision && canEdit) {
        const untouched = sameDoc(kept.history.now, opened.doc)
        dispatch({ do: 'begin', history: untouched ? { ...kept.history, now: opened.doc } : kept.history })
      }
      setReady(true)
    })
  }, [])

  useEffect(() => {
    if (ready && canEdit) void keep(login, key, { revision, history })
  }, [ready, canEdit, login, key, revision, history])

  const saveOnce = useCallback(async (): Promise<number | undefined> => {
    const { doc, cases: wanted, revision: seen } = latest.current
    if (doc === sent.current.doc && wanted === sent.current.cases) return seen
    setState('saving')
    try {
      const answer = await saveDraft(key, seen, { doc, cases: wanted })
      sent.current = { doc, cases: wanted }
      latest.current.revision = answer.revision
      setRevision(answer.revision)
      setSavedAt(new Date().toISOString())
      setState(latest.current.doc === doc ? 'saved' : 'dirty')
      if (seen === 0) client.invalidateQueries({ queryKey: ['flows'] })
      return answer.revision
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status === 412 || problem.code === 'draft_locked') {
        setTheirs(await readDraft(key).catch(() => undefined))
        setState(problem.status === 412 ? 'stale' : 'locked')
      } else setState('kept')
      return undefined
    }
  }, [key, client])

  // One at a time: a second one would be refused for the revision that the first one made.
  const save = useCallback((): Promise<number | undefined> => {
    const next = running.current.then(saveOnce)
    running.current = next
    return next
  }, [saveOnce])

  const held = state === 'stale' || state === 'locked'
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each revision too, for what was undone while it was sent
  useEffect(() => {
    if (!ready || !canEdit || held) return
    if (history.now === sent.current.doc && cases === sent.current.cases) {
      setState(known => (known === 'dirty' || known === 'kept' ? 'saved' : known))
      return
    }
    setState(known => (known === 'kept' ? known : 'dirty'))
    const timer = setTimeout(save, WAIT_MS)
    return () => clearTimeout(timer)
  }, [ready, canEdit, held, history.now, cases, save, revision])
  useEffect(() => {
    if (state !== 'kept') return
    const timer = setInterval(save, AGAIN_MS)
    return () => clearInterval(timer)
  }, [state, save])

  /** Goes on from what somebody else saved, with one's own document or with theirs. */
  const settle = useCallback(
    (mine: boolean) => {
      if (!theirs) return
      latest.current.revision = theirs.revision
      setRevision(theirs.revision)
      sent.current = { doc: theirs.doc, cases: theirs.cases }
      if (!mine) {
        dispatch({ do: 'put', doc: theirs.doc })
        setCases(theirs.cases)
      }
      setTheirs(undefined)
      setState('dirty')
    },
    [theirs],
  )

  const put = useCallback((doc: FlowDoc) => dispatch({ do: 'put', doc }), [])
  return {
    doc: history.now,
    cases,
    setCases,
    revision,
    state,
    savedAt,
    theirs,
    ready,
    put,
    undo: useCallback(() => dispatch({ do: 'undo' }), []),
    redo: useCallback(() => dispatch({ do: 'redo' }), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    save,
    settle,
    forget: () => forget(login, key),
  }
}
export type DraftEditor = ReturnType<typeof useDraft>
