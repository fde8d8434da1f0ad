/** The usability scripts: what a person does by what they see, with limits on clicks and keys. Seconds are reported. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, phone } from './harness.mjs'
import { nextPo } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

/** Counts what a person does on a page from now on. */
async function meter(t, page) {
  await page.evaluate(() => {
    globalThis.used = { clicks: 0, keys: 0, since: 0 }
    const count = name => () => {
      globalThis.used.since ||= performance.now()
      globalThis.used[name] += 1
    }
    addEventListener('pointerdown', count('clicks'), true)
    addEventListener('keydown', count('keys'), true)
  })
  return async (limits = {}) => {
    const used = await page.evaluate(() => ({ ...globalThis.used, now: performance.now() }))
    const seconds = (used.now - used.since) / 1_000
    t.diagnostic(`${used.clicks} clicks, ${used.keys} keys, ${seconds.toFixed(1)} s`)
    for (const [what, most] of Object.entries(limits))
      assert.ok(used[what] <= most, `${used[what]} ${what}, at most ${most}`)
  }
}

/** Finance looks at every order, also where nothing is wrong with it. */
async function nobodyPassesFinance() {
  const admin = await as('ops1')
  const { doc, revision } = (await api(admin, 'GET', '/flows/standard/draft')).body
  const finance = doc.steps
    .find(step => step.id === 'departments')
    .kind.lanes.find(lane => lane.id === 'finance').steps[0]
  if (!finance.kind.auto_when_clear) return
  finance.kind.auto_when_clear = false
  const saved = await admin.evaluate(
    async ([tag, body]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const headers = { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': `"${tag}"` }
      const put = { method: 'PUT', headers, body: JSON.stringify({ doc: body }) }
      return (await fetch('/api/v1/flows/standard/draft', put)).status
    },
    [revision, doc],
  )
  assert.equal(saved, 200)
  const { problems } = (await api(admin, 'POST', '/flows/standard/check', {})).body
  const acknowledged = problems
    .filter(problem => problem.severity === 'warning')
    .map(problem => (problem.node ? `${problem.code}@${problem.node}` : problem.code))
  const body = { note: '财务逐单审核', acknowledged }
  assert.equal((await api(admin, 'POST', '/flows/standard/publish', body)).status, 200)
}

/** Somebody in the practice company: a small one, whose lists hold nothing but the samples. */
async function practising(login, role, options) {
  const page = await as(login, options)
  assert.equal((await api(page, 'POST', '/practice', { role })).status, 200)
  await page.reload()
  await page.getByTestId('header.practice').waitFor()
  return page
}

/** Clean orders of the sample customer, which wait for finance. */
async function waitingOrders(count) {
  await nobodyPassesFinance()
  const sales = await practising('sales1', 'sales')
  const made = []
  for (let n = 0; n < count; n += 1) {
    const { status, body } = await api(sales, 'POST', '/orders', {
      customer: 'PX-C1',
      customer_po: nextPo(),
      channel: 'phone',
      currency: 'CNY',
      requested_date: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
      payment_terms: 'NET30',
      ship_to: { name: '张收货', phone: '138', address: '一号路 1 号' },
      invoice: { title: '示例', tax_no: '91330328DEM911539A', kind: 'vat_special' },
      submit: true,
      lines: [{ product: 'PX-102', quantity: '2', unit: 'pcs', unit_price: '35' }],
    })
    assert.equal(status, 201)
    assert.equal(body.status, 'in_review')
    made.push(body)
  }
  return { sales, made, ids: made.map(order => taskOf(order).id) }
}

const taskOf = order => order.tasks.find(each => each.node_id === 'finance_review' && each.state === 'open')

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
  const warned = taskOf(order).findings.filter(each => each.acceptable && each.state === 'open')
  const said = await api(finance, 'POST', `/tasks/${taskOf(order).id}/decide`, {
    decision: 'approve',
    accept: warned.map(each => ({ finding_id: each.id, reason: '已核对' })),
  })
  assert.equal(said.status, 200)
  await sales.locator('[data-testid="order.page"][data-status="confirmed"]').waitFor({ timeout: 5_000 })
  const ms = Date.now() - since
  t.diagnostic(`${ms} ms from the decision to the other screen`)
  assert.ok(ms <= 2_000, `${ms} ms`)
  assert.deepEqual(await sales.evaluate(() => [scrollY, String(getSelection())]), before)
})

test('t13 finance goes on leave with the open tasks, and the other one sees for whom', async t => {
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
  await page.getByTestId('absence.delegation:fin2').getByRole('button').first().click()
})

test('t15 the auditor proves the log whole', async t => {
  const page = await as('audit1', { path: '/audit' })
  await page.getByTestId('audit.list').waitFor()
  const used = await meter(t, page)
  await page.getByTestId('audit.verify').click()
  const verdict = page.getByTestId('audit.report')
  await verdict.waitFor({ timeout: 60_000 })
  assert.equal(await verdict.getAttribute('data-ok'), 'true')

  await used({ clicks: 4 })
})
