/**
 * Where an order stands in each step of its flow, put together from the order's way and its tasks. Blocks are no part of
 * the way: what is said of them follows from the steps inside.
 */
import type { Order, RouteStep, Task } from '../../../api/types'
import { type FlowDoc, type Lane, lanesOf, type Step } from '../../../flow/doc'
import { laneKey } from '../../flow/designer/design'

export type Standing =
  | 'ahead'
  | 'waiting'
  | 'in_hand'
  | 'overdue'
  | 'under_way'
  | 'passed'
  | 'by_rule'
  | 'returned'
  | 'refused'
  | 'skipped'
  | 'closed'

/** One time that the order was at a step, with all who were asked then. */
export interface Visit {
  at: string
  tasks: Task[]
}

export interface StepStanding {
  standing: Standing
  /** The step as the way tells of it; none of a block. */
  way?: RouteStep
  visits: Visit[]
}

export interface LaneStanding {
  /** The lane is entered, or will be as things stand. */
  state: 'taken' | 'not_taken' | 'expected' | 'not_expected'
  /** What decided it, with the values that the condition saw. */
  because?: RouteStep['because']
}

export interface Standings {
  steps: Record<string, StepStanding>
  /** By block and lane; lanes that are always entered say nothing. */
  lanes: Record<string, LaneStanding>
}

/** Tasks of one visit are opened at once, or one behind the other as each is decided. */
export function visitsOf(tasks: Task[], node: string): Visit[] {
  const found: Visit[] = []
  const own = tasks.filter(task => task.node_id === node && task.run === 0)
  for (const task of own.sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at))) {
    const last = found.at(-1)
    const follows = last?.tasks.some(
      each => each.opened_at === task.opened_at || (each.decided_at ?? '') === task.opened_at,
    )
    if (last && (follows || task.added)) last.tasks.push(task)
    else found.push({ at: task.opened_at, tasks: [task] })
  }
  return found
}

function standingOf(way: RouteStep, visits: Visit[]): Standing {
  const tasks = visits.at(-1)?.tasks ?? []
  const decided = tasks.filter(task => task.decision)
  const came = (decision: string) => decided.some(task => task.decision === decision)
  switch (way.state) {
    case 'open':
      if (tasks.some(task => task.state === 'open' && task.overdue)) return 'overdue'
      return tasks.some(task => task.state === 'open' && task.claimed_by) ? 'in_hand' : 'waiting'
    case 'done':
      if (way.by_rule) return 'by_rule'
      return came('return') ? 'returned' : came('reject') ? 'refused' : 'passed'
    case 'waiting':
      return came('return') ? 'returned' : 'ahead'
    default:
      return way.state
  }
}

const inWork: Standing[] = ['waiting', 'in_hand', 'overdue', 'under_way']
const behind: Standing[] = ['passed', 'by_rule']

/** A block is where its steps are. One that leads through an empty lane is as far as the step before it. */
function blockOf(inside: Standing[], before: Standing, left: boolean): Standing {
  if (left) return 'skipped'
  if (inside.some(each => inWork.includes(each))) return 'under_way'
  const met = inside.filter(each => each !== 'skipped')
  if (met.length === 0) return behind.includes(before) ? 'passed' : before === 'closed' ? 'closed' : 'ahead'
  if (met.every(each => behind.includes(each))) return 'passed'
  if (met.some(each => behind.includes(each))) return 'under_way'
  return met[0] ?? 'ahead'
}

export function standings(order: Order, doc: FlowDoc): Standings {
  const ways = new Map(order.route.map(step => [step.node_id, step]))
  const found: Standings = { steps: {}, lanes: {} }
  const of = (id: string) => found.steps[id]?.standing ?? 'ahead'

  const choose = (step: Step, lanes: Lane[], block: Standing) => {
    const left = (lane: Lane) => insideOf(lane).every(each => each === 'skipped')
    // A lane for what goes wrong may be entered or not; of those of a branch it is one of them.
    const empty = step.kind.type === 'exclusive' ? lanes.filter(lane => insideOf(lane).length === 0) : []
    const entered = lanes.find(lane => insideOf(lane).length > 0 && !left(lane))
    const reached = block !== 'ahead' && block !== 'closed'
    for (const lane of lanes) {
      // Which of several empty lanes it was, nobody needs to know: they lead to the same.
      if (!entered && empty.length !== 1 && !insideOf(lane).length) continue
      const taken = block !== 'skipped' && (entered ? lane === entered : lane === empty[0])
      const told = lane.steps.map(each => ways.get(each.id)).find(way => way?.because && !way.by_rule)
      found.lanes[laneKey({ block: step.id, lane: lane.id })] = {
        state: reached ? (taken ? 'taken' : 'not_taken') : taken ? 'expected' : 'not_expected',
        because: told?.because,
      }
    }
  }

  const insideOf = (lane: Lane) => {
    const all: Standing[] = []
    const visit = (steps: Step[]) => {
      for (const step of steps) {
        if (ways.has(step.id)) all.push(of(step.id))
        for (const each of lanesOf(step)) visit(each.steps)
      }
    }
    visit(lane.steps)
    return all
  }

  const visit = (steps: Step[], from: Standing) => {
    let before = from
    for (const step of steps) {
      const lanes = lanesOf(step)
      for (const lane of lanes) visit(lane.steps, before)
      const way = ways.get(step.id)
      const visits = visitsOf(order.tasks, step.id)
      const standing = way
        ? standingOf(way, visits)
        : blockOf(lanes.flatMap(insideOf), before, before === 'skipped')
      found.steps[step.id] = { standing, way, visits }
      if (step.kind.type === 'exclusive' || (way && lanes.length)) choose(step, lanes, standing)
      before = standing
    }
  }
  visit(doc.steps, 'passed')
  return found
}
