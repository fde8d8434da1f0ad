import {
  type PointerEvent,
  type RefObject,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { FlowDoc } from '../../../flow/doc'
import { lanesOf, walk } from '../../../flow/doc'

/** Fewer steps are seen at a glance. */
const FROM_STEPS = 26
const EDGE_PX = 170

export interface Frame {
  x: number
  y: number
  width: number
  height: number
}
export interface MiniView {
  /** Which part of the picture the frame shows, in the picture's own units. */
  mark: (frame: Frame) => void
}

interface Card extends Frame {
  id: string
  block: boolean
}

/** Where the cards lie in the picture, whatever it is zoomed to. */
function cardsOf(layer: HTMLElement, doc: FlowDoc): Card[] {
  const origin = layer.getBoundingClientRect()
  const zoom = origin.width / layer.offsetWidth || 1
  const blocks = new Set(walk(doc).flatMap(({ step }) => (lanesOf(step).length ? [step.id] : [])))
  return [...layer.querySelectorAll<HTMLElement>('[data-step]')].flatMap(element => {
    const card = element.querySelector('.step-card')?.getBoundingClientRect()
    const id = element.dataset.step ?? ''
    return card
      ? [
          {
            id,
            block: blocks.has(id),
            x: (card.left - origin.left) / zoom,
            y: (card.top - origin.top) / zoom,
            width: card.width / zoom,
            height: card.height / zoom,
          },
        ]
      : []
  })
}

/** A large flow in small, with the part on the screen framed. The outline has all of it for the keyboard. */
export function MiniMap({
  layer,
  doc,
  folded,
  view,
  onGo,
  onDrawn,
}: {
  layer: RefObject<HTMLDivElement | null>
  doc: FlowDoc
  folded: ReadonlySet<string>
  view: RefObject<MiniView | null>
  /** Puts a point of the picture in the middle of the frame. */
  onGo: (x: number, y: number) => void
  /** The small picture was drawn anew and waits for its frame. */
  onDrawn: () => void
}) {
  const [picture, setPicture] = useState<{ cards: Card[]; width: number; height: number }>()
  const frame = useRef<SVGRectElement>(null)
  const many = walk(doc).length >= FROM_STEPS
  // biome-ignore lint/correctness/useExhaustiveDependencies: folded lanes move the cards too
  useLayoutEffect(() => {
    const element = layer.current
    if (!many || !element) return setPicture(undefined)
    setPicture({ cards: cardsOf(element, doc), width: element.offsetWidth, height: element.offsetHeight })
  }, [doc, folded, many, layer])
  useImperativeHandle(view, () => ({
    mark: ({ x, y, width, height }) => {
      const rect = frame.current
      if (!rect) return
      for (const [name, value] of Object.entries({ x, y, width, height }))
        rect.setAttribute(name, String(Math.round(value)))
    },
  }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new picture has no frame yet
  useLayoutEffect(onDrawn, [picture])
  if (!picture) return null
  const { cards, width, height } = picture
  const scale = EDGE_PX / Math.max(width, height)
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    onGo((event.clientX - box.left) / scale, (event.clientY - box.top) / scale)
  }
  return (
    <svg
      className="mini-map"
      width={width * scale}
      height={height * scale}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      onPointerDown={event => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        go(event)
      }}
      onPointerMove={event => event.buttons === 1 && go(event)}
      data-testid="design.mini_map"
      data-count={cards.length}
    >
      {cards.map(({ id, block, ...card }) => (
        <rect key={id} className={block ? 'mini-block' : 'mini-step'} rx={12} {...card} />
      ))}
      <rect ref={frame} className="mini-frame" />
    </svg>
  )
}
