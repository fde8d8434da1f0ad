/**
 * Editing of a flow document. Each operation gives a new document that shares whatever did not change, and none of them
 * loses a step that was not named.
 */
import {
  type FlowDoc,
  isBranch,
  type Lane,
  type Lies,
  laneAt,
  lanesOf,
  locate,
  type Spot,
  type Step,
  sideLanes,
  stepsAt,
  walk,
  withLanes,
} from './doc'

type ChangeSteps = (steps: Step[]) => Step[]

function inSteps(steps: Step[], change: (step: Step) => Step): Step[] {
  const next = steps.map(change)
  return next.every((step, at) => step === steps[at]) ? steps : next
}

/** One step passed through a function, wherever it stands. */
export function changeStep(doc: FlowDoc, id: string, change: (step: Step) => Step): FlowDoc {
  const visit = (step: Step): Step =>
    step.id === id
      ? change(step)
      : withLanes(step, lane => {
          const steps = inSteps(lane.steps, visit)
          return steps === lane.steps ? lane : { ...lane, steps }
        })
  const steps = inSteps(doc.steps, visit)
  return steps === doc.steps ? doc : { ...doc, steps }
}

export const changeLane = (doc: FlowDoc, { block, lane }: Lies, change: (lane: Lane) => Lane): FlowDoc =>
  changeStep(doc, block, step => withLanes(step, each => (each.id === lane ? change(each) : each)))

function changeSteps(doc: FlowDoc, within: Lies | null, change: ChangeSteps): FlowDoc {
  if (!within) return { ...doc, steps: change(doc.steps) }
  return changeLane(doc, within, lane => ({ ...lane, steps: change(lane.steps) }))
}

const put = (steps: Step[], index: number, added: Step[]) => [
  ...steps.slice(0, index),
  ...added,
  ...steps.slice(index),
]

export const insert = (doc: FlowDoc, at: Spot, added: Step[]): FlowDoc =>
  changeSteps(doc, at.within, steps => put(steps, at.index, added))

export function remove(doc: FlowDoc, id: string): FlowDoc {
  const place = locate(doc, id)
  return place ? changeSteps(doc, place.at.within, steps => steps.filter(step => step.id !== id)) : doc
}

/** Ids of a step and of everything in it. */
export const idsIn = (step: Step): string[] => [
  step.id,
  ...lanesOf(step).flatMap(lane => lane.steps.flatMap(idsIn)),
]

const sameSequence = (one: Lies | null, two: Lies | null) =>
  one?.block === two?.block && one?.lane === two?.lane

/** Puts a step elsewhere; nothing happens where that is inside of itself. */
export function move(doc: FlowDoc, id: string, to: Spot): FlowDoc {
  const place = locate(doc, id)
  if (!place || (to.within && idsIn(place.step).includes(to.within.block))) return doc
  const within = sameSequence(place.at.within, to.within)
  if (within && (to.index === place.at.index || to.index === place.at.index + 1)) return doc
  const index = within && place.at.index < to.index ? to.index - 1 : to.index
  return insert(remove(doc, id), { within: to.within, index }, [place.step])
}

/** A new lane of a block, left of the one that takes everything else. */
export function addLane(doc: FlowDoc, block: string, lane: Lane): FlowDoc {
  return changeStep(doc, block, step => {
    const lanes = step.kind.lanes ?? []
    const last = lanes.findIndex(each => each.otherwise)
    const at = last < 0 ? lanes.length : last
    return { ...step, kind: { ...step.kind, lanes: [...lanes.slice(0, at), lane, ...lanes.slice(at)] } }
  })
}

/** Moves a lane left or right; what takes everything else stays last. */
export function moveLane(doc: FlowDoc, { block, lane }: Lies, by: -1 | 1): FlowDoc {
  return changeStep(doc, block, step => {
    const lanes = [...(step.kind.lanes ?? [])]
    const at = lanes.findIndex(each => each.id === lane)
    const [one, two] = [lanes[at], lanes[at + by]]
    if (!one || !two || one.otherwise || two.otherwise) return step
    lanes[at] = two
    lanes[at + by] = one
    return { ...step, kind: { ...step.kind, lanes } }
  })
}

/** What becomes of the steps of a lane that is deleted. */
export type LaneFate = 'delete' | 'to_otherwise' | 'after'
/** What becomes of a block with one lane left. */
export type LastFate = 'expand' | 'delete'

function withoutLane(doc: FlowDoc, at: Lies): FlowDoc {
  return changeStep(doc, at.block, step => {
    if (isBranch(step))
      return { ...step, kind: { ...step.kind, lanes: step.kind.lanes?.filter(lane => lane.id !== at.lane) } }
    const kind = { ...step.kind }
    for (const name of sideLanes) if (kind[name]?.id === at.lane) delete kind[name]
    return { ...step, kind }
  })
}

/** Deletes a lane. Its steps go where they are told to; those of the other lanes stay, whatever becomes of the block. */
export function removeLane(doc: FlowDoc, at: Lies, fate: LaneFate, last: LastFate = 'expand'): FlowDoc {
  const steps = laneAt(doc, at)?.steps ?? []
  let next = withoutLane(doc, at)
  const block = locate(next, at.block)
  if (!block) return doc
  const left = lanesOf(block.step)
  const otherwise = left.find(lane => lane.otherwise)
  if (fate === 'to_otherwise' && otherwise)
    next = changeLane(next, { block: at.block, lane: otherwise.id }, lane => ({
      ...lane,
      steps: [...lane.steps, ...steps],
    }))
  const behind = { within: block.at.within, index: block.at.index + 1 }
  if (fate === 'after' || (fate === 'to_otherwise' && !otherwise)) next = insert(next, behind, steps)
  return left.length === 1 && isBranch(block.step) ? dissolve(next, at.block, last) : next
}

/** Replaces a block by the steps of its one lane, or takes both away. */
function dissolve(doc: FlowDoc, block: string, last: LastFate): FlowDoc {
  const place = locate(doc, block)
  if (!place) return doc
  const kept = last === 'expand' ? lanesOf(place.step).flatMap(lane => lane.steps) : []
  return changeSteps(doc, place.at.within, steps =>
    steps.flatMap(step => (step.id === block ? kept : [step])),
  )
}

/** What would be lost with a lane or a step: how many steps are in it. */
export const countIn = (steps: Step[]): number => steps.flatMap(idsIn).length

/** An id that nothing has yet. */
export function freshId(taken: Set<string>, base: string): string {
  const stem = base.replace(/_\d+$/, '')
  if (!taken.has(stem)) return stem
  let n = 2
  while (taken.has(`${stem}_${n}`)) n += 1
  return `${stem}_${n}`
}

export const allIds = (doc: FlowDoc) => new Set(walk(doc).map(place => place.step.id))

/** Where a step moves by the keyboard: before the one above, behind the one below. */
export function nudge(doc: FlowDoc, id: string, by: -1 | 1): FlowDoc {
  const place = locate(doc, id)
  if (!place) return doc
  const index = by < 0 ? place.at.index - 1 : place.at.index + 2
  const steps = stepsAt(doc, place.at.within)
  return index < 0 || index > steps.length ? doc : move(doc, id, { within: place.at.within, index })
}
