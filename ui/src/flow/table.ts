/** The steps of a flow as a list of who does what until when. */
import { asksPerson, type FlowDoc, type Place, type Step, walk } from './doc'

export type Gap = 'owner' | 'backup' | 'deadline' | 'sop'
export const gaps: readonly Gap[] = ['owner', 'backup', 'deadline', 'sop']

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

const hasSop = ({ kind }: Step) => {
  const sop = kind.sop as { zh?: string; en?: string } | undefined
  return Boolean(sop?.zh?.trim() || sop?.en?.trim())
}

/** What a step that people do leaves open. */
export function gapsOf(step: Step): Gap[] {
  if (!asksPerson(step)) return []
  const { kind } = step
  const open: Record<Gap, boolean> = {
    owner: isEmpty(kind.assignee),
    backup: isEmpty(kind.backup),
    deadline: isEmpty(kind.deadline_minutes) && isEmpty(kind.deadline),
    sop: !hasSop(step),
  }
  return gaps.filter(gap => open[gap])
}

export interface StepFilter {
  text: string
  /** Only steps that people do. */
  people: boolean
  gap: Gap | null
}

/** The places of the steps that a filter leaves, in reading order. `said` is what a row shows, for finding words. */
export function filtered(doc: FlowDoc, filter: StepFilter, said: (step: Step) => string): Place[] {
  const text = filter.text.trim().toLowerCase()
  return walk(doc).filter(
    ({ step }) =>
      (!filter.people || asksPerson(step)) &&
      (!filter.gap || gapsOf(step).includes(filter.gap)) &&
      `${step.name.zh} ${step.name.en} ${step.id} ${said(step)}`.toLowerCase().includes(text),
  )
}
