import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, until } from './harness.mjs'
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
  await asked.locator('[data-testid^="order.issue_invoice:"]').click()
  await finance.getByTestId('order.invoicing.number').fill(`FP-${Date.now()}`)
  await finance.getByTestId('order.invoicing.send').click()
  await finance.locator('[data-testid^="order.invoice:"][data-state="issued"]').waitFor()
  const { payments, paid, billed } = (await api(finance, 'GET', `/orders/${order.id}`)).body.fulfilment
  assert.deepEqual(
    [payments.length, Number(payments[0].amount), Number(paid), Number(billed)],
    [1, 5.5, 5, 6],
  )
  // A part is taken back by an invoice with a minus, and so is the rest: void is all of it or nothing.
  const correct = finance.locator('[data-testid^="order.correct_invoice:"]')
  await correct.click()
  await choose(finance, 'order.correction.kind', '红字冲销')
  await finance.getByTestId('order.correction.amount').fill('7')
  await finance.getByTestId('order.correction.number').fill(`RF-${Date.now()}`)
  await finance.getByTestId('order.correction.reason').fill('抬头有误')
  await finance.getByTestId('order.correction.send').click()
  await finance.getByTestId('order.correction.amount.fault').waitFor()
  await finance.getByTestId('order.correction.amount').fill('2')
  await finance.getByTestId('order.correction.send').click()
  await finance.getByTestId('order.invoice_corrected').getByText('抬头有误').waitFor()
  await correct.click()
  await finance.getByTestId('order.correction.number').fill(`RG-${Date.now()}`)
  await finance.getByTestId('order.correction.reason').fill('余额一并冲销')
  await finance.getByTestId('order.correction.send').click()
  await finance.locator('[data-testid^="order.invoice:"][data-state="corrected"]').waitFor()
  assert.equal(await correct.count(), 0, 'nothing is left to take back')
  const after = (await api(finance, 'GET', `/orders/${order.id}`)).body.fulfilment
  assert.deepEqual([Number(after.billed), after.invoices[0].corrections.length], [0, 2])
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

test('s029 what was billed, paid and shipped is found over all orders, and leads to its order', async () => {
  const [finance, keeper] = [await as('fin1'), await as('wh1')]
  const order = await confirmed(finance)
  const [number, reference] = [`FP-R${Date.now()}`, `BK-R${Date.now()}`]
  const add = (page, kind, body) => api(page, 'POST', `/orders/${order.id}/${kind}`, body)
  await add(finance, 'invoices', { number, amount: '7.00' })
  await add(finance, 'payments', { reference, amount: '9.00' })
  const slip = { reference, amount: '2.50', kind: 'entered_wrong', reason: '多录' }
  assert.equal((await add(finance, 'payment-reversals', slip)).status, 201)
  await go(finance, '/records?view=invoices')
  await finance.getByTestId('records.q').fill(number)
  const rows = finance.locator('[data-testid^="invoices.row:"]')
  const only = async (list, text) => {
    await list.getByText(text).first().waitFor()
    await until(finance, async () => (await list.count()) === 1 && finance.url().includes(`q=${text}`))
  }
  await only(rows, number)
  assert.match(
    await rows.innerText(),
    new RegExp(`${number}[\\s\\S]*${order.number}[\\s\\S]*7.00[\\s\\S]*已开出`),
  )
  await finance.getByTestId('records.view:payments').click()
  await finance.getByTestId('records.q').fill(reference)
  const paid = finance.locator('[data-testid^="payments.row:"]')
  await only(paid, reference)
  assert.match(await paid.innerText(), /9\.00[\s\S]*-¥2\.50[\s\S]*6\.50/)
  await finance.locator('[data-testid^="payments.open:"]').click()
  await finance.getByTestId('order.payments').getByText(reference).first().waitFor()
  // The warehouse finds what left it, and nothing of money.
  const lines = [{ line: order.lines[0].id, quantity: '1' }]
  assert.equal((await add(keeper, 'shipments', { revision: order.revision, lines })).status, 201)
  const { items } = (await api(keeper, 'GET', `/shipments?q=${order.number}`)).body
  const [{ date, warehouses }] = items
  await go(keeper, `/records?from=${date}&to=${date}&warehouse=${warehouses[0]}`)
  await keeper.getByTestId(`shipments.row:${order.number}/1`).waitFor()
  assert.equal(await keeper.getByTestId('records.view:payments').count(), 0)
  await go(keeper, `/records?from=${date}&to=${date}&warehouse=${warehouses[0]}&q=none-such`)
  await keeper.getByTestId('records.clear').click()
  await keeper.getByTestId(`shipments.row:${order.number}/1`).waitFor()
})
