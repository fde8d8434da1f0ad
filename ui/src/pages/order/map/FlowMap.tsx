import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { type SavedCase, useFlowDoc, useInspection } from '../../../api/flows'
import type { Order } from '../../../api/types'
import { type FlowDoc, locate, walk, withLanes } from '../../../flow/doc'
import { neighbour } from '../../../flow/neighbour'
import { useWords } from '../../../i18n'
import { Failed, Loading } from '../../../ui/states'
import { laneKey } from '../../flow/designer/design'
import { MapSequence } from './MapTree'
import { StepPanel } from './StepPanel'
import { type Standings, standings } from './standing'

const noCases: SavedCase[] = []

/** Where one looks first: what waits, else the last step that was passed. */
function firstOf(doc: FlowDoc, found: Standings): string {
  const steps = walk(doc).map(place => place.step.id)
  const is = (...wanted: string[]) => steps.filter(id => wanted.includes(found.steps[id]?.standing ?? ''))
  return (
    is('overdue', 'waiting', 'in_hand', 'returned')[0] ?? is('passed', 'by_rule').at(-1) ?? steps[0] ?? ''
  )
}

/** The steps that are on screen: what is folded away is nothing that an arrow could lead to. */
const unfolded = (doc: FlowDoc, folded: (lane: string) => boolean): FlowDoc => {
  const cut = (steps: FlowDoc['steps']): FlowDoc['steps'] =>
    steps.map(step =>
      withLanes(step, lane => ({
        ...lane,
        steps: folded(laneKey({ block: step.id, lane: lane.id })) ? [] : cut(lane.steps),
      })),
    )
  return { ...doc, steps: cut(doc.steps) }
}

function Drawn({ order, doc }: { order: Order; doc: FlowDoc }) {
  const { t, lang, words } = useWords()
  const { data: told } = useInspection(order.flow.key, doc, noCases, lang)
  const found = useMemo(() => standings(order, doc), [order, doc])
  const [picked, setPicked] = useState<string>()
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const frame = useRef<HTMLDivElement>(null)
  // Lanes that are not taken begin folded; a press turns a lane over from how it began.
  const left = (lane: string) => found.lanes[lane]?.state === 'not_taken'
  const folded = (lane: string) => left(lane) !== turned.has(lane)
  const fold = (lane: string) =>
    setTurned(before => {
      const next = new Set(before)
      if (!next.delete(lane)) next.add(lane)
      return next
    })
  const shown = unfolded(doc, folded)
  const chosen = picked && locate(shown, picked) ? picked : firstOf(shown, found)
  const step = locate(doc, chosen)?.step

  // Moves the frame alone: the page stays where the reader is.
  useEffect(() => {
    const element = frame.current
    const card = element?.querySelector<HTMLElement>('[aria-pressed="true"]')
    if (!element || !card) return
    const [at, of] = [card.getBoundingClientRect(), element.getBoundingClientRect()]
    element.scrollLeft += at.left + at.width / 2 - (of.left + of.width / 2)
    element.scrollTop += at.top + at.height / 2 - (of.top + of.height / 2)
  }, [])

  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-step]')?.dataset.step
    if (!id || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    if (!event.key.startsWith('Arrow') && event.key !== 'Home' && event.key !== 'End') return
    event.preventDefault()
    const next = neighbour(shown, id, event.key)
    if (!next) return
    setPicked(next)
    frame.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next)}"]`)?.focus()
  }
  return (
    <div className="map" data-testid="order.map" data-count={walk(doc).length} data-live="order">
      <section
        ref={frame}
        className="map-frame"
        aria-label={t('order.map.of', { flow: words(order.flow.name) })}
        onKeyDown={onKey}
      >
        <div className="map-layer">
          <MapSequence
            steps={doc.steps}
            order={order}
            found={found}
            conditions={told?.conditions}
            chosen={chosen}
            choose={setPicked}
            folded={folded}
            fold={fold}
          />
        </div>
      </section>
      {step && (
        <StepPanel
          key={step.id}
          order={order}
          step={step}
          found={found}
          sentence={told?.sentences[step.id]}
          conditions={told?.conditions}
        />
      )}
    </div>
  )
}

/** The flow of an order, in the version that it runs, with where the order was, is and will be. */
export function FlowMap({ order }: { order: Order }) {
  const { data: doc, error, isPending, refetch } = useFlowDoc(order.flow.key, order.flow.version)
  if (isPending) return <Loading rows={8} />
  if (!doc) return <Failed id="order.map" error={error} retry={() => refetch()} />
  return <Drawn order={order} doc={doc} />
}
