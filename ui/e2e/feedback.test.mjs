import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, phone, until } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

test('s103 feedback is given on any page, is answered by the process admin, and the answer reaches the author', async () => {
  const keeper = await as('wh1')
  const order = (await api(keeper, 'GET', '/orders?status=in_review&limit=1')).body.items[0]
  const give = async text => {
    await keeper.getByTestId('header.feedback').click()
    await keeper.getByTestId('feedback.text').fill(text)
    assert.deepEqual(await axe(keeper), [])
    await keeper.getByTestId('feedback.send').click()
    await keeper.getByTestId('feedback.send').waitFor({ state: 'detached' })
  }
  await go(keeper, `/orders/${order.id}`)
  await give('想一眼看到缺几件')
  await go(keeper, '/stock')
  await give('库存页想导出')

  const admin = await as('ops1', { path: '/feedback' })
  const list = admin.getByTestId('feedback.list')
  await list.waitFor()
  await admin.waitForFunction(
    () => document.querySelector('[data-testid="feedback.list"]').dataset.count === '2',
  )
  const item = admin.locator('[data-testid^="feedback.item:"]').filter({ hasText: '想一眼看到缺几件' })
  assert.match(await item.innerText(), new RegExp(`/orders/${order.id}`))
  assert.deepEqual(await axe(admin), [])
  await item.getByTestId(/^feedback\.answer:/).click()
  await admin.getByTestId('feedback.reply.text').fill('下周加到预览里')
  await admin.keyboard.press('Control+Enter')
  await item.getByText('下周加到预览里').waitFor()
  // Each count by step is the list that it counts.
  const step = admin.locator('[data-testid^="feedback.step:"]').first()
  await step.waitFor()
  await step.click()
  await admin.waitForFunction(
    () => document.querySelector('[data-testid="feedback.list"]').dataset.count === '1',
  )

  await keeper.getByTestId('header.bell').click()
  await keeper.getByTestId('notices.list').getByText('下周加到预览里').waitFor()
})

test('s102 the self-check is run by hand, says what to do, and how often it runs is set', async () => {
  const admin = await as('ops1', { path: '/checks' })
  await admin.getByTestId('check.run').click()
  const results = admin.getByTestId('check.results')
  await results.waitFor()
  assert.equal(await results.getAttribute('data-count'), '10')
  const last = (await api(admin, 'GET', '/self-checks')).body.items[0]
  for (const { check, count, advice } of last.checks) {
    const row = admin.getByTestId(`check.result:${check}`)
    assert.equal(await row.getAttribute('data-count'), String(count))
    if (count) assert.match(await row.innerText(), new RegExp(advice.zh.slice(0, 8)))
  }
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('check.every').click()
  await admin
    .locator('.ant-select-dropdown:visible .ant-select-item-option')
    .filter({ hasText: '4 小时' })
    .click()
  await until(admin, async () => (await api(admin, 'GET', '/self-checks')).body.every_minutes === 240)
})

test('the roles page shows rights, members and conflicts, and compares two roles', async () => {
  const admin = await as('ops1', { path: '/settings/users?view=roles' })
  const list = admin.getByTestId('roles.list')
  await list.waitFor()
  assert.equal(await list.getAttribute('data-count'), '10')
  await admin.getByTestId('roles.conflicts').or(admin.getByTestId('roles.no_conflict')).waitFor()
  await admin.getByTestId('roles.compared').waitFor()
  assert.deepEqual(await axe(admin), [])
  const small = await as('ops1', { path: '/settings/users?view=roles', viewport: phone, lang: 'en' })
  await small.getByTestId('roles.list').waitFor()
  assert.ok((await small.evaluate(() => document.documentElement.scrollWidth)) <= 390)
})

test('s059 an admin copies a role, takes a right from it, and whoever gets it loses just that', async () => {
  const admin = await as('admin', { path: '/settings/users?view=roles' })
  await admin.getByTestId('roles.copy:sales').click()
  await admin.getByTestId('role.role').fill('junior')
  await admin.getByTestId('role.zh').fill('销售助理')
  const right = name => admin.getByTestId('role.rights').getByText(name, { exact: true })
  // What should be apart is said before it is saved.
  await right('登记收款和发票').click()
  await admin.getByTestId('role.clash:keep_accounts+write_orders').waitFor()
  assert.ok(await admin.getByTestId('role.send').isDisabled())
  await right('登记收款和发票').click()
  await right('录入和修改订单').click()
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('role.send').click()
  await admin.getByTestId('roles.role:junior').waitFor()

  await go(admin, '/settings/users?login=sales2')
  await admin.getByTestId('user.edit').click()
  const chosen = admin.getByTestId('user.roles')
  await chosen.locator('.ant-select-selection-item-remove').first().click()
  await choose(admin, 'user.roles', '销售助理')
  await admin.keyboard.press('Escape')
  await admin.getByTestId('user.send').click()
  await admin.getByTestId('user.send').waitFor({ state: 'detached' })

  const seller = await as('sales2')
  await seller.getByTestId('nav.entry:orders').waitFor()
  assert.equal(await seller.getByTestId('nav.entry:order_new').count(), 0)
  const said = await api(seller, 'POST', '/orders', {})
  assert.deepEqual([said.status, said.body.code], [403, 'forbidden'])
})

test('s059 a role reaches only the orders in its data scope, and an admin sees the program as its people do', async () => {
  const admin = await as('admin', { path: '/settings/users?view=roles' })
  await admin.getByTestId('roles.copy:sales').click()
  await admin.getByTestId('role.role').fill('agent')
  await admin.getByTestId('role.zh').fill('外勤业务员')
  await choose(admin, 'role.scope', /^本人$/)
  // What looks at all orders is named, and taken away at once.
  await admin.getByTestId('role.over_all').waitFor()
  assert.ok(await admin.getByTestId('role.send').isDisabled())
  await admin.getByTestId('role.drop_over_all').click()
  await choose(admin, 'role.scope', /^指定客户$/)
  assert.ok(await admin.getByTestId('role.send').isDisabled(), 'which customers?')
  await choose(admin, 'role.scope', /^本人$/)
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('role.send').click()
  assert.match(await admin.getByTestId('roles.scope:agent').innerText(), /本人的订单/)

  await go(admin, '/settings/users?login=sales2')
  await admin.getByTestId('user.edit').click()
  await admin.getByTestId('user.roles').locator('.ant-select-selection-item-remove').first().click()
  await choose(admin, 'user.roles', '外勤业务员')
  await admin.keyboard.press('Escape')
  await admin.getByTestId('user.send').click()
  await admin.getByTestId('user.send').waitFor({ state: 'detached' })

  const all = (await api(await as('ops1'), 'GET', '/orders?limit=200')).body.items
  await go(admin, '/settings/users?login=sales2')
  await admin.getByTestId('user.view_as').click()
  await admin.getByTestId('header.view').waitFor()
  await go(admin, '/orders')
  assert.match(await admin.getByTestId('orders.scope').innerText(), /本人的订单/)
  assert.deepEqual(await axe(admin), [])
  const reached = (await api(admin, 'GET', '/orders?limit=200')).body.items.map(order => order.id)
  const theirs = all.find(order => !reached.includes(order.id))
  assert.ok(reached.length > 0 && theirs, `${reached.length} of ${all.length} orders are reached`)
  await go(admin, `/orders/${theirs.id}`)
  await admin.getByTestId('order.error').waitFor()
  assert.match(await admin.getByTestId('order.error').innerText(), /本人的订单/)
  const said = await api(admin, 'POST', '/orders', {})
  assert.deepEqual([said.status, said.body.code], [403, 'viewing_only'])
  await admin.getByTestId('view.end').click()
  await admin.getByTestId('header.view').waitFor({ state: 'detached' })
  assert.equal((await api(admin, 'GET', '/me')).body.login, 'admin')
  const log = await api(admin, 'GET', '/audit?action=view_as')
  assert.equal(log.body.items.length, 1)
})
