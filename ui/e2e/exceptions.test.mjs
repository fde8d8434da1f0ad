import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, settled } from './harness.mjs'
import { cheapOrder } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

/** Hands an order to manual handling, which leaves an exception with it. */
async function taken(admin, order) {
  const body = { act: 'take_over', reason: '客户来电' }
  assert.equal((await api(admin, 'POST', `/orders/${order.id}/intervene`, body)).status, 200)
}

test('s037 s097 an exception shows its owner, its clock and what may settle it, and is settled there', async () => {
  const admin = await as('ops1')
  const order = await cheapOrder(admin)
  await taken(admin, order)
  await go(admin, '/')
  await admin.getByTestId('nav.entry:exceptions').click()
  const counter = admin.getByTestId('exceptions.kind:taken_over')
  await counter.waitFor()
  await counter.click()
  await admin.getByTestId(`exceptions.row:${order.number}`).click()
  const detail = admin.getByTestId('exception.detail')
  assert.match(await detail.innerText(), /流程管理员/)
  assert.match(await detail.innerText(), /剩/)
  assert.equal(await admin.getByTestId('exception.evidence:reason').innerText(), '客户来电')
  await admin.getByTestId('exception.act:put_back').click()
  await admin.getByTestId('order.intervene.reason').fill('已处理')
  await admin.getByTestId('order.intervene.send').click()
  await admin.getByTestId('order.intervene.reason').waitFor({ state: 'detached' })
  const now = (await api(admin, 'GET', `/orders/${order.id}`)).body
  assert.deepEqual(now.flags, [])
  assert.equal(now.exceptions[0].state, 'closed')
})

test('s092 an exception is taken by one person and closed with a reason', async () => {
  const admin = await as('ops1')
  const order = await cheapOrder(admin)
  await taken(admin, order)
  const other = await as('ops2', { path: '/exceptions' })
  await other.getByTestId(`exceptions.row:${order.number}`).click()
  await other.getByTestId('exception.take').click()
  await other.locator('[data-testid="exception.take"]:disabled').waitFor()
  await other.getByTestId('exception.close').click()
  await other.getByTestId('exception.closing.text').fill('客户已确认')
  await other.getByTestId('exception.closing.send').click()
  await other.getByTestId('exceptions.state:closed').click()
  await other.getByTestId(`exceptions.row:${order.number}`).click()
  await other.getByTestId('exception.detail').getByText('客户已确认').waitFor()
})

test('s088 a problem is reported, and whoever handles its type has it with a time to answer', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  await go(sales, `/orders/${order.id}`)
  await sales.getByTestId('order.report_issue').click()
  assert.ok(await sales.getByTestId('order.issue.send').isDisabled(), 'not without a type and a text')
  await choose(sales, 'order.issue.type', /./)
  await sales.getByTestId('order.issue.text').fill('客户反映型号写错')
  await sales.getByTestId('order.issue.send').click()
  await sales.getByTestId('order.issue.text').waitFor({ state: 'detached' })
  const now = (await api(sales, 'GET', `/orders/${order.id}`)).body
  const raised = now.exceptions.find(each => each.kind === 'issue_reported')
  assert.ok(raised.due_at && raised.owner.key)
  const admin = await as('ops1', { path: '/exceptions' })
  await admin.getByTestId(`exceptions.row:${order.number}`).click()
  await admin.getByTestId('exception.detail').getByText('客户反映型号写错').waitFor()
})

test('s062 work is delegated for a while, and both see it on every page', async () => {
  const finance = await as('fin1', { path: '/settings/absence' })
  await finance.getByTestId('absence.delegate').click()
  assert.ok(
    await finance.getByTestId('absence.delegate.send').isDisabled(),
    'not without a person and an end',
  )
  await choose(finance, 'absence.delegate.to', 'fin2')
  const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  await finance.getByTestId('absence.delegate.ends').fill(until)
  await finance.getByTestId('absence.delegate.send').click()
  await finance.locator('[data-testid="absence.delegation:fin2"][data-state="running"]').waitFor()
  await finance.getByTestId('header.delegation').waitFor()
  const colleague = await as('fin2', { path: '/orders' })
  assert.match(await colleague.getByTestId('header.delegation').innerText(), /王芳/)
  const row = finance.getByTestId('absence.delegation:fin2')
  await row.getByRole('button').click()
  await finance
    .locator('[data-testid="absence.delegation:fin2"][data-state="running"]')
    .waitFor({ state: 'detached' })
})

test('s062 a leaver: what breaks is named, and the open work goes to somebody else', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const finance = await as('fin2', { path: `/orders/${order.id}` })
  await finance.getByTestId('task.claim').click()
  await finance.locator('[data-testid="task.claim"]:disabled').waitFor()
  const admin = await as('ops1', { path: '/settings/leavers' })
  await choose(admin, 'leaver.who', 'smgr1')
  await admin.getByTestId('leaver.steps:sole').getByText('销售主管审批').waitFor()
  await choose(admin, 'leaver.who', 'fin2')
  await admin.getByTestId('leaver.steps:shared').getByText('王芳').waitFor()
  await choose(admin, 'leaver.to', 'fin1')
  await admin.getByTestId('leaver.reason').fill('离职')
  await admin.getByTestId('leaver.send').click()
  const result = admin.getByTestId('leaver.result')
  await result.waitFor()
  assert.ok(Number(await result.getAttribute('data-handed')) >= 1)
  const now = (await api(sales, 'GET', `/orders/${order.id}`)).body
  const task = now.tasks.find(each => each.state === 'open')
  assert.equal(task.assignee.key, 'fin1')
})

test('s065 the log is searched by order, person and time, page by page, and proved to be whole', async () => {
  const auditor = await as('audit1', { path: '/audit' })
  const list = auditor.getByTestId('audit.list')
  await list.waitFor()
  const first = Number(await list.getAttribute('data-count'))
  await auditor.getByTestId('audit.more').click()
  await auditor.waitForFunction(
    count => Number(document.querySelector('[data-testid="audit.list"]')?.dataset.count) > count,
    first,
  )
  const sent = (await api(auditor, 'GET', '/audit?action=record_delivery&limit=1')).body.items
  assert.equal(sent.length, 1)
  await auditor.getByTestId('audit.without_deliveries').click()
  await auditor.waitForURL(/without=record_delivery/)
  const deliveries = list.locator('[data-action="record_delivery"]')
  await deliveries.first().waitFor({ state: 'detached' })
  await list.waitFor()
  assert.equal(await deliveries.count(), 0)
  assert.deepEqual(await axe(auditor), [])
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  await auditor.getByTestId('audit.field:order').fill(order.number)
  await auditor.getByTestId('audit.field:actor').fill('李娜')
  await auditor.getByTestId('audit.search').click()
  await auditor.locator('[data-testid="audit.list"][data-count="1"]').waitFor()
  assert.match(await list.innerText(), /李娜/)
  await auditor.locator('[data-testid^="audit.details:"]').click()
  await auditor
    .getByText(/[0-9a-f]{64}/)
    .first()
    .waitFor()
  await auditor.getByTestId('audit.field:from').fill('2199-01-01T00:00')
  await auditor.getByTestId('audit.search').click()
  await auditor.getByTestId('audit.empty').waitFor()
  await auditor.getByTestId('audit.verify').click()
  const report = auditor.locator('[data-testid="audit.report"][data-ok="true"]')
  await report.waitFor({ timeout: 60_000 })
  assert.match(await report.innerText(), /链完整/)
})

test('s048 what came in and could not be read is kept with its original', async () => {
  const sales = await as('sales1')
  await api(sales, 'POST', '/orders', { lines: 'three pieces, please' })
  await go(sales, '/orders/intake?view=unreadable')
  await sales.locator('[data-testid^="intake.open:"]').first().click()
  await sales.getByText('three pieces, please').waitFor()
  await sales.getByTestId('intake.view:incomplete').click()
  await settled(sales)
  await sales.getByTestId('intake.list').waitFor()
})

test('s025 s053 a flow is read as picture, procedure and versions', async () => {
  const admin = await as('ops1', { path: '/automation/flows' })
  await admin.getByTestId('flows.open:standard').click()
  const picture = admin.getByTestId('flow.picture')
  await picture.waitFor()
  await admin.waitForFunction(
    () => document.querySelector('[data-testid="flow.picture"]')?.naturalWidth > 100,
  )
  await admin.getByTestId('flow.tab:sop').click()
  await admin.getByTestId('flow.sop').getByText('销售主管审批').first().waitFor()
  for (const form of ['svg', 'md', 'bpmn', 'json']) {
    const link = await admin.getByTestId(`flow.export:${form}`).getAttribute('href')
    const status = await admin.evaluate(place => fetch(place).then(answer => answer.status), link)
    assert.equal(status, 200, form)
  }
  await go(admin, '/automation/calendars')
  const before = await admin.getByTestId('calendar.due').getAttribute('data-due')
  await admin.getByTestId('calendar.hours').fill('40')
  await admin.waitForFunction(
    due => (document.querySelector('[data-testid="calendar.due"]')?.dataset.due ?? due) !== due,
    before,
  )
})
