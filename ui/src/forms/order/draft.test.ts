import { describe, expect, it } from 'vitest'
import type { CheckAnswer, Finding } from '../../api/types'
import { blankDraft, blankLine, bodyOf, type Draft, reduce } from './draft'
import { clashes, merged } from './merge'
import { placeOf } from './places'

const answer = (more: Partial<CheckAnswer> = {}): CheckAnswer => ({
  findings: [],
  totals: null,
  lines: [],
  route: [],
  customer: {
    matched: true,
    name: '华东机电',
    defaults: {
      ship_to: { name: '张经理', phone: '138', address: '上海' },
      invoice: { title: '华东机电', tax_no: '91', kind: 'vat_special', bank_name: null, bank_account: null },
      payment_terms: 'NET30',
      currency: 'CNY',
    },
    credit: null,
  },
  submit_allowed: true,
  ...more,
})
const withCustomer = () => reduce(blankDraft('CNY'), { kind: 'customer', code: 'C001', name: '华东机电' })

describe('the draft of an order', () => {
  it("fills the customer's defaults once, and never over what was typed", () => {
    const typed = reduce(withCustomer(), { kind: 'head', field: 'ship_to.phone', value: '139' })
    const filled = reduce(typed, { kind: 'checked', answer: answer(), keys: [] })
    expect(filled.head['ship_to.address']).toBe('上海')
    expect(filled.head['ship_to.phone']).toBe('139')
    const cleared = reduce(filled, { kind: 'head', field: 'payment_terms', value: '' })
    expect(reduce(cleared, { kind: 'checked', answer: answer(), keys: [] }).head.payment_terms).toBe('')
  })

  it('takes name, unit and list price of a line from the answer, by the line it was asked for', () => {
    const draft: Draft = { ...withCustomer(), lines: [blankLine(), { ...blankLine(), product: 'P-1' }] }
    const { keys, body } = bodyOf(draft, true)
    expect(body.lines).toHaveLength(1)
    const line = {
      product_name: '减速机',
      unit: '台',
      units: ['台'],
      list_price: '118.00',
      price_source: null,
      amount: null,
      tax: null,
      available: null,
      stock_as_of: null,
      atp: null,
    }
    const next = reduce(draft, { kind: 'checked', answer: answer({ lines: [line] }), keys })
    expect(next.lines[1]).toMatchObject({ name: '减速机', unit: '台', unit_price: '118.00' })
    expect(next.lines[0]?.name).toBe('')
  })

  it('splits a line into parts, each for its own day, the first of which it is itself', () => {
    const line = { ...blankLine(), key: '7', product: 'P-1', quantity: '150', requested_date: '2026-06-02' }
    const parts = [{ quantity: '100' }, { quantity: '50', date: '2026-06-15' }]
    const draft = { ...withCustomer(), lines: [line, blankLine()] }
    const { lines } = reduce(draft, { kind: 'split', key: '7', parts })
    expect(lines.map(each => [each.quantity, each.requested_date])).toEqual([
      ['100', '2026-06-02'],
      ['50', '2026-06-15'],
      ['', ''],
    ])
    expect(lines[0]?.key).toBe('7')
    expect(new Set(lines.map(each => each.key)).size).toBe(3)
  })

  it('takes terms and discounts of a change, and hands everything else back as it was', () => {
    const clauses = [{ code: 'WARRANTY', version: 2, text: null }]
    const before = { ...withCustomer(), kept: { payment_method: 'cash', delivery_terms: null, clauses } }
    const lines = [
      { ...blankLine(), key: '7', product: 'P-1', quantity: '1', tax_rate: '0', warehouse: 'SH' },
    ]
    const asked = reduce({ ...before, lines }, { kind: 'discount', key: '7', percent: '２.5' })
    const delivery_terms = { code: 'FOB', place: '上海港' }
    const { body } = bodyOf(reduce(asked, { kind: 'terms', terms: { delivery_terms } }), false)
    expect(body).toMatchObject({ payment_method: 'cash', delivery_terms, clauses })
    expect(body.lines[0]).toMatchObject({ id: '7', discount: '2.5', tax_rate: '0', warehouse: 'SH' })
  })

  it('sends what cannot be read as absent', () => {
    const lines = [
      { ...blankLine(), product: 'P-1', quantity: '1,200', unit_price: 'abc', requested_date: '2026/12/1' },
    ]
    expect(bodyOf({ ...blankDraft('CNY'), lines }, true).body.lines[0]).toMatchObject({
      quantity: '1200',
      unit_price: null,
      requested_date: '2026-12-01',
    })
  })

  it('takes a pasted block from the active cell on and adds the lines it needs', () => {
    const next = reduce(blankDraft('CNY'), {
      kind: 'paste',
      at: 0,
      rows: [
        { product: 'P-1', unit: '台', quantity: '5' },
        { product: 'P-2', unit: '台', quantity: '6', unit_price: '9.5' },
      ],
    })
    expect(next.lines.map(line => [line.product, line.quantity, line.unit_price])).toEqual([
      ['P-1', '5', ''],
      ['P-2', '6', '9.5'],
    ])
  })

  it('keeps nothing of the old product where another is pasted over it', () => {
    const old = { ...blankLine(), product: 'P-1', name: 'one', unit: 'pcs', unit_price: '9', quantity: '2' }
    const draft = { ...blankDraft('CNY'), lines: [old] }
    const [line] = reduce(draft, { kind: 'paste', at: 0, rows: [{ product: 'P-2' }] }).lines
    expect(line).toMatchObject({ product: 'P-2', name: '', unit: '', unit_price: '', quantity: '2' })
  })

  it('takes recognised lines behind those that are filled, and fields as if they were typed', () => {
    const filled = { ...blankLine(), product: 'P-1' }
    const draft = { ...blankDraft('CNY'), lines: [filled, blankLine()] }
    const next = reduce(draft, {
      kind: 'take',
      lines: [{ product: 'P-2', quantity: '3' }],
      head: { customer_po: 'PO-1' },
    })
    expect(next.lines.map(line => line.product)).toEqual(['P-1', 'P-2'])
    expect(next.head.customer_po).toBe('PO-1')
    expect(next.touched).toEqual(['customer_po'])
  })

  it('keeps one blank line when the last one is deleted, and puts a deleted one back in its place', () => {
    const line = { ...blankLine(), product: 'P-1' }
    const draft = { ...blankDraft('CNY'), lines: [line] }
    const without = reduce(draft, { kind: 'delete', key: line.key })
    expect(without.lines).toHaveLength(1)
    expect(reduce(without, { kind: 'restore', line, at: 0 }).lines[0]?.product).toBe('P-1')
  })
})

describe('places of findings', () => {
  const at = (path: string) => placeOf({ path } as Finding, ['k0', 'k1'])
  it('are fields of the header or cells of a line', () => {
    expect(at('ship_to.address')).toEqual({ head: 'ship_to.address' })
    expect(at('ship_to')).toEqual({ head: 'ship_to.name' })
    expect(at('lines[1].quantity')).toEqual({ key: 'k1', field: 'quantity' })
    expect(at('lines[0]')).toEqual({ key: 'k0', field: null })
    expect(at('lines')).toBeNull()
  })
})

describe('two people at one order', () => {
  const base = withCustomer()
  const mine = reduce(base, { kind: 'head', field: 'customer_po', value: 'mine' })
  it('keep both when the fields differ', () => {
    const theirs = reduce(base, { kind: 'head', field: 'payment_terms', value: 'NET60' })
    expect(clashes(base, mine, theirs)).toEqual([])
    const both = merged(base, mine, theirs, {})
    expect([both.head.customer_po, both.head.payment_terms]).toEqual(['mine', 'NET60'])
  })
  it('are asked when both changed the same one', () => {
    const theirs = reduce(base, { kind: 'head', field: 'customer_po', value: 'theirs' })
    expect(clashes(base, mine, theirs)).toEqual([{ field: 'customer_po', mine: 'mine', theirs: 'theirs' }])
    expect(merged(base, mine, theirs, { customer_po: 'theirs' }).head.customer_po).toBe('theirs')
    expect(merged(base, mine, theirs, {}).head.customer_po).toBe('mine')
  })
})

it('another unit has another price, and a substitute takes the place of the whole line', () => {
  const draft = blankDraft('CNY')
  const [line] = draft.lines
  if (!line) throw new Error('a draft has a line')
  const typed = { ...line, product: 'P-1', name: 'one', unit: 'pcs', quantity: '8', unit_price: '10' }
  const before = { ...draft, lines: [typed] }
  const boxed = reduce(before, { kind: 'unit', key: line.key, unit: 'box' })
  expect(boxed.lines[0]).toMatchObject({ product: 'P-1', unit: 'box', quantity: '8', unit_price: '' })
  const found = {
    product: 'P-2',
    name: 'two',
    unit: 'kg',
    ratio: '2',
    quantity: '16',
    available: '100',
    enough: true,
    earliest_date: null,
    message: { zh: '', en: '' },
  }
  const swapped = reduce(before, { kind: 'substitute', key: line.key, found })
  expect(swapped.lines[0]).toMatchObject({
    product: 'P-2',
    name: 'two',
    unit: 'kg',
    quantity: '16',
    unit_price: '',
  })
})
