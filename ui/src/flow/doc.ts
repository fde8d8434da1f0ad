/** The flow document as the designer edits it. Settings of a step are kept as they came: what is not known here is not lost. */

export interface Text {
  zh: string
  en: string
}

export type Operand =
  | { bool: boolean }
  | { number: string }
  | { text: string }
  | { date: string }
  | { list: Operand[] }
  | { set: string }
  | { field: string }
  | { formula: { field: string; times?: string; plus?: string } }
  | { deviation: { from: string; percent: string } }

export interface Row {
  field: string
  op: string
  value?: Operand
  /** What the row says while its field is empty; unset is no. */
  when_empty?: boolean | 'exception'
}

/** A statement about the lines of the order. */
export interface LineTest {
  quantifier: string
  matching?: Condition
  field?: string
  op?: string
  value?: string
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { row: Row }
  | { lines: LineTest }
  | { cel: string }

export interface Lane {
  id: string
  name: Text
  when?: Condition
  otherwise?: boolean
  steps: Step[]
}

export interface Kind {
  type: string
  lanes?: Lane[]
  on_timeout?: Lane
  on_failure?: Lane
  on_branch?: Lane
  [setting: string]: unknown
}

/** One step; the document calls it a node. */
export interface Step {
  id: string
  name: Text
  stage: string
  department?: string
  kind: Kind
  [setting: string]: unknown
}

export interface Scope {
  order_types?: string[]
  channels?: string[]
  customer_levels?: string[]
  regions?: string[]
  amount_from?: string
  amount_to?: string
  priority?: number
}

export interface FlowDoc {
  key: string
  name: Text
  purpose?: string
  scope?: Scope
  steps: Step[]
  [setting: string]: unknown
}

/** Where a sequence of steps is: the main one, or that of a lane. */
export interface Lies {
  block: string
  lane: string
}
/** A place between steps: before the step that stands at `index` of its sequence. */
export interface Spot {
  within: Lies | null
  index: number
}

/** Settings that hold the one lane of a step that may go wrong. */
export const sideLanes = ['on_timeout', 'on_failure', 'on_branch'] as const

/** The lanes of a block, and the one lane of a step that may go wrong. */
export const lanesOf = (step: Step): Lane[] =>
  step.kind.lanes ?? sideLanes.flatMap(name => (step.kind[name] ? [step.kind[name]] : []))

/** The step with its lanes passed through a function; the same step if nothing changed. */
export function withLanes(step: Step, change: (lane: Lane) => Lane): Step {
  const { kind } = step
  if (kind.lanes) {
    const lanes = kind.lanes.map(change)
    return lanes.every((lane, at) => lane === kind.lanes?.[at]) ? step : { ...step, kind: { ...kind, lanes } }
  }
  for (const name of sideLanes) {
    const lane = kind[name]
    if (!lane) continue
    const next = change(lane)
    return next === lane ? step : { ...step, kind: { ...kind, [name]: next } }
  }
  return step
}

/** Lanes are chosen, added and removed by people. */
export const isBranch = (step: Step) => Array.isArray(step.kind.lanes)
/** Each lane asks for a condition. */
export const chooses = (step: Step) => step.kind.type === 'exclusive' || step.kind.type === 'inclusive'
export const asksPerson = (step: Step) => step.kind.type === 'review' || step.kind.type === 'task'

export interface Place {
  step: Step
  at: Spot
  depth: number
  /** Blocks and lanes around it, the outermost first. */
  around: { block: Step; lane: Lane }[]
}

/** Every step in reading order. */
export function walk(doc: FlowDoc): Place[] {
  const found: Place[] = []
  const visit = (steps: Step[], within: Lies | null, around: Place['around']) =>
    steps.forEach((step, index) => {
      found.push({ step, at: { within, index }, depth: around.length + 1, around })
      for (const lane of lanesOf(step))
        visit(lane.steps, { block: step.id, lane: lane.id }, [...around, { block: step, lane }])
    })
  visit(doc.steps, null, [])
  return found
}

export const locate = (doc: FlowDoc, id: string): Place | undefined =>
  walk(doc).find(place => place.step.id === id)

export function laneAt(doc: FlowDoc, { block, lane }: Lies): Lane | undefined {
  const step = locate(doc, block)?.step
  return step && lanesOf(step).find(each => each.id === lane)
}

export const stepsAt = (doc: FlowDoc, within: Lies | null): Step[] =>
  within ? (laneAt(doc, within)?.steps ?? []) : doc.steps
