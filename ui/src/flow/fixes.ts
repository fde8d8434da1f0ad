/** What can be mended at once, by the code of the problem. What needs a choice is left to people. */
import { type Condition, chooses, type FlowDoc, type Step, type Text } from './doc'
import { changeStep, insert, removeLane } from './edit'

export interface FlowProblem {
  code: string
  severity: 'blocker' | 'warning' | 'hint'
  node: string | null
  params: Record<string, string>
  /** How a warning is acknowledged. */
  mark: string
  text: string
}

export interface FixWords {
  sop: Text
  timeout: Text
  end: Text
}
type Fix = (doc: FlowDoc, problem: FlowProblem, words: FixWords) => FlowDoc

const set =
  (setting: string, value: unknown): Fix =>
  (doc, problem) =>
    changeStep(doc, problem.node ?? '', step => ({ ...step, kind: { ...step.kind, [setting]: value } }))

/** Rows about a field say what they mean where it is empty: that they do not hold. */
export function settled(condition: Condition, field: string): Condition {
  if ('all' in condition) return { all: condition.all.map(item => settled(item, field)) }
  if ('any' in condition) return { any: condition.any.map(item => settled(item, field)) }
  if ('lines' in condition) {
    const { matching } = condition.lines
    return matching ? { lines: { ...condition.lines, matching: settled(matching, field) } } : condition
  }
  if ('row' in condition && condition.row.field === field && condition.row.when_empty === undefined)
    return { row: { ...condition.row, when_empty: false } }
  return condition
}

function settleIn(step: Step, field: string): Step {
  const kind = { ...step.kind }
  if (kind.lanes)
    kind.lanes = kind.lanes.map(lane => (lane.when ? { ...lane, when: settled(lane.when, field) } : lane))
  for (const name of ['when', 'skip_when'])
    if (kind[name]) kind[name] = settled(kind[name] as Condition, field)
  return { ...step, kind }
}

const fixes: Record<string, Fix> = {
  'F-007': (doc, problem, words) => set('sop', words.sop)(doc, problem, words),
  'F-016': (doc, problem) =>
    changeStep(doc, problem.node ?? '', step => settleIn(step, problem.params.field ?? '')),
  'F-021': (doc, _, words) =>
    insert(doc, { within: null, index: doc.steps.length }, [
      { id: 'end', name: words.end, stage: 'execute', kind: { type: 'end', outcome: 'confirmed' } },
    ]),
  'F-022': set('max_rounds', 3),
  'F-023': (doc, problem, words) =>
    set('on_timeout', { id: 'timeout', name: words.timeout, steps: [] })(doc, problem, words),
  'F-024': (doc, problem) =>
    removeLane(doc, { block: problem.node ?? '', lane: problem.params.lane ?? '' }, 'after'),
  'F-030': (doc, problem) =>
    changeStep(doc, problem.node ?? '', step => ({
      ...step,
      kind: {
        ...step.kind,
        fields: { ...(step.kind.fields as Record<string, string>), [problem.params.field ?? '']: 'edit' },
      },
    })),
  'F-040': set('deadline_minutes', 240),
  'F-090': (doc, problem) =>
    changeStep(doc, problem.node ?? '', step => ({
      ...step,
      kind: {
        ...step.kind,
        lanes: step.kind.lanes?.map(lane => {
          if (chooses(step) && !lane.otherwise) return lane
          const { when: _, ...rest } = lane
          return rest
        }),
      },
    })),
}

export const isFixable = (code: string) => code in fixes
export const fix = (doc: FlowDoc, problem: FlowProblem, words: FixWords): FlowDoc =>
  fixes[problem.code]?.(doc, problem, words) ?? doc

/** The tab of the drawer that a problem is mended in. */
const tabs: Record<string, string> = {
  'F-001': 'who',
  'F-002': 'who',
  'F-003': 'who',
  'F-004': 'who',
  'F-005': 'who',
  'F-006': 'who',
  'F-095': 'who',
  'F-030': 'fields',
  'F-031': 'fields',
  'F-032': 'fields',
  'F-040': 'deadline',
  'F-041': 'deadline',
  'F-042': 'deadline',
  'F-096': 'deadline',
  'F-007': 'work',
}
export const tabOf = (code: string) => tabs[code]
