import { describe, expect, it } from 'vitest'
import type { Customer } from '../../api/types'
import { missingOf } from './missing'

const whole = {
  ship_to: [{ name: 'A', phone: '1', address: 'B' }],
  invoice: { title: 'T', tax_no: null, kind: 'vat_normal', bank_name: null, bank_account: null },
  payment_terms: 'NET30',
  contacts: [{ name: 'C', email: 'c@example.com', phone: null, role: null }],
} as Customer

describe('what is not known of a customer', () => {
  it('is nothing when orders need not ask', () => {
    expect(missingOf(whole)).toEqual([])
    expect(missingOf({ ...whole, invoice: { ...whole.invoice, title: null, kind: 'none' } })).toEqual([])
  })

  it('is named, each thing once', () => {
    const bare = {
      ...whole,
      ship_to: [],
      payment_terms: null,
      contacts: [{ name: 'C', email: null, phone: null, role: null }],
    }
    expect(missingOf({ ...bare, invoice: { ...whole.invoice, title: null } })).toEqual([
      'ship_to',
      'invoice',
      'payment_terms',
      'contacts',
    ])
  })
})
