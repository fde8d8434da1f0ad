/** Steps that settings of other steps name, and copies whose settings name the copies. */

import { type FlowDoc, type Lane, lanesOf, type Step, walk, withLanes } from './doc'
import { allIds, changeStep, freshId, idsIn } from './edit'

type Name = (id: string) => string | null
type Json = unknown

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `{key: id}` with the id passed through; null where it is dropped. */
function tagged(value: Json, key: string, name: Name): Json | null {
  if (!isRecord(value) || typeof value[key] !== 'string') return value
  const next = name(value[key])
  return next === null ? null : next === value[key] ? value : { [key]: next }
}

const each = (value: Json, change: (item: Json) => Json | null): Json =>
  Array.isArray(value) ? value.map(change).filter(item => item !== null) : change(value)

/** The settings in which a step may name others, and how. */
const naming: Record<string, (value: Json, name: Name) => Json | null> = {
  target: (value, name) => (typeof value === 'string' ? (name(value) ?? '') : value),
  assignee: (value, name) => each(value, item => tagged(item, 'same_as', name)) ?? [],
  exclude: (value, name) => each(value, item => tagged(item, 'deciders_of', name)) ?? [],
  on_reject: (value, name) => tagged(value, 'return_to', name),
  returns: (value, name) => {
    if (!isRecord(value)) return value
    const next = { ...value }
    if (isRecord(value.targets) && Array.isArray(value.targets.steps)) {
      const steps = value.targets.steps.map(id => name(String(id))).filter(id => id !== null)
      if (steps.length) next.targets = { steps }
      else delete next.targets
    }
    if (isRecord(value.guards)) {
      const guards = Object.entries(value.guards).flatMap(([id, fields]) => {
        const known = name(id)
        return known === null ? [] : [[known, fields] as const]
      })
      if (guards.length) next.guards = Object.fromEntries(guards)
      else delete next.guards
    }
    return next
  },
}

/** The step with every step that its own settings name passed through; null drops the setting. */
function renamed(step: Step, name: Name): Step {
  const kind = { ...step.kind }
  for (const [setting, change] of Object.entries(naming)) {
    if (kind[setting] === undefined) continue
    const next = change(kind[setting], name)
    if (next === null) delete kind[setting]
    else kind[setting] = next
  }
  return JSON.stringify(kind) === JSON.stringify(step.kind) ? step : { ...step, kind }
}

export interface Reference {
  step: Step
  setting: string
  /** The step that is named. */
  names: string
}

/** Who names one of these steps, from outside of them. */
export function references(doc: FlowDoc, ids: string[]): Reference[] {
  const asked = new Set(ids)
  return walk(doc).flatMap(({ step }) => {
    if (asked.has(step.id)) return []
    return Object.entries(naming).flatMap(([setting, change]) => {
      const found = new Set<string>()
      if (step.kind[setting] !== undefined)
        change(step.kind[setting], id => {
          if (asked.has(id)) found.add(id)
          return id
        })
      return [...found].map(names => ({ step, setting, names }))
    })
  })
}

/** The document without any setting that names one of these steps. A step that goes back to one of them goes too. */
export function dropReferences(doc: FlowDoc, ids: string[]): FlowDoc {
  let next = doc
  for (const { step } of references(doc, ids))
    next = changeStep(next, step.id, found => renamed(found, id => (ids.includes(id) ? null : id)))
  return next
}

/** Copies with ids of their own. What they name among themselves are the copies; what they name outside stays. */
export function copies(doc: FlowDoc, steps: Step[]): Step[] {
  const taken = allIds(doc)
  const given = new Map<string, string>()
  for (const id of steps.flatMap(idsIn)) {
    const fresh = freshId(taken, id)
    taken.add(fresh)
    given.set(id, fresh)
  }
  const copy = (step: Step): Step => ({
    ...renamed(
      withLanes(step, lane => ({ ...lane, steps: lane.steps.map(copy) })),
      id => given.get(id) ?? id,
    ),
    id: given.get(step.id) ?? step.id,
  })
  return steps.map(copy)
}

/** Steps that the run can go back to from a place: earlier ones in the same lane or in one around it. */
export function earlier(doc: FlowDoc, id: string): Step[] {
  const place = walk(doc).find(each => each.step.id === id)
  if (!place) return []
  const found: Step[] = []
  let steps = doc.steps
  for (const { block, lane } of place.around) {
    found.push(
      ...steps.slice(
        0,
        steps.findIndex(step => step.id === block.id),
      ),
    )
    steps = laneSteps(block, lane)
  }
  found.push(...steps.slice(0, place.at.index))
  return found
}

const laneSteps = (block: Step, lane: Lane) => lanesOf(block).find(known => known.id === lane.id)?.steps ?? []
