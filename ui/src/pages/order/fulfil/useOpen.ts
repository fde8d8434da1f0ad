import { useMay } from '../../../api/admin'
import type { Action, Order, Status } from '../../../api/types'

/** In which states each act makes sense; whether it is really open the server says when it is done. */
const FITS: Record<string, Status[]> = {
  ship: ['confirmed', 'in_fulfilment'],
  record_payment: ['in_review', 'awaiting_customer', 'confirmed', 'in_fulfilment', 'completed'],
  record_invoice: ['confirmed', 'in_fulfilment', 'completed'],
  record_complaint: [
    'incomplete',
    'in_review',
    'awaiting_customer',
    'confirmed',
    'in_fulfilment',
    'completed',
    'cancelled',
    'rejected',
    'expired',
  ],
}
const RIGHT: Record<string, string> = {
  ship: 'ship_orders',
  record_payment: 'keep_accounts',
  record_invoice: 'keep_accounts',
  record_complaint: 'write_orders',
}

/** The acts of the fulfilment that a person may do, with the reason where one is not open. */
export function useOpen(order: Order): Action[] {
  const may = useMay()
  return Object.entries(FITS)
    .filter(([name]) => may(RIGHT[name] ?? ''))
    .map(([name, statuses]) => {
      if (order.flags.includes('on_hold') && name === 'ship')
        return { name, allowed: false, reason_code: 'on_hold' }
      const allowed = statuses.includes(order.status)
      return { name, allowed, reason_code: allowed ? null : 'wrong_status' }
    })
}
