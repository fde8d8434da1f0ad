import { createContext, useContext } from 'react'
import type { Inspection, Trial, Vocabulary } from '../../../api/flows'
import type { FlowDoc, Lies, Spot, Step, Text } from '../../../flow/doc'
import type { StepType } from '../../../flow/kinds'

/** What is open in the drawer. */
export type Chosen = { step: string } | { lane: Lies } | { flow: true }

/** What can be done on the canvas. The functions stay the same while the document changes. */
export interface Acts {
  choose: (chosen: Chosen | null) => void
  /** Opens the menu of what can be put in at a place; null closes it. */
  ask: (spot: Spot | null) => void
  add: (spot: Spot, type: StepType) => void
  paste: (spot: Spot) => void
  drop: (spot: Spot, id: string) => void
  drag: (id: string | null) => void
  rename: (id: string, name: Text) => void
  renaming: (id: string | null) => void
  remove: (id: string) => void
  addLane: (block: string) => void
  removeLane: (lane: Lies) => void
  moveLane: (lane: Lies, by: -1 | 1) => void
  fold: (lane: Lies) => void
  put: (doc: FlowDoc) => void
}

export interface Design {
  doc: FlowDoc
  readOnly: boolean
  vocabulary: Vocabulary
  inspection: Inspection | undefined
  chosen: Chosen | null
  asking: Spot | null
  dragged: Step | null
  renaming: string | null
  folded: ReadonlySet<string>
  clipboard: Step[]
  trial: Trial | undefined
  /** Orders that stand in each step now. */
  standing: Record<string, number> | undefined
  acts: Acts
}

export const DesignContext = createContext<Design | null>(null)

export function useDesign(): Design {
  const design = useContext(DesignContext)
  if (!design) throw new Error('no design around')
  return design
}

export const laneKey = ({ block, lane }: Lies) => `${block}/${lane}`
export const sameSpot = (one: Spot | null, two: Spot) =>
  one?.index === two.index && one.within?.block === two.within?.block && one.within?.lane === two.within?.lane

/** The word of the server for a type, setting or value of a flow, as it stands by itself. */
export function wordOf(vocabulary: Vocabulary, key: string, otherwise = key): string {
  const word = vocabulary.words[key] ?? otherwise
  return word.charAt(0).toUpperCase() + word.slice(1)
}
/** The name of a role, department, person, template or flow. */
export const nameOf = (vocabulary: Vocabulary, kind: string, key: string) =>
  vocabulary.names[`${kind}.${key}`] ?? key
export const namesOf = (vocabulary: Vocabulary, kind: string) =>
  Object.entries(vocabulary.names)
    .filter(([key]) => key.startsWith(`${kind}.`))
    .map(([key, label]) => ({ value: key.slice(kind.length + 1), label }))
