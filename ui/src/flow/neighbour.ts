import { type FlowDoc, lanesOf, walk } from './doc'

/** The step that the arrows lead to: up and down in reading order, right into a block, left out of it. */
export function neighbour(doc: FlowDoc, id: string, key: string): string | undefined {
  const places = walk(doc)
  const at = places.findIndex(place => place.step.id === id)
  const here = places[at]
  if (!here) return places[0]?.step.id
  if (key === 'ArrowDown') return places[at + 1]?.step.id
  if (key === 'ArrowUp') return places[at - 1]?.step.id
  if (key === 'Home') return places[0]?.step.id
  if (key === 'End') return places.at(-1)?.step.id
  const around = here.around.at(-1)
  if (key === 'ArrowRight') {
    const inside = lanesOf(here.step).find(lane => lane.steps.length)?.steps[0]
    if (inside) return inside.id
    const lanes = around ? lanesOf(around.block) : []
    const next = lanes
      .slice(lanes.findIndex(lane => lane.id === around?.lane.id) + 1)
      .find(lane => lane.steps.length)
    return next?.steps[0]?.id
  }
  if (key === 'ArrowLeft' && around) {
    const lanes = lanesOf(around.block)
    const before = lanes
      .slice(
        0,
        lanes.findIndex(lane => lane.id === around.lane.id),
      )
      .reverse()
    return before.find(lane => lane.steps.length)?.steps[0]?.id ?? around.block.id
  }
  return undefined
}
