import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe } from './harness.mjs'
import { company } from './people.mjs'

const { as, go } = company()

test('s071 s075 every number on the dashboard opens exactly its orders, and lost ones say why and where', async () => {
  const sales = await as('sales1')
  const { items } = (await api(sales, 'GET', '/orders?status=in_review&limit=1')).body
  const [lost] = items
  assert.ok(lost, 'the demo has an order in review')
  const cancelled = await api(sales, 'POST', `/orders/${lost.id}/cancel`, {
    reason_code: 'lost_to_competitor',
  })
  assert.equal(cancelled.status, 200)

  const boss = await as('ops1')
  await boss.getByTestId('nav.entry:reports').click()
  const card = boss.getByTestId('report.card:lost')
  await card.waitFor()
  // The figures follow the log some seconds behind it.
  await boss.waitForFunction(
    () => Number(document.querySelector('[data-testid="report.card:lost"]')?.dataset.count) > 0,
    undefined,
    { timeout: 45_000 },
  )
  const figures = (await api(boss, 'GET', '/reports/overview')).body.figures
  for (const set of ['confirmed', 'lost', 'first_pass', 'returned'])
    assert.equal(
      await boss.getByTestId(`report.card:${set}`).getAttribute('data-count'),
      String(figures[set]),
    )
  assert.deepEqual(await axe(boss), [])

  await card.click()
  await boss.getByTestId(`report.orders.row:${lost.number}`).getByText('被竞品抢走').waitFor()
  const rows = await boss.locator('[data-testid^="report.orders.row:"]').count()
  assert.equal(rows, Math.min(figures.lost, 50))
  const file = await boss.evaluate(async () => {
    const { href } = document.querySelector('[data-testid="report.orders.file"]')
    return (await fetch(href)).text()
  })
  assert.equal(file.trim().split('\n').length, figures.lost + 1)
  await boss.keyboard.press('Escape')

  await go(boss, '/reports?view=lost')
  await boss.locator('[data-testid="report.pareto"] svg').waitFor()
  await boss.getByTestId('report.pareto.shown').getByText('表').click()
  await boss.getByTestId('report.reasons').getByText('被竞品抢走').waitFor()
  await boss.getByTestId('report.stops').waitFor()
  await go(boss, '/reports?view=speed')
  await boss.getByTestId('report.speed').getByText('瓶颈').waitFor()
})

test('s039 who may not see figures has no such page', async () => {
  const keeper = await as('wh1')
  await keeper.getByTestId('nav.entry:stock').waitFor()
  assert.equal(await keeper.getByTestId('nav.entry:reports').count(), 0)
  assert.equal((await api(keeper, 'GET', '/reports/overview')).status, 403)
})

test('s076 s090 a hand-over is received by opening it, charts open what they count, and a month is reviewed', async () => {
  const finance = await as('fin1')
  await go(finance, '/tasks?queue=pool')
  const row = finance.locator('[data-testid^="tasks.row:"]').first()
  await row.click()
  await finance.getByTestId('tasks.preview').waitFor()
  const number = await finance.getByTestId('tasks.open').innerText()
  // Whoever opens a task has received it, and the order says so.
  await finance.waitForFunction(
    async number => {
      const page = await (await fetch(`/api/v1/orders?q=${number}&limit=1`)).json()
      const order = await (await fetch(`/api/v1/orders/${page.items[0].id}`)).json()
      return order.tasks.some(task => task.passages.some(each => each.received_at))
    },
    number,
    { timeout: 20_000 },
  )

  const boss = await as('ops1')
  await go(boss, '/reports')
  await boss.locator('[data-testid="report.weeks"] svg').waitFor()
  await boss.getByTestId('report.weeks.shown').getByText('表').click()
  const cells = boss.locator('[data-testid^="report.weeks:"][data-testid$=":received"]')
  await cells.first().waitFor()
  const counts = await cells.evaluateAll(all => all.map(each => Number(each.dataset.count)))
  const figures = (await api(boss, 'GET', '/reports/overview')).body.figures
  assert.equal(
    counts.reduce((a, b) => a + b, 0),
    figures.received,
    'the weeks add up to the period',
  )
  await cells.last().click()
  await boss.locator('[data-testid^="report.orders.row:"]').first().waitFor()
  const file = await boss.evaluate(async () => {
    const { href } = document.querySelector('[data-testid="report.orders.file"]')
    return (await fetch(href)).text()
  })
  assert.equal(file.trim().split('\n').length - 1, counts.at(-1), 'the chart, its list and its file agree')
  await boss.keyboard.press('Escape')
  assert.deepEqual(await axe(boss), [])

  await go(boss, '/reports?view=handed')
  const waiting = boss.locator('[data-testid^="report.handed:"][data-testid$=":waiting"]').first()
  await waiting.waitFor()
  const count = Number(await waiting.getAttribute('data-count'))
  await waiting.click()
  await boss.getByTestId('report.handed.file').waitFor()
  const list = await boss.evaluate(async () => {
    const { href } = document.querySelector('[data-testid="report.handed.file"]')
    return (await fetch(href)).text()
  })
  assert.equal(list.trim().split('\n').length - 1, count)
})
