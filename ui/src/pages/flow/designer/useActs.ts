import { useMemo, useRef, useState } from 'react'
import {
  type FlowDoc,
  type Lies,
  laneAt,
  lanesOf,
  locate,
  type Spot,
  type Step,
  walk,
} from '../../../flow/doc'
import {
  addLane,
  allIds,
  changeStep,
  freshId,
  idsIn,
  insert,
  move,
  moveLane,
  remove,
} from '../../../flow/edit'
import { laneNumber, newStep } from '../../../flow/kinds'
import { copies, type Reference, references } from '../../../flow/refs'
import { bothWords } from '../../../i18n'
import { defaults } from './defaults'
import { type Acts, type Chosen, laneKey } from './design'

const CLIPBOARD = 'ordain.designer.clipboard'

/** Steps that were copied, in this flow or another. */
function readClipboard(): Step[] {
  try {
    return JSON.parse(localStorage.getItem(CLIPBOARD) ?? '[]')
  } catch {
    return []
  }
}

/** What is asked before something goes. */
export type Asked = { step: Step; found: Reference[] } | { lane: Lies }

/** The state of the designer's hands: what is chosen, asked, dragged, folded, copied; and what they do. */
export function useActs(doc: FlowDoc, put: (doc: FlowDoc) => void) {
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [asking, setAsking] = useState<Spot | null>(null)
  const [dragged, setDragged] = useState<Step | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [clipboard, setClipboard] = useState(readClipboard)
  const [asked, setAsked] = useState<Asked | null>(null)
  /** The step that went last, for the offer to take it back. */
  const [gone, setGone] = useState<Step | null>(null)
  /** What is to have the focus when it is drawn. */
  const focus = useRef<string | null>(null)
  const latest = useRef({ doc, clipboard, put })
  latest.current = { doc, clipboard, put }

  const acts = useMemo<
    Acts & {
      copy: (id: string) => boolean
      asked: (asked: Asked | null) => void
      gone: (step: Step | null) => void
    }
  >(() => {
    const edit = (change: (doc: FlowDoc) => FlowDoc) => latest.current.put(change(latest.current.doc))
    const choose = (next: Chosen | null) => {
      setChosen(next)
      if (next && 'step' in next) focus.current = next.step
    }
    const place = (spot: Spot, steps: Step[]) => {
      edit(now => insert(now, spot, steps))
      setAsking(null)
      const [first] = steps
      if (first) choose({ step: first.id })
    }
    return {
      put: next => latest.current.put(next),
      choose,
      ask: setAsking,
      add: (spot, type) => {
        const id = freshId(allIds(latest.current.doc), type)
        place(spot, [
          newStep(
            type,
            id,
            bothWords(t => t(`design.type.${type}`)),
            defaults(),
          ),
        ])
      },
      paste: spot => place(spot, copies(latest.current.doc, latest.current.clipboard)),
      copy: id => {
        const step = locate(latest.current.doc, id)?.step
        if (!step || step.kind.type === 'start') return false
        setClipboard([step])
        localStorage.setItem(CLIPBOARD, JSON.stringify([step]))
        return true
      },
      drag: id => setDragged(id ? (locate(latest.current.doc, id)?.step ?? null) : null),
      drop: (spot, id) => {
        edit(now => move(now, id, spot))
        setDragged(null)
        choose({ step: id })
      },
      rename: (id, name) => edit(now => changeStep(now, id, step => ({ ...step, name }))),
      renaming: setRenaming,
      remove: id => {
        const now = latest.current.doc
        const step = locate(now, id)?.step
        if (!step || step.kind.type === 'start') return
        const found = references(now, idsIn(step))
        if (found.length) return setAsked({ step, found })
        const places = walk(now)
        const before = places[places.findIndex(place => place.step.id === id) - 1]
        edit(() => remove(now, id))
        setGone(step)
        setChosen(null)
        focus.current = before?.step.id ?? null
      },
      addLane: block => {
        const now = latest.current.doc
        const step = locate(now, block)?.step
        if (!step) return
        const id = laneNumber(now, block)
        const n = lanesOf(step).filter(lane => !lane.otherwise).length + 1
        edit(() => addLane(now, block, { id, name: defaults().lane(n), steps: [] }))
        setChosen({ lane: { block, lane: id } })
      },
      removeLane: lane => {
        if (laneAt(latest.current.doc, lane)) setAsked({ lane })
      },
      moveLane: (lane, by) => edit(now => moveLane(now, lane, by)),
      fold: lane =>
        setFolded(known => {
          const next = new Set(known)
          if (!next.delete(laneKey(lane))) next.add(laneKey(lane))
          return next
        }),
      asked: setAsked,
      gone: setGone,
    }
  }, [])
  return { acts, chosen, asking, dragged, renaming, folded, clipboard, asked, gone, focus }
}
export type Hands = ReturnType<typeof useActs>
