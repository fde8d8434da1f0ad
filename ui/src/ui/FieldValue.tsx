import type { Order } from '../api/types'
import { useWords } from '../i18n'
import { Money } from './Money'

const has = (order: Order, code: string) =>
  order.findings.some(finding => finding.code === code && finding.state === 'open')

/** Facts a flow may look at that are no field of the order; the words `yes` and `no` are shown translated. */
const facts: Record<string, (order: Order) => unknown> = {
  amount: order => order.totals?.gross,
  customer: order => [order.customer.name, order.customer.code].filter(Boolean).join(' · '),
  customer_level: order => order.customer.level,
  line_count: order => order.lines.length,
  stock_short: order => (has(order, 'stock_short') ? 'yes' : 'no'),
  special_terms: order => (has(order, 'terms_differ') ? 'yes' : 'no'),
}

/** The value of a fact, or at a dotted path of an order, e.g. `ship_to.address`. */
export function valueAt(order: Order, path: string): unknown {
  const fact = facts[path]
  if (fact) return fact(order)
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], order as unknown)
}

export function FieldValue({ order, path }: { order: Order; path: string }) {
  const { code } = useWords()
  const value = valueAt(order, path)
  if (value === null || value === undefined || value === '') return <span className="quiet">–</span>
  if (path === 'amount' || path.startsWith('totals.'))
    return <Money value={String(value)} currency={order.currency} />
  if (path === 'stock_short' || path === 'special_terms') return <span>{code('fact', String(value))}</span>
  if (path === 'invoice.kind' || path === 'channel' || path === 'order_type' || path === 'payment_terms')
    return <span>{code(path, String(value))}</span>
  if (typeof value === 'object') {
    const parts = Object.values(value).filter(part => typeof part === 'string' && part)
    return <span>{parts.join(' · ') || '–'}</span>
  }
  return <span>{String(value)}</span>
}
