import assert from 'node:assert/strict'
import { api } from './harness.mjs'

let serial = 0
export const nextPo = () => {
  serial += 1
  return `E2E-${Date.now()}-${serial}`
}

/** A customer with delivery and invoice details, and a product with a list price and stock. */
export async function goods(page) {
  const customers = (await api(page, 'GET', '/customers?limit=20')).body.items
  const products = (await api(page, 'GET', '/products?limit=50')).body.items
  const body = (customer, product, price, quantity) => ({
    customer,
    customer_po: nextPo(),
    channel: 'form',
    order_type: 'standard',
    currency: 'CNY',
    requested_date: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
    payment_terms: null,
    ship_to: { name: null, phone: null, address: null },
    invoice: { title: null, tax_no: null, kind: null },
    special_requests: '',
    submit: true,
    lines: [{ product, quantity, unit: null, unit_price: price, requested_date: null }],
    extra: {},
  })
  for (const { code: customer } of customers)
    for (const { code: product, list_price: list, unit } of products) {
      if (!list) continue
      const draft = body(customer, product, list, '2')
      draft.lines[0].unit = unit
      const first = (await api(page, 'POST', '/orders/check', draft)).body
      const known = first.customer?.defaults
      if (!known?.ship_to || !known.invoice) continue
      Object.assign(draft, {
        ship_to: known.ship_to,
        invoice: known.invoice,
        payment_terms: known.payment_terms,
        currency: known.currency ?? 'CNY',
      })
      const check = (await api(page, 'POST', '/orders/check', draft)).body
      if (check.submit_allowed && check.findings.length === 0) return { draft, list: Number(list) }
    }
  throw new Error('the demo has no customer and product that make a clean order')
}

/** An order that finance has to look at, because its price is far under the list. */
export async function cheapOrder(page, change = {}) {
  const { draft, list } = await goods(page)
  const lines = [{ ...draft.lines[0], unit_price: (list * 0.5).toFixed(2) }]
  const { status, body } = await api(page, 'POST', '/orders', {
    ...draft,
    customer_po: nextPo(),
    lines,
    ...change,
  })
  assert.equal(status, 201)
  assert.equal(body.status, 'in_review')
  return body
}

/** An order on other terms than agreed: sales reviews it, then the sales manager approves it. */
export async function specialOrder(page) {
  const { draft } = await goods(page)
  const payment_terms = draft.payment_terms === 'NET90' ? 'NET60' : 'NET90'
  const { status, body } = await api(page, 'POST', '/orders', {
    ...draft,
    payment_terms,
    customer_po: nextPo(),
  })
  assert.equal(status, 201)
  assert.equal(body.status, 'in_review')
  return body
}

/** A clean order of the sample customer in the practice company. */
export async function sampleOrder(sales) {
  const { status, body } = await api(sales, 'POST', '/orders', {
    customer: 'PX-C1',
    customer_po: nextPo(),
    channel: 'phone',
    currency: 'CNY',
    requested_date: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
    payment_terms: 'NET30',
    ship_to: { name: '张收货', phone: '138', address: '一号路 1 号' },
    invoice: { title: '示例', tax_no: '91330328DEM911539A', kind: 'vat_special' },
    submit: true,
    lines: [{ product: 'PX-102', quantity: '2', unit: 'pcs', unit_price: '35' }],
  })
  assert.equal(status, 201)
  assert.equal(body.status, 'in_review')
  return body
}
