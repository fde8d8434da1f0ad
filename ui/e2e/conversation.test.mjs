import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe } from './harness.mjs'
import { company } from './people.mjs'

const { as, go } = company()

test('s070 a colleague is chosen after @, is told at once, and finds it among what mentions them; files lie in the talk', async () => {
  const finance = await as('fin1')
  const told = async () => (await api(finance, 'GET', '/notices?kind=mentioned')).body.items.length
  assert.equal(await told(), 0)
  const page = await as('sales1')
  const order = (await api(page, 'GET', '/orders?status=in_review&limit=1')).body.items[0]
  await go(page, `/orders/${order.id}?tab=comments`)
  const box = page
    .getByTestId('order.comment_text')
    .locator('textarea')
    .or(page.locator('textarea[data-testid="order.comment_text"]'))
  await box.first().click()
  await page.keyboard.type('@fin1', { delay: 40 })
  const options = page.locator('.ant-mentions-dropdown-menu-item')
  await options.first().waitFor()
  assert.match(await options.first().innerText(), /fin1/)
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Enter')
  await page.keyboard.type('账期 60 天可以吗')
  assert.match(await box.first().inputValue(), /^@\S+ 账期 60 天可以吗$/)
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('order.comments').getByText('账期 60 天可以吗').waitFor()
  await page
    .getByTestId('order.comment.file')
    .setInputFiles({ name: '合同.txt', mimeType: 'text/plain', buffer: Buffer.from('附件一') })
  await page.getByTestId('order.comments').getByRole('link', { name: '合同.txt' }).waitFor()
  assert.equal(await told(), 1)

  await finance.getByTestId('header.bell').click()
  await finance.getByTestId('notices.show:mentioned').click()
  const list = finance.getByTestId('notices.list')
  await finance.waitForFunction(
    () => document.querySelector('[data-testid="notices.list"]')?.dataset.count === '1',
  )
  assert.match(await list.innerText(), new RegExp(`李娜.*${order.number}`))
  await list.locator('a').first().click()
  await finance.getByTestId('order.page').waitFor()
})
