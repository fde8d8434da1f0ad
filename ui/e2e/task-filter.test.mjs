import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, overflow, phone, settled, until } from './harness.mjs'
import { cheapOrder } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

const list = page => page.getByTestId('tasks.list')
const rows = async page => Number(await list(page).getAttribute('data-count'))
/** The first page of the queue as the server gives it. */
const queue = async (page, query) => (await api(page, 'GET', `/tasks?queue=mine&limit=50&${query}`)).body
const shows = (page, count) =>
  page.waitForFunction(
    n => document.querySelector('[data-testid="tasks.list"]')?.dataset.count === `${n}`,
    count,
  )
const asked = page => Object.fromEntries(new URL(page.url()).searchParams)

test('s017 a queue is asked for a step, an amount and a customer, and a view keeps what was asked', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const code = order.customer_code ?? order.customer.code
  const page = await as('fin1', { path: '/tasks' })
  await settled(page)
  const whole = (await queue(page, '')).counts.mine
  assert.deepEqual(await axe(page), [])

  await choose(page, 'tasks.filter:step', '财务审核')
  await page.waitForURL(/step=/)
  const step = asked(page).step
  assert.match(step, /standard:finance_review/)
  await shows(page, (await queue(page, `step=${step}`)).items.length)

  // By keyboard alone: an amount is asked for when it is typed, or left.
  await page.getByTestId('tasks.filter:amount_from').focus()
  await page.keyboard.type('1元')
  await page.keyboard.press('Enter')
  assert.equal(await page.getByTestId('tasks.filter:amount_from').getAttribute('aria-invalid'), 'true')
  assert.equal(asked(page).amount_from, undefined)
  await page.getByTestId('tasks.filter:amount_from').fill('０.５')
  await page.keyboard.press('Tab')
  await page.waitForURL(/amount_from=/)
  await choose(page, 'tasks.filter:customer', code)
  await page.waitForURL(/customer=/)
  const found = await queue(page, `step=${step}&amount_from=0.5&customer=${code}`)
  assert.ok(found.items.some(item => item.order_id === order.id))
  await shows(page, found.items.length)
  assert.match(await list(page).innerText(), new RegExp(order.number))
  assert.equal(found.counts.mine, whole, 'the tabs count whole queues')
  assert.match(await page.getByTestId('tasks.tab:mine').innerText(), new RegExp(`${whole}`))
  assert.deepEqual(await axe(page), [])

  await page.getByTestId('views.save').click()
  await page.getByTestId('view.name').fill('这家客户的财审')
  await page.keyboard.press('Control+Enter')
  const view = page.getByTestId('views.view:这家客户的财审')
  await view.waitFor()
  const kept = asked(page)
  await go(page, '/tasks')
  await view.click()
  await page.waitForURL(/customer=/)
  assert.deepEqual(asked(page), kept)
  await shows(page, found.items.length)
  assert.equal(await view.getAttribute('aria-pressed'), 'true')
  // What is asked for goes along to another queue.
  await page.getByTestId('tasks.tab:pool').click()
  await page.waitForURL(/queue=pool/)
  assert.equal(asked(page).customer, code)

  await page.getByTestId('tasks.clear').click()
  await page.waitForURL(url => !url.search.includes('customer'))
  assert.deepEqual(asked(page), { queue: 'pool' })
})

test('s017 what matches nothing says so, and only what matches comes in live', async () => {
  const page = await as('fin1', { path: '/tasks?amount_to=0.01' })
  await page.getByTestId('tasks.empty').getByText('没有符合筛选条件的任务').waitFor()
  assert.deepEqual(await axe(page), [])
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const before = (await queue(page, '')).counts.mine
  await until(page, async () => (await page.getByTestId('tasks.tab:mine').innerText()).includes(`${before}`))
  assert.equal(await rows(page), 0, 'it is dearer than what is asked for')
  await page.getByTestId('tasks.clear_empty').click()
  await shows(page, (await queue(page, '')).items.length)

  const code = order.customer_code ?? order.customer.code
  await go(page, `/tasks?due=overdue&customer=${code}`)
  await shows(page, (await queue(page, `due=overdue&customer=${code}`)).items.length)
  assert.equal(await list(page).getByText(order.number).count(), 0)
  await page.getByTestId('tasks.filter:due_by').fill('2199-12-31')
  await page.waitForURL(/due=2199-12-31/)
  await list(page).getByText(order.number).waitFor()
  await choose(page, 'tasks.filter:due', '已超时')
  await page.waitForURL(/due=overdue/)
  assert.equal(await page.getByTestId('tasks.filter:due_by').inputValue(), '')
  // An address may say what nobody knows.
  await go(page, '/tasks?due=later&colour=red&step=nothing')
  await page.getByTestId('tasks.clear_empty').waitFor()
})

test('s017 on a phone the filters are folded, and nothing is too wide', async () => {
  const page = await as('fin1', { path: '/tasks', viewport: phone, lang: 'en' })
  await settled(page)
  const toggle = page.getByTestId('tasks.filters')
  assert.equal(await toggle.innerText(), 'Filter')
  assert.equal(await page.getByTestId('tasks.filter:step').count(), 0)
  await toggle.click()
  await choose(page, 'tasks.filter:warehouse', /./)
  await page.waitForURL(/warehouse=/)
  await choose(page, 'tasks.filter:due', 'Due within 7 days')
  await page.waitForURL(/due=week/)
  assert.equal(await toggle.innerText(), 'Filter (2)')
  await settled(page)
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(await axe(page), [])
  await toggle.click()
  assert.equal(await toggle.getAttribute('aria-expanded'), 'false')
  await page.getByTestId('tasks.clear').click()
  await page.waitForURL(url => !url.search)

  await page.getByTestId('header.bell').click()
  const drawer = page.locator('.ant-drawer-content-wrapper, .ant-drawer-section').first()
  await page.getByTestId('notices.read_all').waitFor()
  const { x, width } = await drawer.boundingBox()
  assert.ok(x >= 0 && width <= phone.width, `${x} ${width}`)
  assert.ok((await overflow(page)) <= 0)
})
