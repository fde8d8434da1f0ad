import type { CheckAnswer, CustomerDefaults, Order, OrderBody, Product, Replacement } from '../../api/types'
import { decimalOf } from '../lines/values'
import { blankLine, type DraftLine, type LineField, type LinePart, split } from './line'
import { plainDate, type ReadDate } from './readDate'

export { blankLine, type DraftLine, type LineField, type LinePart, lineFields } from './line'

export const headFields = [
  'customer',
  'customer_po',
  'requested_date',
  'payment_terms',
  'currency',
  'special_requests',
  'ship_to.name',
  'ship_to.phone',
  'ship_to.address',
  'invoice.title',
  'invoice.tax_no',
  'invoice.kind',
  'invoice.bank_name',
  'invoice.bank_account',
] as const
export type HeadField = (typeof headFields)[number]

export interface Draft {
  head: Record<HeadField, string>
  touched: HeadField[]
  filledFor: string
  customerName: string
  channel: string
  orderType: string
  extra: Record<string, unknown>
  /** What the form of a new order does not show and hands back as it was; a change of the order asks for it. */
  kept: Pick<OrderBody, 'payment_method' | 'delivery_terms' | 'clauses'>
  lines: DraftLine[]
  /** Of a new order that was taken on paper. */
  later?: Later
}

export interface Later {
  /** As it is typed, in the zone of the browser. */
  at: string
  reason: string
}

/** Only one of the two is there. */
export const isHalf = ({ later }: Draft) => later !== undefined && (!later.at || !later.reason.trim())

export function blankDraft(currency: string): Draft {
  const head = Object.fromEntries(headFields.map(field => [field, ''])) as Draft['head']
  return {
    head: { ...head, currency },
    touched: [],
    filledFor: '',
    customerName: '',
    channel: 'form',
    orderType: 'standard',
    extra: {},
    kept: { payment_method: null, delivery_terms: null, clauses: null },
    lines: [blankLine()],
  }
}

const words = (value: string | null | undefined) => value ?? ''

export function draftOf(order: Order): Draft {
  return {
    head: {
      customer: words(order.customer.code ?? order.customer.name),
      customer_po: words(order.customer_po),
      requested_date: words(order.requested_date),
      payment_terms: words(order.payment_terms),
      currency: words(order.currency),
      special_requests: words(order.special_requests),
      'ship_to.name': words(order.ship_to?.name),
      'ship_to.phone': words(order.ship_to?.phone),
      'ship_to.address': words(order.ship_to?.address),
      'invoice.title': words(order.invoice?.title),
      'invoice.tax_no': words(order.invoice?.tax_no),
      'invoice.kind': words(order.invoice?.kind),
      'invoice.bank_name': words(order.invoice?.bank_name),
      'invoice.bank_account': words(order.invoice?.bank_account),
    },
    touched: [],
    filledFor: words(order.customer.code),
    customerName: words(order.customer.name),
    channel: order.channel,
    orderType: order.order_type ?? 'standard',
    extra: order.extra,
    kept: {
      payment_method: order.payment_method,
      delivery_terms: order.delivery_terms.code || order.delivery_terms.place ? order.delivery_terms : null,
      clauses: order.clauses.map(({ code, version, text }) => ({ code, version, text })),
    },
    lines: order.lines.length
      ? order.lines.map(line => ({
          ...blankLine(),
          key: line.id,
          name: words(line.product_name),
          warehouse: words(line.warehouse),
          discount: words(line.discount),
          tax_rate: words(line.tax_rate),
          tax_included: line.tax_included,
          extra: line.extra,
          product: words(line.product),
          unit: words(line.unit),
          quantity: words(line.quantity),
          unit_price: words(line.unit_price),
          requested_date: words(line.requested_date),
        }))
      : [blankLine()],
  }
}

export const isBlank = (line: DraftLine) => !line.product && !line.quantity && !line.unit_price

const orNull = (text: string) => text.trim() || null

const laterOf = ({ later }: Pick<Draft, 'later'>) =>
  later?.at && later.reason.trim()
    ? { received_at: new Date(later.at).toISOString(), reason: later.reason.trim() }
    : null

/** The order as the API reads it, and which line of the draft each line of the body came from. */
export function bodyOf(
  { head, ...draft }: Draft,
  submit: boolean,
  readDate: ReadDate = plainDate,
): { body: OrderBody; keys: string[] } {
  const lines = draft.lines.filter(line => !isBlank(line))
  return {
    keys: lines.map(line => line.key),
    body: {
      customer: orNull(head.customer),
      customer_po: orNull(head.customer_po),
      channel: draft.channel,
      order_type: draft.orderType,
      currency: orNull(head.currency),
      requested_date: readDate(head.requested_date),
      payment_terms: orNull(head.payment_terms),
      ship_to: {
        name: orNull(head['ship_to.name']),
        phone: orNull(head['ship_to.phone']),
        address: orNull(head['ship_to.address']),
      },
      invoice: {
        title: orNull(head['invoice.title']),
        tax_no: orNull(head['invoice.tax_no']),
        kind: orNull(head['invoice.kind']),
        bank_name: orNull(head['invoice.bank_name']),
        bank_account: orNull(head['invoice.bank_account']),
      },
      special_requests: head.special_requests,
      submit,
      lines: lines.map(line => ({
        // A stored line keeps its number, so that the difference names what changed.
        ...(/^\d+$/.test(line.key) && { id: line.key }),
        product: orNull(line.product),
        quantity: decimalOf(line.quantity),
        unit: orNull(line.unit),
        unit_price: decimalOf(line.unit_price),
        requested_date: readDate(line.requested_date),
        ...(line.warehouse && { warehouse: line.warehouse }),
        ...(line.discount && { discount: decimalOf(line.discount) }),
        ...(line.tax_rate && { tax_rate: line.tax_rate }),
        ...(!line.tax_included && { tax_included: false }),
        ...(Object.keys(line.extra).length > 0 && { extra: line.extra }),
      })),
      extra: draft.extra,
      ...draft.kept,
      entered_later: laterOf(draft),
    },
  }
}

export type DraftAction =
  | { kind: 'replace'; draft: Draft }
  | { kind: 'head'; field: HeadField; value: string }
  | { kind: 'reset'; field: HeadField; value: string }
  | { kind: 'customer'; code: string; name: string }
  | { kind: 'line'; key: string; field: LineField; value: string }
  | { kind: 'product'; key: string; product: Product }
  /** A field of the company's form, of the order or of one of its lines. */
  | { kind: 'extra'; line?: string; field: string; value: unknown }
  | { kind: 'terms'; terms: Partial<Draft['kept']> }
  | { kind: 'discount'; key: string; percent: string }
  | { kind: 'unit'; key: string; unit: string }
  | { kind: 'substitute'; key: string; found: Replacement }
  /** In parts, each for its own day; the line itself is the first of them. */
  | { kind: 'split'; key: string; parts: LinePart[] }
  | { kind: 'append' }
  | { kind: 'delete'; key: string }
  | { kind: 'restore'; line: DraftLine; at: number }
  | { kind: 'shift'; at: number; by: 1 | -1 }
  | { kind: 'copy_above'; at: number; field: LineField }
  | { kind: 'paste'; at: number; rows: Partial<Record<LineField, string>>[] }
  | { kind: 'lines'; lines: DraftLine[] }
  | { kind: 'take'; lines: Partial<DraftLine>[]; head: Partial<Record<HeadField, string>> }
  | { kind: 'later'; later: Later | undefined }
  | { kind: 'checked'; answer: CheckAnswer; keys: string[] }

const setLine = (draft: Draft, key: string, change: Partial<DraftLine>): Draft => ({
  ...draft,
  lines: draft.lines.map(line => (line.key === key ? { ...line, ...change } : line)),
})

/** The default a customer has for a field of the header. */
export function defaultFor(defaults: CustomerDefaults | null | undefined, field: HeadField): string | null {
  if (!defaults) return null
  const [group, part] = field.split('.') as ['ship_to' | 'invoice', string | undefined]
  const value = part
    ? (defaults[group] as Record<string, string | null> | null)?.[part]
    : (defaults as unknown as Record<string, string | null>)[field]
  return value ?? null
}

/** Takes over what the server knows: the customer's defaults where nothing was typed, names, units and list prices. */
function checked(draft: Draft, answer: CheckAnswer, keys: string[]): Draft {
  const customer = answer.customer
  const fill = customer?.matched && draft.filledFor !== draft.head.customer
  const head = { ...draft.head }
  if (fill)
    for (const field of headFields) {
      const known = defaultFor(customer.defaults, field)
      if (known !== null && !draft.touched.includes(field)) head[field] = known
    }
  const judged = new Map(keys.map((key, i) => [key, answer.lines[i]]))
  const lines = draft.lines.map(line => {
    const found = judged.get(line.key)
    if (!found) return line
    const name = found.product_name ?? ''
    const unit = line.unit || found.unit || ''
    const unit_price = line.unit_price || found.list_price || ''
    const same = name === line.name && unit === line.unit && unit_price === line.unit_price
    return same ? line : { ...line, name, unit, unit_price }
  })
  const changed = fill || lines.some((line, i) => line !== draft.lines[i])
  if (!changed && (customer?.name ?? '') === draft.customerName) return draft
  return {
    ...draft,
    head,
    lines,
    filledFor: fill ? draft.head.customer : draft.filledFor,
    customerName: customer?.name ?? '',
  }
}

/** Puts rows over lines and behind them. A line that becomes another product keeps nothing of the old one. */
function paste(draft: Draft, at: number, rows: Partial<Record<LineField, string>>[]): Draft {
  const lines = [...draft.lines]
  rows.forEach((row, i) => {
    const old = lines[at + i] ?? blankLine()
    const other = row.product !== undefined && row.product !== old.product
    lines[at + i] = { ...old, ...(other && { name: '', unit: '', unit_price: '', extra: {} }), ...row }
  })
  return { ...draft, lines }
}

/** Adds lines behind the others, and sets fields as if they had been typed. */
function take(draft: Draft, added: Partial<DraftLine>[], head: Partial<Record<HeadField, string>>): Draft {
  const fields = headFields.filter(field => head[field] !== undefined)
  return {
    ...draft,
    head: { ...draft.head, ...head },
    touched: [...new Set([...draft.touched, ...fields])],
    lines: added.length
      ? [...draft.lines.filter(line => !isBlank(line)), ...added.map(line => ({ ...blankLine(), ...line }))]
      : draft.lines,
  }
}

export function reduce(draft: Draft, action: DraftAction): Draft {
  switch (action.kind) {
    case 'replace':
      return action.draft
    case 'head':
      return {
        ...draft,
        head: { ...draft.head, [action.field]: action.value },
        touched: draft.touched.includes(action.field) ? draft.touched : [...draft.touched, action.field],
      }
    case 'reset':
      return {
        ...draft,
        head: { ...draft.head, [action.field]: action.value },
        touched: draft.touched.filter(field => field !== action.field),
      }
    case 'customer':
      return {
        ...draft,
        head: { ...draft.head, customer: action.code },
        customerName: action.name,
        filledFor: action.code === draft.filledFor ? draft.filledFor : '',
      }
    case 'line':
      return setLine(draft, action.key, { [action.field]: action.value })
    case 'product':
      return setLine(draft, action.key, {
        product: action.product.code,
        name: action.product.name,
        unit: action.product.unit ?? '',
        unit_price: '',
      })
    case 'extra': {
      const { line: key, field, value } = action
      if (key === undefined) return { ...draft, extra: { ...draft.extra, [field]: value } }
      const line = draft.lines.find(each => each.key === key)
      return line ? setLine(draft, key, { extra: { ...line.extra, [field]: value } }) : draft
    }
    case 'terms':
      return { ...draft, kept: { ...draft.kept, ...action.terms } }
    case 'discount':
      return setLine(draft, action.key, { discount: action.percent })
    // A price is one of a unit.
    case 'unit':
      return setLine(draft, action.key, { unit: action.unit, unit_price: '' })
    case 'substitute': {
      const { product, name, unit, quantity } = action.found
      return setLine(draft, action.key, { product, name, unit, quantity, unit_price: '', extra: {} })
    }
    case 'split':
      return {
        ...draft,
        lines: draft.lines.flatMap(line => (line.key === action.key ? split(line, action.parts) : line)),
      }
    case 'append':
      return { ...draft, lines: [...draft.lines, blankLine()] }
    case 'delete': {
      const lines = draft.lines.filter(line => line.key !== action.key)
      return { ...draft, lines: lines.length ? lines : [blankLine()] }
    }
    case 'restore':
      return { ...draft, lines: draft.lines.toSpliced(action.at, 0, action.line) }
    case 'shift': {
      const line = draft.lines[action.at]
      if (!line) return draft
      return {
        ...draft,
        lines: draft.lines.toSpliced(action.at, 1).toSpliced(action.at + action.by, 0, line),
      }
    }
    case 'copy_above': {
      const above = draft.lines[action.at - 1]
      const line = draft.lines[action.at]
      if (!above || !line) return draft
      return setLine(draft, line.key, {
        [action.field]: above[action.field],
        ...(action.field === 'product' && { name: above.name, unit: above.unit, unit_price: '' }),
      })
    }
    case 'paste':
      return paste(draft, action.at, action.rows)
    case 'lines':
      return { ...draft, lines: action.lines }
    case 'take':
      return take(draft, action.lines, action.head)
    case 'later':
      return { ...draft, later: action.later }
    case 'checked':
      return checked(draft, action.answer, action.keys)
  }
}
