import type { KeyboardEvent } from 'react'
import { type FlowDoc, isBranch, locate } from '../../../flow/doc'
import { nudge } from '../../../flow/edit'
import { neighbour } from '../../../flow/neighbour'
import type { Hands } from './useActs'

/** The keys of the tree. They act on the step that has the focus, and leave fields alone. */
export function treeKeys(doc: FlowDoc, hands: Hands, readOnly: boolean) {
  const { acts, focus } = hands
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    if (event.nativeEvent.isComposing || target.closest('input, textarea, .ant-popover')) return
    const id = target.closest<HTMLElement>('[data-step]')?.dataset.step
    if (!id) return
    const place = locate(doc, id)
    const mod = event.ctrlKey || event.metaKey
    const done = () => event.preventDefault()
    if (mod && event.shiftKey && event.key.startsWith('Arrow')) {
      done()
      if (readOnly || !place) return
      const around = place.around.at(-1)
      if (event.key === 'ArrowUp') acts.put(nudge(doc, id, -1))
      else if (event.key === 'ArrowDown') acts.put(nudge(doc, id, 1))
      else if (around)
        acts.moveLane({ block: around.block.id, lane: around.lane.id }, event.key === 'ArrowLeft' ? -1 : 1)
      focus.current = id
      return
    }
    if (!mod && (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End')) {
      done()
      const next = neighbour(doc, id, event.key)
      if (next) acts.choose({ step: next })
      return
    }
    if (event.key === 'Enter' && !mod) {
      if (target !== target.closest('[data-step]')) return
      done()
      return acts.choose({ step: id })
    }
    if (mod && event.key.toLowerCase() === 'c') return void (acts.copy(id) && done())
    if (readOnly || !place) return
    const behind = { within: place.at.within, index: place.at.index + 1 }
    if (mod && event.key.toLowerCase() === 'x') {
      done()
      if (acts.copy(id)) acts.remove(id)
    } else if (mod && event.key.toLowerCase() === 'v') {
      done()
      if (hands.clipboard.length && place.step.kind.type !== 'end') acts.paste(behind)
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      done()
      acts.remove(id)
    } else if (event.key === 'F2') {
      done()
      acts.renaming(id)
    } else if (event.key === 'a' && !mod) {
      done()
      // A block without steps in its lanes is filled from its first lane; behind an end there is nothing.
      acts.ask(place.step.kind.type === 'end' ? { ...behind, index: place.at.index } : behind)
    } else if (event.key === 'A' && !mod && isBranch(place.step)) {
      done()
      acts.addLane(id)
    }
  }
}
