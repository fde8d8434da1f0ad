/** Texts of notices: written by somebody who cannot program, looked at on a real order, sent, and given up again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, phone } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

test('s036 s053 the confirmation to customers is reworded in the browser, and leaves in these words', async () => {
  const page = await as('ops1', { path: '/automation/notices' })
  const state = page.getByTestId('notice_text.state')
  await state.waitFor()
  assert.equal(await state.getAttribute('data-own'), 'false')
  const preview = page.getByTestId('notice_text.preview')
  await preview.getByText('价税合计').waitFor()
  assert.deepEqual(await axe(page), [])

  // A variable that does not exist is named while it is typed.
  const text = page.getByTestId('notice_text.text')
  await text.fill('{order.customer_name}：\n\n您的订单 {order.nummer} 已确认。')
  const faults = page.getByTestId('notice_text.faults')
  await faults.getByText('order.nummer').waitFor()
  await text.fill('{order.customer_name}：\n\n您的订单已确认：')
  await faults.waitFor({ state: 'detached' })
  await page.getByTestId('notice_text.variable:order.number').click()
  await preview.getByText(/您的订单已确认：SO-/).waitFor()
  await page.getByTestId('notice_text.save').click()
  await page.locator('[data-testid="notice_text.state"][data-own="true"]').waitFor()
  assert.match(await page.getByTestId('notice_text.state').innerText(), /改写/)

  // An order that is confirmed now is told so, and whoever sends one by hand sees the same.
  const sales = await as('sales1')
  const { draft } = await goods(sales)
  const { body: placed } = await api(sales, 'POST', '/orders', { ...draft, customer_po: nextPo() })
  const told = await api(sales, 'GET', `/orders/${placed.id}/notices/preview?template=order_confirmed`)
  assert.match(told.body.text, /您的订单已确认：SO-/)

  // What SMS says follows the mail until it has words of its own, and says how long it is.
  await page.getByTestId('notice_text.channel:sms').click()
  await page.getByTestId('notice_text.length').waitFor()
  assert.match(await page.getByTestId('notice_text.text').inputValue(), /您的订单已确认/)

  await page.getByTestId('notice_text.channel:mail').click()
  await page.getByTestId('notice_text.restore').click()
  await page.locator('[data-testid="notice_text.state"][data-own="false"]').waitFor()
  assert.match(await page.getByTestId('notice_text.text').inputValue(), /贵司订单已由/)
})

test('s053 what people are told inside is reworded too, and the bell says it', async () => {
  const page = await as('ops1', { path: '/automation/notices' })
  await choose(page, 'notice_text.event', '提到某人')
  await page.getByTestId('notice_text.text').fill('{by} 在 {number} 里喊你')
  await page
    .getByTestId('notice_text.preview')
    .getByText(/里喊你/)
    .waitFor()
  await page.getByTestId('notice_text.save').click()
  await page.locator('[data-testid="notice_text.state"][data-own="true"]').waitFor()
  const sales = await as('sales1')
  const { draft } = await goods(sales)
  const { body: placed } = await api(sales, 'POST', '/orders', { ...draft, customer_po: nextPo() })
  const said = await api(sales, 'POST', `/orders/${placed.id}/comments`, { text: '@ops1 请看' })
  assert.ok(said.status < 300, JSON.stringify(said.body))
  await page.getByTestId('header.bell').click()
  await page.getByTestId('notices.list').getByText(`在 ${placed.number} 里喊你`).waitFor()
})

test('the texts are read on a phone, in English', async () => {
  const page = await as('ops1', { viewport: phone, lang: 'en' })
  await go(page, '/automation/notices')
  await page.getByTestId('notice_text.preview').waitFor()
  assert.deepEqual(await axe(page), [])
})
