import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, phone } from './harness.mjs'
import { company } from './people.mjs'

/** What is on the screen is so: nothing is offered that must fail, called checked that was not, or promised that is not. */
const { as, go } = company()

const checked = page => page.locator('[data-testid="entry.readiness"][aria-busy="false"]').waitFor()
const severity = (page, chip) => page.getByTestId(`entry.chip:${chip}`).getAttribute('data-severity')

/** Types into a cell of the order form. */
async function cell(page, id, text) {
  await page.getByTestId(`entry.cell:${id}`).click()
  await page.getByTestId(`entry.cell:${id}`).fill(text)
}

test('a task whose goods are missing is not approved, alone or in a batch, and says what helps', async () => {
  const page = await as('wh1', { path: '/tasks' })
  await page.getByTestId('task.stop').waitFor()
  assert.ok(await page.getByTestId('task.approve').isDisabled())
  assert.ok(await page.getByTestId('task.return').isEnabled())
  assert.equal(await page.getByTestId('task.next').count(), 0, 'nothing is promised')
  await page.locator('[data-testid^="tasks.tick:"]').first().check()
  await page.getByTestId('tasks.batch.approve').click()
  assert.equal(await page.getByTestId('tasks.batch.excluded').getAttribute('data-count'), '1')
  assert.ok(await page.getByTestId('tasks.batch.send').isDisabled())
  await page.keyboard.press('Escape')
  await page.getByTestId('task.stop.ask').click()
  await page.getByTestId('task.stop.ask.text').fill('57 件何时能到？')
  await page.getByTestId('task.stop.ask.send').click()
  await page.getByTestId('task.stop.ask.text').waitFor({ state: 'detached' })
})

test('the groups of the tasks count all there are, and the badge says the same', async () => {
  const page = await as('fin1', { path: '/tasks' })
  const sizes = page.locator('[data-testid^="tasks.group:"] .num')
  await sizes.first().waitFor()
  await page.getByTestId('tasks.more').waitFor()
  await page.waitForFunction(
    () => !/\+/.test(document.querySelector('[data-testid^="tasks.group:"]').innerText),
  )
  const badge = Number(await page.getByTestId('nav.count:tasks').innerText())
  const [first, ...others] = (await sizes.allInnerTexts()).map(Number)
  assert.ok(first > 0 && first <= badge)
  if (others.length === 0) assert.equal(first, badge)
})

test('text that is no number or date is called so, kept, and not saved', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  await page.getByTestId('entry.field:requested_date').fill('2026-02-30')
  await cell(page, 'product:0', 'N-21')
  await cell(page, 'quantity:0', '-5abc')
  await page.getByTestId('entry.add_line').click()
  await checked(page)
  for (const path of ['requested_date', 'lines[0].quantity'])
    assert.equal(await page.getByTestId(`entry.problem:${path}`).getAttribute('data-code'), 'unreadable')
  await page.getByTestId('entry.save').click()
  assert.match(page.url(), /\/orders\/new$/)
  assert.equal(await page.getByTestId('entry.field:requested_date').inputValue(), '2026-02-30')
  assert.equal((await page.getByTestId('entry.cell:quantity:0').innerText()).trim(), '-5abc')
})

test('days from today are read as working days in the head of the form too', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const date = page.getByTestId('entry.field:requested_date')
  await date.fill('+3')
  await checked(page)
  await date.press('Tab')
  const day = new Date(`${await date.inputValue()}T00:00:00Z`)
  assert.ok(day.getTime() > Date.now() + 86_400_000)
  assert.equal(await page.getByTestId('entry.problem:requested_date').count(), 0)
})

test('no check of an empty form counts as passed', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  await checked(page)
  for (const chip of ['price', 'terms', 'stock', 'credit', 'duplicate'])
    assert.equal(await severity(page, chip), 'unknown')
  assert.equal(await severity(page, 'required'), 'blocker')
})

test('the lines of an order are filled on a phone without moving sideways', async () => {
  const page = await as('sales1', { path: '/orders/new', viewport: phone })
  for (const field of ['product', 'unit', 'quantity', 'unit_price', 'requested_date']) {
    const box = await page.getByTestId(`entry.cell:${field}:0`).boundingBox()
    assert.ok(box.x >= 0 && box.x + box.width <= phone.width, field)
  }
  const [bell, language] = await Promise.all(
    ['bell', 'lang'].map(each => page.getByTestId(`header.${each}`).boundingBox()),
  )
  assert.ok(bell.x + bell.width <= language.x + 1)
})

test('a date that is only wanted is not called promised', async () => {
  const page = await as('sales1', { path: '/orders?view=incomplete' })
  await page.getByTestId('orders.list').waitFor()
  const { items } = (await api(page, 'GET', '/orders?view=incomplete&limit=20')).body
  const wanted = items.find(row => row.requested_date && !row.promise_date)
  const cell = page.getByTestId(`orders.row:${wanted.number}`).locator('.cell-promise')
  assert.equal(await cell.innerText(), `希望 ${wanted.requested_date}`)
})

test('codes of the server are said in words', async () => {
  for (const [lang, skipped] of [
    ['zh', /^不需要：不属于「.+」。依据：/],
    ['en', /^Not needed: ".+" does not apply\. Basis: /],
  ]) {
    const page = await as('sales1', { lang })
    const [confirmed] = (await api(page, 'GET', '/orders?status=confirmed&limit=1')).body.items
    await go(page, `/orders/${confirmed.id}?tab=flow`)
    const step = page.locator('[data-testid^="order.step:"][data-state="skipped"]').first()
    assert.match(await step.locator('p').last().innerText(), skipped)
    const [review] = (await api(page, 'GET', '/orders?status=in_review&limit=1')).body.items
    for (const tab of ['findings', 'timeline', 'overview']) {
      await go(page, `/orders/${review.id}?tab=${tab}`)
      const said = await page.locator('#main').innerText()
      assert.doesNotMatch(said, /stock_short|price_differs|recheck|deliver_outbox|\bcli\b/, `${lang} ${tab}`)
    }
  }
})

test('a page that is not there or not allowed says so and offers nothing else', async () => {
  const finance = await as('fin1', { path: '/orders/new' })
  await finance.locator('[data-testid="entry.error"][data-status="403"]').waitFor()
  assert.equal(await finance.getByTestId('entry.save').count(), 0)
  await go(finance, '/orders/01920000-0000-7000-8000-000000000000')
  await finance.locator('[data-testid="order.error"][data-status="404"]').waitFor()
  const admin = await as('admin')
  await admin.getByTestId('workbench.tasks').waitFor()
  assert.equal(await admin.getByTestId('workbench.recent').count(), 0)
  assert.equal(await admin.getByTestId('workbench.count:in_review').count(), 0)
  await go(admin, '/orders')
  await admin.locator('[data-testid="orders.error"][data-status="403"]').waitFor()
})

test('what a colleague decided cannot be decided once more', async () => {
  const first = await as('fin1', { path: '/tasks' })
  const second = await as('fin2', { path: '/tasks' })
  await second.locator('[data-testid="header.live"][data-state="live"]').waitFor()
  await second.getByTestId('task.return').waitFor()
  await first.getByTestId('task.return').click()
  await first.getByTestId('task.reason').fill('开票资料不清楚')
  await first.getByTestId('task.confirm').click()
  await second.getByTestId('tasks.preview.gone').getByText('王芳').waitFor()
  assert.equal(await second.getByTestId('task.return').count(), 0)
})
