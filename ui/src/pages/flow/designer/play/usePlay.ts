import { useState } from 'react'
import { type Play, type PlayAct, type PlayInput, usePlayed } from '../../../../api/flows'
import type { FlowDoc } from '../../../../flow/doc'
import { type Persona, personaIn } from './play'

/** A play as it goes on: the whole of it is sent each time, and an act that is refused is none. */
export function usePlay(flowKey: string, doc: FlowDoc, input: PlayInput, onPlay: (play: Play) => void) {
  const [acts, setActs] = useState<PlayAct[]>([])
  const [play, setPlay] = useState<Play>()
  const [persona, setPersona] = useState<Persona>()
  const sent = usePlayed(flowKey)
  const show = (next: PlayAct[], look: Persona | undefined) =>
    sent.mutate(
      { doc, ...input, acts: next, look },
      {
        onSuccess: found => {
          setActs(next)
          setPlay(found)
          onPlay(found)
          const now = personaIn(found.tasks, look)
          setPersona(now)
          // Whose turn it is now sees other fields.
          if (now && (now.as !== look?.as || now.task !== look?.task)) show(next, now)
        },
      },
    )
  return {
    acts,
    play,
    persona,
    busy: sent.isPending,
    error: sent.error,
    begin: () => show([], undefined),
    act: (act: PlayAct) => show([...acts, act], persona),
    undo: () => show(acts.slice(0, -1), persona),
    as: (next: Persona) => show(acts, next),
  }
}
