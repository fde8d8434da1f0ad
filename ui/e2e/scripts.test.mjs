/** The usability scripts: what a person does by what they see, with limits on clicks and keys. Seconds are reported. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { api, phone, until } from './harness.mjs'
import { goods, nextPo, sampleOrder } from './orders.mjs'
import { choose, company } from './people.mjs'
import { meter, reflow, stepOf } from './usability.mjs'

const { as, go, found } = company()

/** Finance looks at every order, also where nothing is wrong with it, but nobody at one of their own. */
const nobodyPassesFinance = async () =>
  reflow(await as('ops1'), '财务逐单审核', doc => {
    const { kind } = stepOf(doc, 'finance_review')
    kind.auto_when_clear = false
    kind.exclude = ['initiator']
  })

/** Somebody in the practice company: a small one, whose lists hold nothing but the samples. */
async function practising(login, role, options) {
  const page = await as(login, options)
  // Asked beside the page, which may find itself in the other company and load anew at any moment.
  const at = path => `${new URL(page.url()).origin}/api/v1${path}`
  const { csrf } = await (await page.request.get(at('/me'))).json()
  const headers = { 'X-Ordain-CSRF': csrf }
  assert.equal((await page.request.post(at('/practice'), { data: { role }, headers })).status(), 200)
  await page
    .getByTestId('header.practice')
    .waitFor({ timeout: 2000 })
    .catch(() => page.reload())
  await page.getByTestId('header.practice').waitFor()
  return page
}

/** Clean orders of the sample customer, which wait for finance. */
async function waitingOrders(count) {
  await nobodyPassesFinance()
  const sales = await practising('sales1', 'sales')
  const made = []
  for (let n = 0; n < count; n += 1) made.push(await sampleOrder(sales))
  return { sales, made, ids: made.map(order => taskOf(order).id) }
}

const taskOf = (order, step = 'finance_review') =>
  order.tasks.find(each => each.node_id === step && each.state === 'open')

/** Approved beside the page, with a reason for what is warned of. */
async function approved(page, task) {
  const warned = task.findings.filter(each => each.acceptable && each.state === 'open')
  const { status, body } = await api(page, 'POST', `/tasks/${task.id}/decide`, {
    decision: 'approve',
    accept: warned.map(each => ({ finding_id: each.id, reason: '已核对' })),
  })
  assert.equal(status, 200, JSON.stringify(body))
}

const decidedOf = async (page, ids) => {
  let decided = 0
  for (const id of ids)
    decided += (await api(page, 'GET', `/tasks/${id}`)).body.decision === 'approve' ? 1 : 0
  return decided
}

test('t04 ten tasks are approved by the keyboard alone', async t => {
  const { ids } = await waitingOrders(10)
  const page = await practising('fin1', 'finance')
  await go(page, '/tasks')
  await page.getByTestId('task.approve').waitFor()
  const current = () => page.locator('[data-task][aria-current]').getAttribute('data-task')
  const used = await meter(t, page)
  const decided = []
  let keys = 0
  // The samples with something wrong stand in between: the cursor steps over them.
  for (let guard = 0; decided.length < 10 && guard < 60; guard += 1) {
    const at = await current()
    if (!ids.includes(at)) {
      await page.keyboard.press('j')
      keys += 1
      continue
    }
    await page.keyboard.press('a')
    await page.getByTestId('task.panel').waitFor()
    await page.keyboard.press('Enter')
    keys += 2
    await page.waitForFunction(
      id => document.querySelector('[data-task][aria-current]')?.getAttribute('data-task') !== id,
      at,
    )
    decided.push(at)
  }
  await used({ clicks: 0 })
  assert.ok(keys <= 25 + 8, `${keys} keys, the steps over up to eight samples among them`)
  assert.equal(await decidedOf(page, ids), 10)
})

test('t04m three tasks are approved on a phone with at most nine taps', async t => {
  const { ids } = await waitingOrders(3)
  const page = await practising('fin1', 'finance', { viewport: phone })
  await go(page, '/tasks')
  const used = await meter(t, page)
  for (const id of ids) {
    await page.locator(`[data-task="${id}"]`).first().click()
    await page.getByTestId('task.approve').click()
    await page.getByTestId('task.confirm').click()
    await page.locator(`[data-task="${id}"]:not(.gone)`).waitFor({ state: 'detached' })
    const back = page.getByTestId('tasks.sheet_close')
    if (await back.isVisible()) await page.keyboard.press('Escape')
  }
  await used({ clicks: 9 })
  assert.equal(await decidedOf(page, ids), 3)
})

test('t05 everything ticked is decided together, and what cannot be says why', async t => {
  const { ids } = await waitingOrders(4)
  const page = await practising('fin1', 'finance')
  await go(page, '/tasks')
  await page.locator('[data-testid^="tasks.tick:"]').first().waitFor()
  const used = await meter(t, page)
  await page.locator('[data-testid^="tasks.tick:"]').first().check()
  await page.getByTestId('tasks.batch.all').click()
  await page.getByTestId('tasks.batch.approve').click()
  const list = page.getByTestId('tasks.batch.list')
  await list.waitFor()
  const excluded = await page.getByTestId('tasks.batch.excluded').locator('li').allInnerTexts()
  for (const words of excluded) assert.match(words, /^PX-\S+\s+\S+/, 'a reason is named')
  await page.getByTestId('tasks.batch.send').click()
  await page.locator('[data-testid^="tasks.batch.row:"][data-decided]').first().waitFor()
  // The samples with something wrong stay, each with its reason.
  for (const row of await page.locator('[data-testid^="tasks.batch.row:"][data-decided="false"]').all())
    assert.match(await row.innerText(), /^PX-\S+ \S+\s+\S+/)
  await used({ clicks: 4 })
  assert.equal(await decidedOf(page, ids), 4)
})

test('t06 the boss finds an order, who has it and until when, without another page', async t => {
  const {
    made: [order],
  } = await waitingOrders(1)
  const page = await practising('boss', 'management')
  await page.getByTestId('header.search').waitFor()
  // What people remember of a number is its end.
  const tail = order.number.slice(-6)
  const used = await meter(t, page)
  await page.keyboard.press('Control+k')
  await page.keyboard.type(tail)
  await page.getByTestId(`header.search.option:${order.number}`).waitFor()
  await page.keyboard.press('Enter')
  const sentence = page.getByTestId('order.sentence')
  await sentence.waitFor()
  await used({ clicks: 1, keys: 16 })
  const { body } = await api(page, 'GET', `/orders/${order.id}`)
  const said = await sentence.innerText()
  const task = body.tasks.find(each => each.state === 'open')
  assert.match(said, /财务审核/)
  assert.ok(task.due_at)
})

test('t07 a decision elsewhere shows within two seconds, and nothing moves under the reader', async t => {
  const {
    sales,
    made: [order],
  } = await waitingOrders(1)
  await go(sales, `/orders/${order.id}?tab=timeline`)
  await sales.evaluate(() => {
    globalThis.scrollTo(0, 40)
    getSelection().selectAllChildren(document.querySelector('[data-testid="order.number"]'))
  })
  const before = await sales.evaluate(() => [scrollY, String(getSelection())])
  const finance = await practising('fin1', 'finance')
  const since = Date.now()
  // What the samples owe by then may be more than their customer's limit.
  await approved(finance, taskOf(order))
  await sales.locator('[data-testid="order.page"][data-status="confirmed"]').waitFor({ timeout: 5_000 })
  const ms = Date.now() - since
  t.diagnostic(`${ms} ms from the decision to the other screen`)
  assert.ok(ms <= 2_000, `${ms} ms`)
  assert.deepEqual(await sales.evaluate(() => [scrollY, String(getSelection())]), before)
})

test('t07 who was cut off for ten seconds sees so, and then what was missed, without loading the page anew', async t => {
  const {
    sales,
    made: [order],
  } = await waitingOrders(1)
  await go(sales, `/orders/${order.id}?tab=timeline`)
  const dot = state => sales.locator(`[data-testid="header.live"][data-state="${state}"]`)
  await dot('live').waitFor()
  await sales.evaluate(() => {
    globalThis.sameView = true
  })
  const finance = await practising('fin1', 'finance')
  await sales.context().setOffline(true)
  const cut = Date.now()
  await dot('offline').waitFor()
  t.diagnostic(`${Date.now() - cut} ms until it is said`)
  await approved(finance, taskOf(order))
  await sales.waitForTimeout(Math.max(0, cut + 10_000 - Date.now()))
  await sales.getByTestId('order.page').and(sales.locator('[data-status="in_review"]')).waitFor()
  await sales.context().setOffline(false)
  const back = Date.now()
  await dot('live').waitFor()
  await sales.locator('[data-testid="order.page"][data-status="confirmed"]').waitFor()
  t.diagnostic(`${Date.now() - back} ms until what was missed is there`)
  assert.ok(await sales.evaluate(() => globalThis.sameView), 'the page was not loaded anew')
})

/** Who may enter orders as well decides none of their own, whomever they stand in for. */
async function ownOrderIsRefused(page) {
  const admin = await as('admin')
  const users = { items: [{ login: 'fin2', roles: ['finance', 'sales'] }] }
  assert.equal((await api(admin, 'PUT', '/users', users)).status, 200)
  await page.reload()
  const { draft } = await goods(page)
  const { status, body } = await api(page, 'POST', '/orders', { ...draft, customer_po: nextPo() })
  assert.equal(status, 201)
  const said = await api(page, 'POST', `/tasks/${taskOf(body).id}/decide`, { decision: 'approve' })
  assert.equal(said.body.code, 'four_eyes', JSON.stringify(said.body))
}

test('t13 finance goes on leave with the open tasks, and the other one sees for whom', async t => {
  await nobodyPassesFinance()
  const page = await as('fin1')
  await go(page, '/')
  const used = await meter(t, page)
  await page.getByTestId('nav.entry:absence').click()
  await page.getByTestId('absence.delegate').click()
  await choose(page, 'absence.delegate.to', 'fin2')
  const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  await page.getByTestId('absence.delegate.ends').fill(until)
  await page.getByTestId('absence.delegate.send').click()
  await page.getByTestId('header.delegation').waitFor()
  await used({ clicks: 7 })
  const other = await as('fin2', { path: '/tasks' })
  await other.getByTestId('header.delegation').waitFor()
  const back = await api(other, 'POST', '/delegations', { to: 'fin1', ends_at: until, include_open: false })
  assert.ok(back.status >= 400, `a loop is refused: ${back.status} ${JSON.stringify(back.body)}`)
  await ownOrderIsRefused(other)
  await page.getByTestId('absence.delegation:fin2').getByRole('button').first().click()
})

/** Sales, then finance, then the warehouse, each by hand; sales may write the note and the quantities. */
const oneAfterTheOther = async () =>
  reflow(await as('ops1'), '三个环节依次审核', doc => {
    const at = doc.steps.findIndex(step => step.id === 'departments')
    const of = (id, settings) => {
      const step = stepOf(doc, id)
      Object.assign(step.kind, { auto_when_clear: false, exclude: [] }, settings)
      return step
    }
    const inARow = [
      of('sales_review', {
        owns: ['terms', 'duplicate'],
        fields: { special_requests: 'edit', 'lines.quantity': 'edit' },
      }),
      of('finance_review', { looks_at: ['totals.gross', 'payment_terms'] }),
      of('warehouse_review', { looks_at: ['requested_date'], owns: ['stock', 'date', 'special_request'] }),
    ]
    doc.steps.splice(at, 1, ...inARow)
  })

/** What a step cannot write, as it stands in the order. */
const untouched = (
  { customer, customer_po, requested_date, payment_terms, ship_to, invoice, lines },
  quantity,
) =>
  JSON.stringify([
    [customer.code, customer_po, requested_date, payment_terms, ship_to, invoice],
    lines.map(line => [line.product, line.unit, line.unit_price, quantity ? null : line.quantity]),
  ])

test('t08 a return that leads straight back asks nobody again but those who saw something else', async t => {
  await oneAfterTheOther()
  const sales = await practising('sales1', 'sales')
  const finance = await practising('fin1', 'finance')
  const warehouse = await practising('wh1', 'warehouse')
  const runs = [
    ['special_requests', '箱唛写清楚', 'warehouse_review'],
    ['lines[0].quantity', '3', 'finance_review'],
  ]
  for (const [field, value, next] of runs) {
    const { id } = await sampleOrder(sales)
    const read = async () => (await api(sales, 'GET', `/orders/${id}`)).body
    const open = async (page, step) => {
      const task = taskOf(await read(), step)
      assert.ok(task, `${step} is asked`)
      await go(page, '/tasks')
      const used = await meter(t, page)
      await page.locator(`[data-task="${task.id}"]`).first().click()
      await page.getByTestId('task.approve').waitFor()
      return used
    }
    await approved(sales, taskOf(await read(), 'sales_review'))
    await approved(finance, taskOf(await read()))
    const before = await read()
    const returning = await open(warehouse, 'warehouse_review')
    await warehouse.keyboard.press('r')
    await choose(warehouse, 'task.return_to', /销售审核/)
    await warehouse.getByTestId('task.way:direct').click()
    await warehouse.getByTestId('task.reason').fill('请写清楚')
    await warehouse.keyboard.press('Control+Enter')
    await until(sales, async () => taskOf(await read(), 'sales_review'))
    const returned = await returning()
    const mending = await open(sales, 'sales_review')
    await sales.getByTestId(`task.field:${field}`).fill(value)
    await sales.getByTestId('task.fields.save').click()
    await sales.locator('[data-testid="task.fields.save"]:disabled').waitFor()
    await sales.keyboard.press('Escape')
    await sales.keyboard.press('a')
    await sales.getByTestId('task.panel').waitFor()
    await sales.keyboard.press('Enter')
    await until(sales, async () => taskOf(await read(), next))
    const mended = await mending()
    assert.ok(returned.clicks + mended.clicks <= 6, `${returned.clicks} and ${mended.clicks} clicks`)
    const after = await read()
    const asked = after.tasks.filter(each => each.state === 'open').map(each => each.node_id)
    assert.deepEqual(asked, [next])
    const quantity = field !== 'special_requests'
    assert.equal(untouched(after, quantity), untouched(before, quantity), 'what is not theirs is as it was')
  }
})

/** The file that proves the log, as somebody checks it who has nothing else. */
async function evidence(page) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('audit.evidence').click(),
  ])
  const check = ['audit', 'verify', '--evidence', await file.path()]
  return promisify(execFile)(process.env.ORDAIN_BIN, check).then(
    ({ stdout }) => ({ ok: true, said: stdout }),
    ({ stderr }) => ({ ok: false, said: stderr }),
  )
}

test('t15 the auditor proves the log whole', async t => {
  const page = await as('audit1', { path: '/audit' })
  await page.getByTestId('audit.list').waitFor()
  const used = await meter(t, page)
  await page.getByTestId('audit.verify').click()
  const verdict = page.getByTestId('audit.report')
  await verdict.waitFor({ timeout: 60_000 })
  assert.equal(await verdict.getAttribute('data-ok'), 'true')
  const { ok, said } = await evidence(page)
  await used({ clicks: 4 })
  assert.ok(ok, said)
  await go(page, '/audit?action=take_evidence')
  await page.locator('[data-action="take_evidence"]').first().waitFor()
})

/** Changes one word in one entry of the log, as somebody with the file in their hands would. */
const tamper = folder =>
  promisify(execFile)(process.env.ORDAIN_TEST_PYTHON ?? 'python3', [
    '-c',
    `import sqlite3, sys
base = sqlite3.connect(sys.argv[1])
for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'").fetchall():
    base.execute(f'DROP TRIGGER "{trigger}"')
(seq,) = base.execute("SELECT max(seq) / 2 FROM log WHERE order_id IS NOT NULL").fetchone()
(seq,) = base.execute("SELECT min(seq) FROM log WHERE order_id IS NOT NULL AND seq >= ?", (seq,)).fetchone()
base.execute("UPDATE log SET actor = replace(actor, 'a', 'b'), reason = 'forged' WHERE seq = ?", (seq,))
base.commit()
print(seq)`,
    join(folder, 'ordain.db'),
  ])

test('t15 of a log that was tampered with the first bad entry is named', async t => {
  let altered
  found.demo = await found.demo.again(async folder => {
    altered = (await tamper(folder)).stdout.trim()
  })
  const page = await as('audit1', { path: '/audit' })
  await page.getByTestId('audit.list').waitFor()
  const used = await meter(t, page)
  await page.getByTestId('audit.verify').click()
  const verdict = page.getByTestId('audit.report')
  await verdict.waitFor({ timeout: 60_000 })
  const { ok, said } = await evidence(page)
  await used({ clicks: 4 })
  assert.ok(!ok && said.includes(altered), said)
  assert.equal(await verdict.getAttribute('data-ok'), 'false')
  assert.match(await verdict.innerText(), new RegExp(`\\b${altered}\\b`))
  await page.getByTestId('audit.damaged_order').click()
  await page.getByTestId('order.page').waitFor()
})
