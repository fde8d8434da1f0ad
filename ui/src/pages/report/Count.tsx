import type { ReactNode } from 'react'

/** A number that opens exactly what it counts. */
export function Count({
  id,
  n,
  onOpen,
  children,
}: {
  id: string
  n: number
  onOpen: () => void
  children?: ReactNode
}) {
  return (
    <button type="button" className="link" data-testid={id} data-count={n} onClick={onOpen}>
      {children ?? n}
    </button>
  )
}

/** A figure among others, with what it is a part of beneath it. */
export function Card({
  id,
  title,
  n,
  onOpen,
  children,
  note,
}: {
  id: string
  title: string
  n: number
  onOpen: () => void
  children: ReactNode
  note?: ReactNode
}) {
  return (
    <li>
      <button type="button" className="report-card" onClick={onOpen} data-testid={id} data-count={n}>
        <span className="quiet">{title}</span>
        <span className="report-value">{children}</span>
        {note && <span className="quiet">{note}</span>}
      </button>
    </li>
  )
}
