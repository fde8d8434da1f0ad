import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, overflow, passwordOf, phone, settled } from './harness.mjs'
import { company } from './people.mjs'

const { as, go, found } = company()

/** Over to practice by the menu, in a role. */
async function practise(page, role) {
  await page.getByTestId('header.avatar').click()
  await page.getByTestId('header.practise').click()
  await page.getByTestId('practice.dialog').waitFor()
  if (role) {
    await page.getByTestId('practice.role').click()
    await page
      .locator('.ant-select-dropdown:visible .ant-select-item-option')
      .filter({ hasText: role })
      .first()
      .click()
  }
  await page.getByTestId('practice.start').click()
  await page.getByTestId('header.practice').waitFor()
}

test('s098 a new colleague practises a whole order, marked on every page, and nothing real has changed', async () => {
  const page = await as('sales1')
  const orders = async () => (await api(page, 'GET', '/orders?limit=1')).body.items[0]?.number
  const before = await orders()
  const draft = 'PO-TYPED-BEFORE'
  await go(page, '/orders/new')
  await page.getByTestId('entry.field:customer_po').fill(draft)
  await page.waitForTimeout(1_200)
  await practise(page, '财务')
  for (const path of ['/', '/tasks', '/orders', '/exceptions', '/stock']) {
    await go(page, path)
    assert.match(await page.getByTestId('header.practice').innerText(), /练习中/)
  }
  // Work of the chosen role waits, and is decided without asking anybody.
  await go(page, '/tasks?queue=pool')
  const row = page.locator('[data-task]').first()
  await row.waitFor()
  assert.match(await orders(), /^PX-/)
  // What was typed for the company does not turn up here.
  await page.getByTestId('practice.end').click()
  await page.getByTestId('header.practice').waitFor({ state: 'detached' })
  await page.getByTestId('header.avatar').waitFor()
  assert.equal(await orders(), before)
  await go(page, '/orders/new')
  assert.equal(await page.getByTestId('entry.field:customer_po').inputValue(), draft, 'typing is not lost')
})

test('s098 another window that was open before learns of it and writes nothing', async () => {
  const page = await as('cs1', { path: '/orders' })
  const other = await page.context().newPage()
  await other.goto(new URL('/orders/new', page.url()).href)
  await other.getByTestId('entry.page').waitFor()
  await practise(page)
  const said = await other.evaluate(async () => {
    const answer = await fetch('/api/v1/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Ordain-CSRF': 'of-before' },
      body: '{}',
    })
    return answer.status
  })
  assert.equal(said, 403)
  // The next thing it reads tells it, and it is drawn anew.
  await other.getByTestId('entry.field:customer').fill('C')
  await other.getByTestId('header.practice').waitFor()
  await page.getByTestId('practice.end').click()
  await page.getByTestId('header.practice').waitFor({ state: 'detached' })
})

test('s098 what cannot be undone asks first', async () => {
  const page = await as('sales1')
  const { body } = await api(page, 'GET', '/orders?status=in_review&limit=1')
  const [order] = body.items
  await go(page, `/orders/${order.id}`)
  const version = async () => (await api(page, 'GET', `/orders/${order.id}`)).body.version
  const before = await version()
  await page.getByTestId('order.cancel').click()
  const dialog = page.locator('.ant-modal:visible')
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(await version(), before, 'a question is no deed')
  const finance = await as('fin1', { path: '/tasks' })
  await finance.getByTestId('task.approve').waitFor()
  const waiting = async () => (await api(finance, 'GET', '/workbench')).body
  const counted = JSON.stringify((await waiting()).counts ?? null)
  await finance.keyboard.press('d')
  await finance.getByTestId('task.panel').waitFor()
  await finance.keyboard.press('Escape')
  await finance.locator('[data-testid^="tasks.tick:"]').first().check()
  await finance.getByTestId('tasks.batch.approve').click()
  await finance.locator('.ant-modal:visible').waitFor()
  await finance.keyboard.press('Escape')
  assert.equal(JSON.stringify((await waiting()).counts ?? null), counted)
  const admin = await as('ops1', { path: '/settings/leavers' })
  await admin.getByTestId('leaver.who').click()
  await admin.keyboard.type('smgr1')
  await admin.keyboard.press('Enter')
  await admin.getByTestId('leaver.dependence').waitFor()
})

test('the practice dialog and strip are sound on a phone in English', async () => {
  const page = await as('wh1', { lang: 'en', viewport: phone })
  await practise(page)
  await settled(page)
  assert.deepEqual(await axe(page), [])
  assert.ok((await overflow(page)) <= 0)
  assert.match(await page.getByTestId('header.practice').innerText(), /Practising/)
  await page.getByTestId('practice.end').click()
  await page.getByTestId('header.practice').waitFor({ state: 'detached' })
  assert.ok(passwordOf(found.demo, 'wh1'))
})
