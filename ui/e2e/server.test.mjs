import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openAs, settled, startBrowser, startOnServer } from './harness.mjs'
import { cheapOrder } from './orders.mjs'

const server = process.env.ORDAIN_TEST_POSTGRES
let demo
let browser
before(async () => {
  if (!server) return
  demo = await startOnServer(server)
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('s031 s061 on PostgreSQL an order is entered, decided and seen on another screen, and every page answers', {
  skip: server ? false : 'ORDAIN_TEST_POSTGRES names no empty database',
}, async () => {
  const { page: sales, ...first } = await openAs(browser, demo, 'sales1')
  const order = await cheapOrder(sales)
  await sales.goto(`${demo.url}/orders/${order.id}?tab=timeline`)
  await sales.locator('[data-testid="header.live"][data-state="live"]').waitFor()
  const { page: finance, ...second } = await openAs(browser, demo, 'fin1', { path: `/orders/${order.id}` })
  await finance.getByTestId('task.reject').click()
  await finance.getByTestId('task.reason').fill('价格过低')
  await finance.getByTestId('task.confirm').click()
  await sales.locator('[data-testid="order.page"][data-status="rejected"]').waitFor({ timeout: 10_000 })
  const { page: admin, ...third } = await openAs(browser, demo, 'ops1')
  for (const path of ['/', '/orders', '/tasks', '/exceptions', '/reports', '/automation/flows', '/audit']) {
    await admin.goto(demo.url + path)
    await settled(admin)
  }
  assert.deepEqual([...first.complaints, ...second.complaints, ...third.complaints], [])
  for (const { context } of [first, second, third]) await context.close()
})
