import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, settled } from './harness.mjs'
import { cheapOrder, specialOrder } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

const read = async (page, order) => (await api(page, 'GET', `/orders/${order.id}`)).body
const openTask = (order, node) => order.tasks.find(task => task.node_id === node && task.state === 'open')

/** Loads the whole queue: new tasks are due last. */
async function allTasks(page) {
  await settled(page)
  for (const more = page.getByTestId('tasks.more'); await more.isVisible(); await page.waitForTimeout(300))
    await more.click({ timeout: 5_000 }).catch(async error => {
      // The page before was still on its way, and was the last.
      if (await more.isVisible()) throw error
    })
}

/** Fills the reasons that an approval asks for, and confirms. */
async function approve(page) {
  await page.getByTestId('task.approve').click()
  for (const field of await page.locator('[data-testid^="task.accept:"]').all()) await field.fill('e2e')
  await page.getByTestId('task.confirm').click()
  await page.getByTestId('task.panel').waitFor({ state: 'detached' })
}

/** Waits until the API says of the order what it should. */
async function until(page, order, holds) {
  for (let i = 0; i < 50; i++) {
    const now = await read(page, order)
    if (holds(now)) return now
    await page.waitForTimeout(100)
  }
  throw new Error('it did not come to that')
}

test('s056 a task is transferred to a colleague, who alone holds it then', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const finance = await as('fin1', { path: `/orders/${order.id}` })
  await finance.getByTestId('task.transfer').click()
  assert.ok(await finance.getByTestId('task.give.send').isDisabled(), 'not without a person and a reason')
  await choose(finance, 'task.give.to', 'fin2')
  await finance.getByTestId('task.give.reason').fill('下午外出')
  await finance.getByTestId('task.give.send').click()
  const now = await until(sales, order, body => openTask(body, 'finance_review')?.assignee.key === 'fin2')
  assert.equal(now.tasks.filter(task => task.state === 'open').length, 1)
  const colleague = await as('fin2', { path: `/orders/${order.id}` })
  await approve(colleague)
  await until(sales, order, body => body.tasks.every(task => task.state !== 'open'))
})

test('s056 a colleague is asked first, and taken away again', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const finance = await as('fin1', { path: `/orders/${order.id}?tab=flow` })
  await finance.getByTestId('task.add_signer').click()
  await choose(finance, 'task.signer.login', 'wh1')
  await finance.getByTestId('task.signer.send').click()
  await until(sales, order, body => body.tasks.filter(task => task.state === 'open').length === 2)
  await finance.locator('[data-testid="task.approve"]:disabled').waitFor()
  await finance.getByTestId('order.remove_signer:finance_review').click()
  await finance.locator('[data-testid="task.approve"]:enabled').waitFor()
  await approve(finance)
  await until(sales, order, body => body.tasks.every(task => task.state !== 'open'))
})

test('s092 an order goes back to an earlier step, straight back again, and a decision is taken back', async () => {
  const sales = await as('sales1')
  const order = await specialOrder(sales)
  const reviewer = await as('sales2', { path: `/orders/${order.id}?tab=flow` })
  await approve(reviewer)
  await until(sales, order, body => openTask(body, 'manager_approval'))
  const manager = await as('smgr1', { path: `/orders/${order.id}` })
  await manager.getByTestId('task.return').click()
  await choose(manager, 'task.return_to', /销售审核/)
  await manager.getByTestId('task.way:direct').click()
  await manager.getByTestId('task.reason').fill('请复核付款条件')
  await manager.getByTestId('task.confirm').click()
  await until(sales, order, body => openTask(body, 'sales_review'))
  await approve(reviewer)
  await until(sales, order, body => openTask(body, 'manager_approval'))
  const takeBack = reviewer.locator('[data-testid="order.withdraw_decision:sales_review"]:enabled')
  await takeBack.first().click()
  await until(sales, order, body => openTask(body, 'sales_review') && !openTask(body, 'manager_approval'))
})

test('s087 whoever waits urges with one click, once in half an hour', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  await go(sales, `/orders/${order.id}?tab=flow`)
  await sales.getByTestId('order.urge:finance_review').click()
  await sales.locator('[data-testid="order.urge:finance_review"]:disabled').waitFor()
  const now = await read(sales, order)
  assert.ok(openTask(now, 'finance_review').urged_at)

  // Several at once from the list: what was urged just now is not urged again, and each row is told of.
  const other = await cheapOrder(sales)
  await go(sales, '/orders?status=in_review')
  for (const { number } of [order, other]) await sales.getByTestId(`orders.tick:${number}`).check()
  await sales.getByTestId('orders.batch.urge').click()
  await sales.locator('[data-testid="orders.urged"][data-count="2"]').waitFor()
  const told = each => sales.locator(`[data-testid="orders.urged:${each.number}"]`)
  assert.match(await told(other).innerText(), /已催办 财务审核/)
  assert.match(await told(order).innerText(), /未催办 刚催办过/)
  assert.deepEqual(await axe(sales), [])
  assert.ok(openTask(await read(sales, other), 'finance_review').urged_at)
})

test('s024 exactly the ticked tasks are approved together, and what was refused is named', async () => {
  const sales = await as('sales1')
  const orders = []
  orders.push(await cheapOrder(sales))
  const manager = await as('smgr1')
  const special = []
  for (let i = 0; i < 3; i++) special.push(await specialOrder(sales))
  const reviewer = await as('sales2')
  for (const order of special) {
    const task = openTask((await api(reviewer, 'GET', `/orders/${order.id}`)).body, 'sales_review')
    const accept = task.findings.map(finding => ({ finding_id: finding.id, reason: 'e2e' }))
    await api(reviewer, 'POST', `/tasks/${task.id}/decide`, { decision: 'approve', accept })
  }
  await go(manager, '/tasks')
  await allTasks(manager)
  for (const order of special.slice(0, 2)) await manager.getByTestId(`tasks.tick:${order.number}`).check()
  await manager.getByTestId('tasks.batch.approve').click()
  await manager.getByTestId('tasks.batch.send').click()
  await manager.locator('[data-testid^="tasks.batch.row:"][data-decided="true"]').nth(1).waitFor()
  await manager.getByTestId('tasks.batch.send').click()
  for (const order of special.slice(0, 2)) assert.equal((await read(sales, order)).status, 'confirmed')
  assert.ok(openTask(await read(sales, special[2]), 'manager_approval'), 'what was not ticked is untouched')

  const finance = await as('fin1', { path: '/tasks' })
  await allTasks(finance)
  await finance.getByTestId(`tasks.tick:${orders[0].number}`).check()
  await finance.getByTestId('tasks.batch.approve').click()
  await finance.getByTestId('tasks.batch.send').click()
  const row = finance.getByTestId(`tasks.batch.row:${orders[0].number}`)
  await row.and(finance.locator('[data-decided="false"]')).waitFor()
  assert.ok((await row.innerText()).length > orders[0].number.length + 6, 'the reason is shown')
  await finance.getByTestId('tasks.batch.send').click()
  assert.ok(await finance.getByTestId(`tasks.tick:${orders[0].number}`).isChecked(), 'it stays ticked')
})

test('s101 any order is pulled to manual handling and put back, with a reason', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const admin = await as('ops1', { path: `/orders/${order.id}` })
  const intervene = async (act, reason, choice) => {
    await admin.getByTestId('order.by_hand').click()
    await admin.getByTestId(`order.by_hand:${act}`).click()
    assert.ok(await admin.getByTestId('order.intervene.send').isDisabled(), 'not without a reason')
    await admin.getByTestId('order.intervene.reason').fill(reason)
    if (choice) await choose(admin, 'order.intervene.choice', choice)
    await admin.getByTestId('order.intervene.send').click()
    await admin.getByTestId('order.intervene.reason').waitFor({ state: 'detached' })
  }
  await intervene('take_over', '客户来电,人工处理')
  const taken = await read(sales, order)
  assert.ok(taken.flags.includes('on_hold') && taken.flags.includes('exception'))
  await intervene('put_back', '已与客户说定')
  const back = await read(sales, order)
  assert.ok(!back.flags.includes('on_hold'))
  await intervene('end', '客户撤单', /已拒绝/)
  assert.equal((await read(sales, order)).status, 'rejected')
  await intervene('revive', '客户又要了')
  assert.equal((await read(sales, order)).status, 'in_review')
  assert.equal(
    await go(sales, `/orders/${order.id}`).then(() => sales.getByTestId('order.by_hand').count()),
    0,
  )
})

test('s014 a notice is looked at before it is sent once more', async () => {
  const sales = await as('sales1')
  const { body } = await api(sales, 'GET', '/orders?status=confirmed&limit=1')
  const order = body.items[0]
  await go(sales, `/orders/${order.id}?tab=notices`)
  const before = (await read(sales, order)).notices.length
  await sales.getByTestId('order.send_notice').click()
  assert.match(await sales.getByTestId('order.notice.preview').innerText(), new RegExp(order.number))
  await sales.getByTestId('order.notice.to').fill('buyer@example.com')
  await sales.getByTestId('order.notice.send').click()
  await sales.getByText('buyer@example.com').first().waitFor()
  assert.equal((await read(sales, order)).notices.length, before + 1)
})

test('s036 a copy lies in a queue of its own until it is read', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const finance = await as('fin1', { path: `/orders/${order.id}` })
  await finance.getByTestId('task.cc').click()
  await choose(finance, 'task.cc.to', 'cs1')
  await finance.keyboard.press('Escape')
  await finance.getByTestId('task.cc.send').click()
  await finance.getByTestId('task.cc.send').waitFor({ state: 'detached' })
  const service = await as('cs1', { path: '/tasks?queue=cc' })
  await service.getByTestId(`tasks.row:${order.number}`).click()
  await service.getByTestId('task.copy_read').waitFor()
  await service.keyboard.press('a')
  await service.getByTestId(`tasks.row:${order.number}`).waitFor({ state: 'detached' })
  const { body } = await api(service, 'GET', '/notices?kind=copied')
  assert.equal(body.items.find(item => item.order_id === order.id).read, true)
})

test('s038 the flow of an order is drawn as it runs: what was passed, who has it, what was left out and why', async () => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  const finance = await as('fin1')
  const returned = { decision: 'return', reason: '价格请复核' }
  await api(finance, 'POST', `/tasks/${openTask(order, 'finance_review').id}/decide`, returned)
  const page = await as('ops1', { path: `/orders/${order.id}?tab=flow` })
  const step = (id, state) =>
    page.locator(`[data-testid="order.map.step:${id}"]${state ? `[data-state="${state}"]` : ''}`)
  await step('finance_review', 'returned').waitFor()
  await step('start', 'passed').waitFor()
  await step('confirmed', 'ahead').waitFor()

  // The map is live: the same page shows that it came back, how often and until when.
  await api(sales, 'POST', `/orders/${order.id}/submit`, {})
  await step('finance_review', 'waiting').waitFor()
  assert.match(await step('finance_review').innerText(), /×2[\s\S]*待处理[\s\S]*王芳[\s\S]*剩/)
  await step('sales_review', 'by_rule').waitFor()
  await page.locator('[data-testid="order.map.panel"][data-step="finance_review"]').waitFor()
  assert.equal(await page.getByTestId('order.map.visits').getAttribute('data-count'), '2')
  assert.deepEqual(await axe(page), [])

  // With the arrows to the branch behind it, where the condition stands with the value that it saw.
  await step('finance_review').focus()
  for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
  const branch = page.locator('[data-state="not_expected"][data-testid^="order.map.lane:"]')
  assert.match(await branch.innerText(), /预计不走[\s\S]*50,000[\s\S]*实际/)
  const chosen = page.locator('[data-testid^="order.map.step:"][aria-pressed="true"]')
  assert.equal(await chosen.evaluate(each => each === document.activeElement), true)
  await page.locator('[data-testid="order.map.panel"]').getByText('依据：').waitFor()

  const task = openTask((await api(finance, 'GET', `/orders/${order.id}`)).body, 'finance_review')
  const accept = task.findings.map(finding => ({ finding_id: finding.id, reason: 'e2e' }))
  await api(finance, 'POST', `/tasks/${task.id}/decide`, { decision: 'approve', accept })
  await step('confirmed', 'passed').waitFor()
  const left = page.locator('[data-state="not_taken"][data-testid^="order.map.lane:"]')
  assert.match(await left.innerText(), /未走[\s\S]*50,000/)
  assert.equal(await step('manager_approval').count(), 0, 'what was left out is folded away')
  await page.getByTestId('order.flow.view').getByText('列表').click()
  await page.locator('[data-testid="order.step:manager_approval"][data-state="skipped"]').waitFor()
})
