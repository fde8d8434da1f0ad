import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

/** A confirmed order of which nothing has left, with a line of at least two. */
async function confirmed(page) {
  const { items } = (await api(page, 'GET', '/orders?status=confirmed&limit=50')).body
  for (const { id } of items) {
    const order = (await api(page, 'GET', `/orders/${id}`)).body
    const wants = order.invoice.kind && order.invoice.kind !== 'none'
    const fits = order.fulfilment.obstacles.length === 0 && !order.fulfilment.shipments.length && wants
    if (fits && order.lines.every(line => Number(line.quantity) >= 2)) return order
  }
  throw new Error('the demo has no confirmed order that can leave')
}

test('s047 s082 goods leave in parts against the confirmed revision, with who sent them', async () => {
  const keeper = await as('wh1')
  const order = await confirmed(keeper)
  const [line] = order.lines
  await go(keeper, `/orders/${order.id}?tab=shipments`)
  await keeper.getByTestId('order.ship').click()
  const field = keeper.getByTestId(`order.shipping:${line.id}.quantity`)
  await field.fill(String(Number(line.quantity) + 1))
  await keeper.getByTestId('order.shipping.send').click()
  await keeper.getByTestId(`order.shipping:${line.id}.quantity.fault`).getByText('还能发').waitFor()
  for (const other of order.lines) await keeper.getByTestId(`order.shipping:${other.id}.quantity`).fill('')
  assert.ok(await keeper.getByTestId('order.shipping.send').isDisabled(), 'not without anything that leaves')
  await field.fill('1')
  await keeper.getByTestId('order.shipping.carrier').fill('SF 1029')
  await keeper.keyboard.press('Control+Enter')
  await keeper.getByTestId('order.shipping.send').waitFor({ state: 'detached' })
  const shipment = keeper.locator('[data-testid^="order.shipment:"]')
  assert.match(await shipment.innerText(), /陈刚[\s\S]*v1[\s\S]*SF 1029/)
  const now = (await api(keeper, 'GET', `/orders/${order.id}`)).body
  assert.deepEqual([now.status, now.lines[0].shipped], ['in_fulfilment', '1'])
  const sales = await as('sales1', { path: `/orders/${order.id}?tab=shipments` })
  await sales.getByTestId('order.shipments').waitFor()
  assert.equal(await sales.getByTestId('order.ship').count(), 0, 'sales ship nothing')
})

test('s021 finance records a payment once, asks for an invoice, and records its number', async () => {
  const finance = await as('fin1')
  const order = await confirmed(finance)
  await go(finance, `/orders/${order.id}?tab=accounts`)
  const reference = `BK-${Date.now()}`
  await finance.getByTestId('order.record_payment').click()
  await finance.getByTestId('order.payment.amount').fill('0')
  await finance.getByTestId('order.payment.reference').fill(reference)
  await finance.getByTestId('order.payment.send').click()
  await finance.getByTestId('order.payment.amount.fault').waitFor()
  await finance.getByTestId('order.payment.amount').fill('5.5')
  await finance.getByTestId('order.payment.send').click()
  await finance.getByTestId('order.payments').getByText(reference).waitFor()
  await finance.getByTestId('order.record_payment').click()
  await finance.getByTestId('order.payment.reference').fill(reference)
  await finance.getByTestId('order.payment.send').click()
  await finance.getByTestId('order.payment.refusal').getByText(order.number).waitFor()
  await finance.keyboard.press('Escape')
  // What was typed wrong is taken back beside the payment.
  await finance.getByTestId(`order.reverse_payment:${reference}`).click()
  await finance.getByTestId('order.reversal.amount').fill('6')
  await finance.getByTestId('order.reversal.reason').fill('多录 0.5')
  await finance.getByTestId('order.reversal.send').click()
  await finance.getByTestId('order.reversal.amount.fault').waitFor()
  await finance.getByTestId('order.reversal.amount').fill('0.5')
  await finance.getByTestId('order.reversal.send').click()
  await finance.getByTestId('order.reversed').getByText('多录 0.5').waitFor()
  await finance.getByTestId('order.request_invoice').click()
  await finance.getByTestId('order.invoicing.amount').fill('6')
  await finance.getByTestId('order.invoicing.send').click()
  const asked = finance.locator('[data-testid^="order.invoice:"][data-state="requested"]')
  await asked.getByRole('button').click()
  await finance.getByTestId('order.invoicing.number').fill(`FP-${Date.now()}`)
  await finance.getByTestId('order.invoicing.send').click()
  await finance.locator('[data-testid^="order.invoice:"][data-state="issued"]').waitFor()
  const { payments, paid, billed } = (await api(finance, 'GET', `/orders/${order.id}`)).body.fulfilment
  assert.deepEqual(
    [payments.length, Number(payments[0].amount), Number(paid), Number(billed)],
    [1, 5.5, 5, 6],
  )
})

test('s001 a complaint stands at its order until it is closed with what became of it', async () => {
  const service = await as('cs1')
  const order = await confirmed(service)
  await go(service, `/orders/${order.id}?tab=complaints`)
  await service.getByTestId('order.record_complaint').click()
  await choose(service, 'order.complaining.kind', /破损/)
  await service.getByTestId('order.complaining.text').fill('外箱破损,少两件')
  await service.getByTestId('order.complaining.send').click()
  const row = service.locator('[data-testid^="order.complaint:"]')
  await row.getByText('外箱破损').waitFor()
  await service.locator('[data-testid^="order.complaint.answer:"]').click()
  await service.getByTestId('order.complaint_act.text').fill('明天补发')
  await service.getByTestId('order.complaint_act.send').click()
  await row.getByText('明天补发').waitFor()
  await service.locator('[data-testid^="order.complaint.close:"]').click()
  await service.getByTestId('order.complaint_act.text').fill('已补发')
  await service.getByTestId('order.complaint_act.send').click()
  await service.locator('[data-testid^="order.complaint:"][data-state="closed"]').waitFor()
  const warehouse = await as('wh1', { path: `/orders/${order.id}?tab=complaints` })
  await warehouse.getByTestId('order.complaints').getByText('已补发').waitFor()
  assert.equal(await warehouse.getByTestId('order.record_complaint').count(), 0)
})
