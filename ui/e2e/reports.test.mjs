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
