import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react'
import { walk } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { useDesign } from './design'
import { MiniMap, type MiniView } from './MiniMap'
import { Sequence } from './Tree'

export const ZOOM_MIN = 0.25
export const ZOOM_MAX = 2

export interface View {
  zoomBy: (factor: number) => void
  fit: () => void
  show: (step: string) => void
}

const clamp = (zoom: number) => Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom))

/**
 * The picture of the flow. Panning and zooming move one layer by a transform, past React: nothing is drawn anew for it.
 */
export function Canvas({
  view,
  onZoom,
  onKey,
  frozen,
}: {
  view: RefObject<View | null>
  onZoom: (zoom: number) => void
  onKey: (event: KeyboardEvent<HTMLDivElement>) => void
  /** A version that cannot be edited, said by its edge. */
  frozen: boolean
}) {
  const { t, words } = useWords()
  const { doc, dragged, folded } = useDesign()
  const port = useRef<HTMLDivElement>(null)
  const layer = useRef<HTMLDivElement>(null)
  const mini = useRef<MiniView>(null)
  const place = useRef({ x: 0, y: 16, zoom: 1 })
  const grip = useRef<{ x: number; y: number; id: number } | null>(null)

  const draw = useCallback(() => {
    const { x, y, zoom } = place.current
    if (layer.current) layer.current.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`
    const { clientWidth = 0, clientHeight = 0 } = port.current ?? {}
    mini.current?.mark({ x: -x / zoom, y: -y / zoom, width: clientWidth / zoom, height: clientHeight / zoom })
  }, [])
  const zoomAt = useCallback(
    (factor: number, px: number, py: number) => {
      const { x, y, zoom } = place.current
      const next = clamp(zoom * factor)
      const by = next / zoom
      place.current = { zoom: next, x: px - (px - x) * by, y: py - (py - y) * by }
      draw()
      onZoom(next)
    },
    [draw, onZoom],
  )
  const centre = useCallback(
    (zoom: number) => {
      if (!port.current || !layer.current) return
      place.current = { zoom, x: (port.current.clientWidth - layer.current.offsetWidth * zoom) / 2, y: 16 }
      draw()
      onZoom(zoom)
    },
    [draw, onZoom],
  )

  useImperativeHandle(view, () => ({
    zoomBy: factor =>
      port.current && zoomAt(factor, port.current.clientWidth / 2, port.current.clientHeight / 2),
    fit: () => {
      if (!port.current || !layer.current) return
      const wide = (port.current.clientWidth - 32) / layer.current.offsetWidth
      const high = (port.current.clientHeight - 32) / layer.current.offsetHeight
      centre(clamp(Math.min(1, wide, high)))
    },
    show: step => {
      const found = layer.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(step)}"] .step-card`)
      if (!found || !port.current) return
      const [card, frame] = [found.getBoundingClientRect(), port.current.getBoundingClientRect()]
      const inside =
        card.left >= frame.left &&
        card.right <= frame.right &&
        card.top >= frame.top &&
        card.bottom <= frame.bottom
      if (inside) return
      place.current.x += frame.left + (frame.width - card.width) / 2 - card.left
      place.current.y += frame.top + frame.height / 3 - card.top
      draw()
    },
  }))

  useEffect(() => centre(1), [centre])
  useEffect(() => {
    const element = port.current
    if (!element) return
    const onWheel = (event: WheelEvent) => {
      if ((event.target as Element).closest('.ant-popover')) return
      event.preventDefault()
      const frame = element.getBoundingClientRect()
      if (event.ctrlKey || event.metaKey)
        return zoomAt(event.deltaY < 0 ? 1.1 : 1 / 1.1, event.clientX - frame.left, event.clientY - frame.top)
      place.current.x -= event.shiftKey ? event.deltaY : event.deltaX
      place.current.y -= event.shiftKey ? 0 : event.deltaY
      draw()
    }
    // React listens passively to wheels and could not keep the page still.
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [draw, zoomAt])

  const onDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || (event.target as Element).closest('.step-card, button, input, .lane-head'))
      return
    grip.current = { x: event.clientX, y: event.clientY, id: event.pointerId }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    const from = grip.current
    if (!from || from.id !== event.pointerId) return
    place.current.x += event.clientX - from.x
    place.current.y += event.clientY - from.y
    grip.current = { ...from, x: event.clientX, y: event.clientY }
    draw()
  }
  const onUp = () => {
    grip.current = null
  }

  return (
    <div
      ref={port}
      className={`canvas${dragged ? ' is-dragging' : ''}${frozen ? ' is-frozen' : ''}`}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      data-testid="design.canvas"
      data-count={walk(doc).length}
    >
      {/* Only a browser that scrolls by itself to what has the focus moves this frame; it goes back. */}
      <div
        ref={layer}
        className="canvas-layer"
        role="tree"
        aria-label={t('design.canvas_of', { name: words(doc.name) })}
        onKeyDown={onKey}
      >
        <Sequence steps={doc.steps} within={null} level={1} />
      </div>
      <MiniMap
        layer={layer}
        doc={doc}
        folded={folded}
        view={mini}
        onDrawn={draw}
        onGo={(x, y) => {
          const { zoom } = place.current
          const { clientWidth = 0, clientHeight = 0 } = port.current ?? {}
          place.current = { zoom, x: clientWidth / 2 - x * zoom, y: clientHeight / 2 - y * zoom }
          draw()
        }}
      />
    </div>
  )
}
