/** Types of steps that can be put into a flow: what each begins with, and where each may stand. */
import { type FlowDoc, type Kind, laneAt, locate, type Spot, type Step, stepsAt, type Text } from './doc'

/** As the menu shows them: what is needed most comes first. */
export const groups = [
  { group: 'often', types: ['review', 'task', 'exclusive', 'parallel', 'notify'] },
  { group: 'people', types: ['customer_confirmation', 'cc'] },
  { group: 'branches', types: ['inclusive', 'go_to', 'end'] },
  {
    group: 'machine',
    types: ['auto_check', 'update_data', 'delay', 'wait_event', 'subflow', 'connector_call'],
  },
] as const
export type StepType = (typeof groups)[number]['types'][number]
export const stepTypes: readonly StepType[] = groups.flatMap(each => [...each.types])
export const isKnownType = (type: string) =>
  type === 'start' || (stepTypes as readonly string[]).includes(type)

const DEPTH_MAX = 8
const STEPS_MAX = 200

/** Words that a new step begins with. */
export interface Defaults {
  sop: Text
  lane: (n: number) => Text
  otherwise: Text
  timeout: Text
}

const kindOf: Record<StepType, (words: Defaults) => Kind> = {
  review: words => ({ type: 'review', assignee: [], deadline_minutes: 240, sop: words.sop }),
  task: words => ({ type: 'task', assignee: [], deadline_minutes: 240, sop: words.sop }),
  exclusive: words => ({ type: 'exclusive', lanes: branches(words, true) }),
  inclusive: words => ({ type: 'inclusive', lanes: branches(words, true) }),
  parallel: words => ({ type: 'parallel', lanes: branches(words, false) }),
  notify: () => ({ type: 'notify', template: '', to: ['owner'] }),
  cc: () => ({ type: 'cc', to: ['owner'] }),
  customer_confirmation: () => ({
    type: 'customer_confirmation',
    template: 'customer_confirmation',
    deadline_minutes: 960,
  }),
  go_to: () => ({ type: 'go_to', target: '', max_rounds: 3 }),
  end: () => ({ type: 'end', outcome: 'rejected' }),
  auto_check: () => ({ type: 'auto_check', checks: [] }),
  update_data: () => ({ type: 'update_data' }),
  delay: () => ({ type: 'delay', for: { minutes: { minutes: 60 } } }),
  wait_event: words => ({
    type: 'wait_event',
    event: '',
    timeout_minutes: 2400,
    on_timeout: { id: 'timeout', name: words.timeout, steps: [] },
  }),
  subflow: () => ({ type: 'subflow', flow: '' }),
  connector_call: () => ({ type: 'connector_call', connector: '', operation: '' }),
}

function branches(words: Defaults, otherwise: boolean) {
  const first = { id: 'lane_1', name: words.lane(1), steps: [] }
  return otherwise
    ? [first, { id: 'otherwise', name: words.otherwise, otherwise: true, steps: [] }]
    : [first, { id: 'lane_2', name: words.lane(2), steps: [] }]
}

const stageOf: Partial<Record<StepType, string>> = {
  auto_check: 'check',
  customer_confirmation: 'customer',
}

export const newStep = (type: StepType, id: string, name: Text, words: Defaults): Step => ({
  id,
  name,
  stage: stageOf[type] ?? 'review',
  kind: kindOf[type](words),
})

/** Why a type cannot stand at a place; nothing where it can. */
export type Obstacle =
  | 'before_start'
  | 'after_end'
  | 'only_main'
  | 'not_last'
  | 'in_parallel'
  | 'nothing_earlier'
  | 'too_deep'
  | 'too_many'
  | 'no_connector'

export interface Surroundings {
  connectors: number
  steps: number
}

/** The blocks around a place. */
function around(doc: FlowDoc, at: Spot): Step[] {
  const block = at.within && locate(doc, at.within.block)
  return block ? [...block.around.map(each => each.block), block.step] : []
}

export function obstacle(doc: FlowDoc, at: Spot, type: StepType, known: Surroundings): Obstacle | null {
  const steps = stepsAt(doc, at.within)
  const blocks = around(doc, at)
  if (!at.within && at.index === 0) return 'before_start'
  if (steps[at.index - 1]?.kind.type === 'end') return 'after_end'
  if (known.steps >= STEPS_MAX) return 'too_many'
  if (blocks.length >= DEPTH_MAX) return 'too_deep'
  if (type === 'auto_check' && at.within) return 'only_main'
  if (
    type === 'end' &&
    blocks.some(block => block.kind.type === 'parallel' || block.kind.type === 'inclusive')
  )
    return 'in_parallel'
  if (type === 'end' && at.index < steps.length) return 'not_last'
  if (type === 'go_to' && at.index === 0 && blocks.length === 0) return 'nothing_earlier'
  if (type === 'connector_call' && known.connectors === 0) return 'no_connector'
  return null
}

/** Whether an existing step may be moved or pasted to a place. */
export function mayStand(doc: FlowDoc, at: Spot, step: Step, known: Surroundings): Obstacle | null {
  if (step.kind.type === 'start') return 'before_start'
  return isKnownType(step.kind.type) ? obstacle(doc, at, step.kind.type as StepType, known) : null
}

/** Whether a lane may be added to a block. */
export const LANES_MAX = 8
export const laneNumber = (doc: FlowDoc, block: string): string => {
  let n = 1
  while (laneAt(doc, { block, lane: `lane_${n}` })) n += 1
  return `lane_${n}`
}
