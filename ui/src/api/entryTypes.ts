/** What the order form sends, and what the server says about it. */
import type { Atp, Finding, Invoice, RouteStep, ShipTo, Totals } from './types'

export interface OrderBody {
  customer: string | null
  customer_po: string | null
  channel: string
  order_type: string
  currency: string | null
  requested_date: string | null
  payment_terms: string | null
  ship_to: ShipTo
  invoice: Invoice
  special_requests: string
  submit: boolean
  lines: {
    product: string | null
    quantity: string | null
    unit: string | null
    unit_price: string | null
    requested_date: string | null
    warehouse?: string
  }[]
  extra: Record<string, unknown>
}

export interface CustomerDefaults {
  ship_to: ShipTo | null
  invoice: Invoice | null
  payment_terms: string | null
  currency: string | null
}

export interface CheckLine {
  product_name: string | null
  unit: string | null
  list_price: string | null
  price_source: string | null
  amount: string | null
  available: string | null
  atp: Atp | null
}

export interface CheckAnswer {
  findings: Finding[]
  totals: Totals | null
  lines: CheckLine[]
  route: RouteStep[]
  customer: {
    matched: boolean
    name: string | null
    defaults: CustomerDefaults | null
    credit: { limit: string; exposure: string; left: string } | null
  } | null
  submit_allowed: boolean
}
