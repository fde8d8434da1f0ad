import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, until } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'
import { choose, company } from './people.mjs'
import { meter } from './usability.mjs'

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
  await until(finance, async () => {
    const { items } = (await api(finance, 'GET', `/orders?q=${number}&limit=1`)).body
    const order = (await api(finance, 'GET', `/orders/${items[0].id}`)).body
    return order.tasks.some(task => task.passages.some(each => each.received_at))
  })

  const boss = await as('ops1')
  await go(boss, '/reports')
  await boss.locator('[data-testid="report.weeks"] svg').waitFor()
  await boss.keyboard.press('t')
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

test('s071 s091 boards of work and quality open exactly the rows they count, and narrow to one sort of order', async () => {
  const boss = await as('ops1')
  // The demo has just begun: what is due is due in the days to come.
  const day = n => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
  const board = `/reports/sla?from=${day(-7)}&to=${day(15)}`
  // The figures follow the log in parts: they are there when they do not grow any more.
  let seen = 0
  await until(boss, async () => {
    const before = seen
    seen = (await api(boss, 'GET', board)).body.opened
    if (seen === 0 || seen !== before) await boss.waitForTimeout(2500)
    return seen > 0 && seen === before
  })
  await go(boss, `/reports?first=${day(-7)}&last=${day(14)}`)
  await boss.getByTestId('report.cards').waitFor()
  await boss.keyboard.press('3')
  await boss.getByTestId('report.sla').waitFor()
  assert.deepEqual(await axe(boss), [])
  /** Opens a number: its list and its file have as many rows as it says. */
  const opens = async (id, list) => {
    const number = boss.getByTestId(id)
    await number.waitFor()
    const n = Number(await number.getAttribute('data-count'))
    await number.click()
    const file = boss.getByTestId(`report.${list}.file`)
    await file.waitFor()
    const text = await boss.evaluate(
      async href => (await fetch(href)).text(),
      await file.getAttribute('href'),
    )
    assert.equal(text.trim().split('\n').length - 1, n, id)
    await until(boss, async () => {
      const rows = await boss.locator(`[data-testid^="report.${list}.row:"]`).count()
      return rows === Math.min(n, 50)
    })
    await boss.keyboard.press('Escape')
    await file.waitFor({ state: 'detached' })
    return n
  }
  const { body: sla } = await api(boss, 'GET', board)
  assert.ok(sla.due > 0)
  await opens('report.sla.breached', 'tasks')
  await opens('report.sla.overdue', 'tasks')
  const step = `report.sla.steps:${sla.steps[0].flow ?? ''}:${sla.steps[0].node_id}:due`
  assert.ok((await opens(step, 'tasks')) > 0)
  // Narrowed to what no order is, nothing is counted, and the address says so.
  await go(boss, '/reports?view=sla&level=none')
  assert.equal(await boss.getByTestId('report.sla.breached').getAttribute('data-count'), '0')
  assert.ok((await boss.getByTestId('report.sla.breached').innerText()).includes('n=0'))
  assert.equal((await api(boss, 'GET', '/reports/sla?level=none')).body.due, 0)

  await go(boss, '/reports?view=quality')
  await boss.getByTestId('report.quality').waitFor()
  assert.deepEqual(await axe(boss), [])
  await opens('report.quality.returned', 'tasks')
  const { body: quality } = await api(boss, 'GET', '/reports/quality')
  for (const [name, sorts] of [
    ['exceptions', quality.exceptions],
    ['catches', quality.catches],
  ])
    if (sorts.length) await opens(`report.quality.${name}:${sorts[0].about}`, 'happenings')
  await opens('report.quality.first_pass', 'orders')

  await go(boss, '/reports?view=operations')
  await boss.getByTestId('report.operations').waitFor()
  assert.deepEqual(await axe(boss), [])
  await opens('report.operations.failed', 'happenings')
  await opens('report.operations.by_people', 'tasks')
})

test('s084 the reason of a loss is put right once, in the list behind the figure', async () => {
  const sales = await as('sales1')
  const { items } = (await api(sales, 'GET', '/orders?status=in_review&limit=1')).body
  const path = `/orders/${items[0].id}/cancel`
  assert.equal((await api(sales, 'POST', path, { reason_code: 'other', reason: '说不清' })).status, 200)
  const boss = await as('ops1')
  const lostFor = async reason => {
    const { body } = await api(boss, 'GET', `/reports/orders?set=lost&reason=${reason}`)
    return body.items.find(order => order.number === items[0].number)
  }
  await until(boss, () => lostFor('other'))
  await go(boss, '/reports?view=lost&set=lost&reason=other')
  await boss.getByTestId(`report.explain:${items[0].number}`).click()
  await boss.getByTestId('report.loss:short_or_late').click()
  assert.deepEqual(await axe(boss), [])
  await boss.getByTestId('report.loss.send').click()
  await boss.getByTestId('report.loss.send').waitFor({ state: 'detached' })
  await until(boss, async () => (await lostFor('short_or_late'))?.lost_by)
  await go(boss, '/reports?view=lost&set=lost&reason=short_or_late')
  await boss.getByTestId(`report.orders.row:${items[0].number}`).getByText('更正').waitFor()
  assert.equal(await boss.getByTestId(`report.explain:${items[0].number}`).count(), 0)
})

test('s060 who is mailed which figures is set in the browser, and what is wrong stands at its field', async () => {
  const admin = await as('ops1')
  await go(admin, '/reports')
  await admin.getByTestId('digest.open').click()
  await admin.getByTestId('digest.items.add').click()
  const field = name => `digest.items[0].${name}`
  await admin.getByTestId(field('code')).fill('weekly')
  await choose(admin, field('every'), /每周/)
  await choose(admin, field('board'), /掉单/)
  await choose(admin, field('lang'), /中文/)
  await admin.getByTestId(field('to')).fill('boss@example.com；nobody')
  await admin.getByTestId('digest.send').click()
  await admin.getByTestId('digest.refusal').waitFor()
  assert.match(await admin.getByTestId('digest.refusal').innerText(), /邮箱地址无效/)
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId(field('to')).fill('boss@example.com；cfo@example.com')
  await admin.getByTestId('digest.send').click()
  await admin.locator('[data-testid="digest.open"][data-count="1"]').waitFor()
  const { items } = (await api(admin, 'GET', '/settings/digests')).body
  assert.deepEqual(items, [
    {
      code: 'weekly',
      every: 'week',
      board: 'lost',
      to: ['boss@example.com', 'cfo@example.com'],
      lang: 'zh-CN',
    },
  ])
  // Whoever only reads sees that there is one.
  const boss = await as('boss', { path: '/reports' })
  assert.ok(await boss.getByTestId('digest.open').isDisabled())
})

/** The file that is offered beside a list, as rows. */
async function rowsOfFile(page) {
  const text = await page.evaluate(async () => {
    const { href } = document.querySelector('[data-testid="report.orders.file"]')
    return (await fetch(href)).text()
  })
  return text.trim().split('\n').slice(1)
}

test('s091 t14 the boss finds the bottleneck and proves the number', async t => {
  // Orders that were taken on paper: they came days before they could be confirmed.
  const sales = await as('sales1')
  const { draft } = await goods(sales)
  for (const days of [1, 3, 5, 7, 9]) {
    const received_at = new Date(Date.now() - days * 86_400_000).toISOString()
    const entered_later = { received_at, reason: '停电' }
    const said = await api(sales, 'POST', '/orders', { ...draft, customer_po: nextPo(), entered_later })
    assert.equal(said.status, 201)
  }
  const boss = await as('boss', { path: '/reports' })
  const asked = new URL(boss.url())
  // The figures follow the log some seconds behind it.
  await until(boss, async () => (await api(boss, 'GET', '/reports/speed')).body.parts.length > 0)
  await go(boss, '/reports')
  const used = await meter(t, boss)
  await boss.getByTestId('report.view:speed').click()
  await boss.getByTestId('report.waterfall.shown').getByText('表').click()
  const parts = boss.locator('[data-testid="report.waterfall.table"] tbody tr')
  await parts.first().waitFor()

  const { body: speed } = await api(boss, 'GET', `/reports/speed${asked.search}`)
  // Each step with its department, its speed and what lies there; the first one is the bottleneck.
  const [slowest] = speed.steps
  const steps = boss.locator('[data-testid="report.speed"] tbody tr')
  assert.equal(await steps.count(), speed.steps.length)
  if (slowest) {
    assert.match(await steps.first().innerText(), /瓶颈/)
    assert.ok(speed.backlog.some(each => each.department === slowest.department) || slowest.decided > 0)
  }
  const minutes = await parts.evaluateAll(all => all.map(each => Number(each.dataset.minutes)))
  const sum = Number(await boss.getByTestId('report.waterfall.sum').getAttribute('data-minutes'))
  assert.equal(
    minutes.reduce((a, b) => a + b, 0),
    sum,
    'the parts come to the whole time, to the minute',
  )
  assert.equal(sum, speed.cycle_minutes)
  const most = speed.parts.reduce((a, b) => (b.minutes > a.minutes ? b : a))
  assert.equal(Math.max(...minutes), most.minutes)

  const bar = boss.getByTestId(`report.waterfall:${most.part}`)
  assert.equal(await bar.getAttribute('data-count'), String(most.orders))
  await bar.click()
  await boss.locator('[data-testid^="report.orders.row:"]').first().waitFor()
  const shown = await boss.getByTestId('report.orders.list').getAttribute('data-count')
  assert.equal(Number(shown), Math.min(most.orders, 50))
  assert.equal((await rowsOfFile(boss)).length, most.orders, 'the bar, its list and its file agree')
  await used({ clicks: 4 })

  const figures = (await api(boss, 'GET', `/reports/overview${asked.search}`)).body.figures
  await go(boss, '/reports')
  await boss.getByTestId('report.card:confirmed').click()
  await boss.locator('[data-testid^="report.orders.row:"]').first().waitFor()
  const times = (await rowsOfFile(boss)).map(row => Number(row.split(',')[7])).sort((a, b) => a - b)
  assert.equal(times.length, figures.confirmed)
  assert.equal(times[Math.ceil(times.length / 2) - 1], figures.cycle_p50, 'the middle of the file is P50')

  const lost = (await api(boss, 'GET', '/reports/lost')).body
  const byReason = lost.reasons.reduce((all, row) => all + row.orders, 0)
  assert.equal(byReason, figures.lost, 'the reasons come to all that were lost')
})
