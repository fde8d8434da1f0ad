/** What differs between two documents, step by step: enough to choose between one's own and somebody else's. */
import { type FlowDoc, type Step, type Text, walk, withLanes } from './doc'

export interface StepChange {
  kind: 'added' | 'removed' | 'changed' | 'moved'
  id: string
  name: Text
}

const alone = (step: Step) => JSON.stringify(withLanes(step, lane => ({ ...lane, steps: [] })))
export function changes(before: FlowDoc, after: FlowDoc): StepChange[] {
  const [old, now] = [walk(before), walk(after)]
  const known = new Map(old.map(place => [place.step.id, place]))
  const left = new Set(now.map(place => place.step.id))
  const told = (kind: StepChange['kind'], step: Step): StepChange => ({ kind, id: step.id, name: step.name })
  return [
    ...now.flatMap(place => {
      const was = known.get(place.step.id)
      if (!was) return [told('added', place.step)]
      const found: StepChange[] = []
      if (alone(was.step) !== alone(place.step)) found.push(told('changed', place.step))
      if (JSON.stringify(was.at.within) !== JSON.stringify(place.at.within))
        found.push(told('moved', place.step))
      return found
    }),
    ...old.filter(place => !left.has(place.step.id)).map(place => told('removed', place.step)),
  ]
}
