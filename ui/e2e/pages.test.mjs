import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, desktop, openAs, startBrowser, startDemo } from './harness.mjs'

let demo
let browser
before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('dialogs, drawers and the decision panel are sound too', async () => {
  const { page, context, complaints } = await openAs(browser, demo, 'fin1', { path: '/tasks' })
  const faults = []
  const scan = async name => {
    await page.waitForTimeout(300)
    for (const violation of await axe(page)) faults.push(`${name}: ${violation}`)
  }
  await page.getByTestId('task.approve').waitFor()
  await page.keyboard.press('r')
  await page.getByTestId('task.panel').waitFor()
  await scan('decision panel')
  await page.keyboard.press('Escape')
  await page.getByTestId('header.bell').click()
  const notices = page.getByTestId('notices.list').or(page.getByTestId('notices.empty'))
  await notices.waitFor()
  await scan('notices')
  await page.keyboard.press('Escape')
  await notices.waitFor({ state: 'hidden' })
  await page.keyboard.press('?')
  await page.getByTestId('help.dialog').waitFor()
  await scan('help')
  await context.close()
  const sales = await openAs(browser, demo, 'sales1', { path: '/orders/new' })
  await sales.page.getByTestId('entry.cell:product:0').click()
  await sales.page.keyboard.type('1')
  await sales.page.locator('.typeahead-list').waitFor()
  for (const violation of await axe(sales.page)) faults.push(`line editor: ${violation}`)
  await sales.page.keyboard.press('Escape')
  await sales.page.getByTestId('header.bell').click()
  await sales.page.getByTestId('notices.list').waitFor()
  for (const violation of await axe(sales.page)) faults.push(`notices of sales: ${violation}`)
  await sales.context.close()
  assert.deepEqual(faults, [])
  assert.deepEqual([...complaints, ...sales.complaints], [])
})

test('the language switch changes the page at once and is kept', async () => {
  const { page, context } = await openAs(browser, demo, 'sales1')
  await page.getByTestId('header.lang').click()
  await page.getByTestId('nav.entry:tasks').filter({ hasText: 'My tasks' }).waitFor()
  await page.reload()
  await page.getByTestId('nav.entry:tasks').filter({ hasText: 'My tasks' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  await page.getByTestId('header.lang').click()
  await page.getByTestId('nav.entry:tasks').filter({ hasText: '我的待办' }).waitFor()
  await context.close()
})

test('a wrong password shows the words of the server; after signing in the address is kept', async () => {
  const context = await browser.newContext({ viewport: desktop })
  const page = await context.newPage()
  await page.goto(`${demo.url}/orders?view=incomplete`)
  await page.getByTestId('session.login').fill('sales1')
  await page.getByTestId('session.password').fill('not-this-one')
  await page.getByTestId('session.submit').click()
  const refusal = page.getByTestId('session.refusal')
  await refusal.waitFor()
  assert.match(await refusal.innerText(), /密码/)
  const { password } = demo.report.logins.find(each => each.login === 'sales1')
  await page.getByTestId('session.password').fill(password)
  await page.getByTestId('session.submit').click()
  await page.getByTestId('orders.page').waitFor()
  assert.match(page.url(), /view=incomplete/)
  await context.close()
})

test('single keys stay silent in fields and while an input method composes', async () => {
  const { page, context } = await openAs(browser, demo, 'sales1', { path: '/orders' })
  await page.getByTestId('orders.q').focus()
  await page.keyboard.type('cgt')
  assert.match(page.url(), /\/orders/)
  assert.equal(await page.getByTestId('orders.q').inputValue(), 'cgt')
  await page.evaluate(() => {
    document.activeElement.blur()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', isComposing: true, bubbles: true }))
  })
  assert.doesNotMatch(page.url(), /new/)
  await page.keyboard.press('c')
  await page.getByTestId('entry.page').waitFor()
  await context.close()
})
