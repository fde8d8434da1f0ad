import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, overflow, phone, settled } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

const kept = async (page, name) => (await api(page, 'GET', `/views/${name}`)).body.items
/** Where a page is, its parameters in the order of their names. */
const addressOf = page => {
  const { pathname, searchParams } = new URL(page.url())
  searchParams.sort()
  return `${pathname}?${searchParams}`
}
/** Names the filter that is shown. */
async function save(page, name) {
  await page.getByTestId('views.save').click()
  await page.getByTestId('view.name').fill(name)
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('view.send').waitFor({ state: 'detached' })
  const chip = page.getByTestId(`views.view:${name}`)
  await chip.waitFor()
  await page.waitForFunction(id => document.activeElement?.dataset.testid === id, `views.view:${name}`)
  assert.equal(await chip.getAttribute('aria-pressed'), 'true')
  await page.getByTestId('views.save').waitFor({ state: 'detached' })
}
/** Opens the menu of a view by keyboard and presses Enter on one of its entries. */
async function act(page, name, nth) {
  await page.getByTestId(`views.menu:${name}`).focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.role === 'menuitem')
  for (let n = 0; n < nth; n++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

test('a view of orders is saved, outlives a reload, and is opened, renamed, changed and deleted by keyboard', async () => {
  const sales = await as('sales1', { path: '/orders' })
  await sales.getByTestId('views.own').waitFor({ state: 'attached' })
  assert.equal(await sales.getByTestId('views.save').count(), 0, 'what is shown anyway needs no name')
  await sales.getByTestId('orders.view:stuck').click()
  await settled(sales)
  assert.equal(await sales.getByTestId('views.save').count(), 0, 'nor does a tab')
  await choose(sales, 'orders.filter:channel', '邮件')
  await save(sales, '邮件卡单')
  assert.deepEqual(await axe(sales), [])
  assert.deepEqual(await kept(sales, 'orders'), [
    { name: '邮件卡单', filter: { view: 'stuck', channel: 'mail' } },
  ])

  await go(sales, '/orders')
  const chip = sales.getByTestId('views.view:邮件卡单')
  assert.equal(await chip.getAttribute('aria-pressed'), 'false')
  // The tabs are one stop, and the views come after them.
  await sales.getByTestId('orders.view:all').focus()
  await sales.keyboard.press('Tab')
  await sales.keyboard.press('Enter')
  await sales.waitForURL(/channel=mail/)
  assert.equal(addressOf(sales), '/orders?channel=mail&view=stuck')
  assert.equal(await chip.getAttribute('aria-pressed'), 'true')

  await sales.getByTestId('views.menu:邮件卡单').focus()
  await sales.keyboard.press('Enter')
  await sales.waitForFunction(() => document.activeElement?.role === 'menuitem')
  await sales.keyboard.press('Escape')
  await sales.waitForFunction(() => document.activeElement?.dataset.testid === 'views.menu:邮件卡单')
  await act(sales, '邮件卡单', 0)
  await sales.getByTestId('view.name').fill('邮件来的')
  assert.deepEqual(await axe(sales), [])
  await sales.getByTestId('view.send').click()
  await sales.getByTestId('views.view:邮件来的').waitFor()
  assert.equal(await chip.count(), 0)

  // A name that is there already is refused at the field, and the view takes another filter.
  await choose(sales, 'orders.filter:status', '审核中')
  await sales.getByTestId('views.save').click()
  await sales.getByTestId('view.name').fill('邮件来的')
  await sales.getByTestId('view.send').click()
  await sales.getByTestId('view.name.fault').getByText('邮件来的').waitFor()
  await sales.getByTestId('view.close').click()
  await act(sales, '邮件来的', 1)
  await sales.getByText('视图「邮件来的」已改为当前筛选').waitFor()
  assert.deepEqual(await kept(sales, 'orders'), [
    { name: '邮件来的', filter: { view: 'stuck', channel: 'mail', status: 'in_review' } },
  ])

  // Nobody else has it.
  const other = await as('smgr1', { path: '/orders' })
  await other.getByTestId('views.own').waitFor({ state: 'attached' })
  assert.equal(await other.locator('[data-testid^="views.view:"]').count(), 0)

  await sales.getByTestId('views.menu:邮件来的').click()
  await sales.getByTestId('views.delete').click()
  assert.deepEqual(await axe(sales), [])
  await sales.getByTestId('view.delete.send').click()
  await sales.getByTestId('views.view:邮件来的').waitFor({ state: 'detached' })
  assert.deepEqual(await kept(sales, 'orders'), [])
  await sales.getByTestId('views.save').waitFor()
})

test('a view that holds what the page does not know opens without it', async () => {
  const sales = await as('sales1', { path: '/orders' })
  const tag = await sales.evaluate(async () => (await fetch('/api/v1/views/orders')).headers.get('etag'))
  const items = [{ name: '旧的', filter: { view: 'gone', status: 'lost', colour: 'red', channel: 'mail' } }]
  const status = await sales.evaluate(
    async ([match, body]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const headers = { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': match }
      return (await fetch('/api/v1/views/orders', { method: 'PUT', headers, body })).status
    },
    [tag, JSON.stringify({ items })],
  )
  assert.equal(status, 200)
  await go(sales, '/orders')
  await sales.getByTestId('views.view:旧的').click()
  await sales.waitForURL(/channel=mail/)
  await settled(sales)
  assert.equal(addressOf(sales), '/orders?channel=mail')
  assert.equal(await sales.getByTestId('views.view:旧的').getAttribute('aria-pressed'), 'true')
  assert.equal(await sales.locator('.failed').count(), 0)
})

test('dashboards and tasks keep views too, in both languages and on a phone', async () => {
  const boss = await as('ops1', { path: '/reports?view=speed' })
  await boss.getByTestId('views.own').waitFor({ state: 'attached' })
  await boss.getByTestId('report.period').getByText('90').click()
  await save(boss, '季度速度')
  assert.deepEqual(await axe(boss), [])
  await go(boss, '/reports')
  await boss.getByTestId('views.view:季度速度').click()
  await boss.waitForURL(/view=speed/)
  assert.equal(addressOf(boss), '/reports?days=90&view=speed')
  await boss.getByTestId('report.speed').waitFor()

  await go(boss, '/tasks?queue=pool&due=overdue')
  assert.equal(await boss.getByTestId('views.view:季度速度').count(), 0, 'a page has its own')
  await save(boss, '逾期待认领')
  assert.deepEqual(await axe(boss), [])
  await go(boss, '/tasks')
  await boss.getByTestId('views.view:逾期待认领').click()
  await boss.waitForURL(/due=overdue/)
  assert.equal(addressOf(boss), '/tasks?due=overdue&queue=pool')

  const small = await as('ops1', { path: '/tasks', viewport: phone, lang: 'en' })
  const chip = small.getByTestId('views.view:逾期待认领')
  await chip.click()
  await small.waitForURL(/due=overdue/)
  assert.ok((await overflow(small)) <= 0)
  assert.deepEqual(await axe(small), [])
})
