import type { Order } from '../api/types'
import { useWords } from '../i18n'
import { Money } from './Money'

/** The value at a dotted path of an order, e.g. `ship_to.address`. */
export function valueAt(order: Order, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], order as unknown)
}

export function FieldValue({ order, path }: { order: Order; path: string }) {
  const { code } = useWords()
  const value = valueAt(order, path)
  if (value === null || value === undefined || value === '') return <span className="quiet">–</span>
  if (path.startsWith('totals.')) return <Money value={String(value)} currency={order.currency} />
  if (path === 'invoice.kind' || path === 'channel' || path === 'order_type' || path === 'payment_terms')
    return <span>{code(path, String(value))}</span>
  if (typeof value === 'object') {
    const parts = Object.values(value).filter(part => typeof part === 'string' && part)
    return <span>{parts.join(' · ') || '–'}</span>
  }
  return <span>{String(value)}</span>
}
