import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, desktop, phone, until } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

test('s081 a customer is kept with addresses and contacts, faults stand at their fields, and others may only read', async () => {
  const keeper = await as('ops1', { path: '/master' })
  const code = `E2E-${Date.now()}`
  await keeper.getByTestId('customers.new').click()
  await keeper.getByTestId('customer.code').fill(code)
  await keeper.getByTestId('customer.name').fill('宁波测试贸易有限公司')
  await keeper.getByTestId('customer.credit_limit').fill('lots')
  await keeper.getByTestId('customer.ship_to.add').click()
  assert.ok(await keeper.getByTestId('customer.send').isDisabled(), 'an address without an address')
  await keeper.getByTestId('customer.ship_to[0].address').fill('浙江省宁波市江北区 1 号')
  await keeper.getByTestId('customer.send').click()
  await keeper.getByTestId('customer.credit_limit.fault').getByText('不是数字').waitFor()
  await keeper.getByTestId('customer.credit_limit').fill('80000')
  await keeper.keyboard.press('Control+Enter')
  await keeper.getByTestId('customer.send').waitFor({ state: 'detached' })
  const kept = (await api(keeper, 'GET', `/customers?q=${code}`)).body.items[0]
  assert.deepEqual([kept.credit_limit, kept.ship_to[0].address], ['80000.00', '浙江省宁波市江北区 1 号'])
  const finance = await as('fin1')
  await go(finance, `/master?code=${code}`)
  await finance.getByTestId('customer.drawer').getByText('江北区').waitFor()
  assert.match(await finance.getByTestId('credit.left').innerText(), /80,000/)
  assert.equal(await finance.getByTestId('customer.edit').count(), 0, 'finance writes no customer')
  await go(keeper, `/master?code=${code}`)
  await keeper.getByTestId('customer.edit').click()
  await keeper.getByTestId('customer.payment_terms').fill('NET45')
  await keeper.getByTestId('customer.send').click()
  await keeper.getByTestId('customer.drawer').getByText('NET45').waitFor()
  const changed = (await api(keeper, 'GET', `/customers?q=${code}`)).body.items[0]
  assert.deepEqual([changed.credit_limit, changed.ship_to.length], ['80000.00', 1], 'the rest stays')
})

test('s043 products and contract prices are found, changed, and checked by the server', async () => {
  const keeper = await as('ops1')
  const { code } = (await api(keeper, 'GET', '/products?limit=5')).body.items[4]
  await go(keeper, `/master?view=products&q=${code}`)
  await keeper.getByTestId(`products.open:${code}`).click()
  await keeper.getByTestId('product.edit.tax_rate').fill('often')
  await keeper.getByTestId('product.edit.send').click()
  await keeper.getByTestId('product.edit.tax_rate.fault').waitFor()
  await keeper.getByTestId('product.edit.tax_rate').fill('0.09')
  await keeper.getByTestId('product.edit.send').click()
  await keeper.getByTestId(`products.row:${code}`).getByText('0.09').waitFor()
  await go(keeper, '/master?view=prices')
  await keeper.getByTestId('prices.new').click()
  await choose(keeper, 'price.product', code)
  await keeper.getByTestId('price.price').fill('7.77')
  await keeper.getByTestId('price.customer').fill('NOBODY')
  await keeper.getByTestId('price.send').click()
  await keeper.getByTestId('price.customer.fault').getByText('NOBODY').waitFor()
  await keeper.getByTestId('price.customer').fill('')
  await keeper.getByTestId('price.min_quantity').fill('100')
  await keeper.getByTestId('price.send').click()
  await keeper.getByTestId('price.send').waitFor({ state: 'detached' })
  const prices = (await api(keeper, 'GET', `/prices?q=${code}`)).body.items
  assert.ok(prices.some(each => each.price === '7.77' && each.min_quantity === '100'))
})

test('s021 what is owed is listed with its day, and a customer shows what a payment would let go', async () => {
  const finance = await as('fin1')
  const { items } = (await api(finance, 'GET', '/receivables?limit=1')).body
  assert.ok(items.length, 'the demo has something owed')
  const [owed] = items
  await go(finance, `/receivables?customer=${owed.customer}`)
  const row = finance.locator(`[data-testid^="receivables.row:${owed.number}"]`).first()
  assert.match(await row.innerText(), new RegExp(owed.due_on))
  await finance.locator('[data-testid^="receivables.open:"]').first().click()
  await finance.getByTestId('credit.exposure').waitFor()
  const credit = (await api(finance, 'GET', `/customers/${owed.customer}/credit`)).body
  const shown = (await finance.getByTestId('credit.exposure').innerText()).replace(/[^\d.]/g, '')
  assert.equal(Number(shown), Number(credit.exposure))
})

test('s043 another text of a standard clause is a further version', async () => {
  const keeper = await as('ops1')
  const code = `E2E-${Date.now()}`
  await go(keeper, '/master?view=clauses')
  await keeper.getByTestId('clauses.new').click()
  await keeper.getByTestId('clause.code').fill(code)
  await keeper.getByTestId('clause.zh').fill('货到七日内验收')
  await keeper.getByTestId('clause.send').click()
  await keeper.getByTestId('clause.send').waitFor({ state: 'detached' })
  await go(keeper, '/master?view=clauses')
  await keeper.getByTestId(`clauses.open:${code}`).click()
  await keeper.getByTestId('clause.zh').fill('货到十日内验收')
  await keeper.keyboard.press('Control+Enter')
  await keeper.getByTestId(`clauses.row:${code}`).getByText('v2').waitFor()
  const { items } = (await api(keeper, 'GET', '/clauses')).body
  const kept = items.find(each => each.code === code)
  assert.deepEqual([kept.versions.length, kept.required], [2, false])
})

test('people, who answers for what, deadlines, rates and groups are kept in the browser', async () => {
  const admin = await as('admin', { path: '/settings/users' })
  const login = `e2e${Date.now()}`
  await admin.getByTestId('users.new').click()
  await admin.getByTestId('user.login').fill(login)
  await admin.getByTestId('user.name').fill('林晓')
  await admin.getByTestId('user.password').fill('ordain-once-2026')
  await choose(admin, 'user.roles', /^财务/)
  await admin.getByTestId('user.name').click()
  await admin.getByTestId('user.send').click()
  await admin.getByTestId('user.send').waitFor({ state: 'detached' })
  await admin.getByTestId('users.q').fill(login)
  await admin.locator(`[data-testid="users.open:${login}"]`).click()
  await admin.getByTestId('user.drawer').waitFor()
  await admin.getByTestId('user.disable').click()
  await admin.getByTestId('users.list').or(admin.getByTestId('users.empty')).waitFor()
  await until(admin, async () => {
    const { items } = (await api(admin, 'GET', '/users')).body
    return items.find(user => user.login === login)?.disabled
  })
  await go(admin, '/settings/users?login=wh1')
  await admin.getByTestId('user.held').waitFor()
  assert.ok(await admin.getByTestId('user.disable').isDisabled(), 'open work is handed over first')

  const keeper = await as('ops1')
  await go(keeper, '/settings/users?view=organisation')
  await choose(keeper, 'organisation.heads:finance', '王芳')
  await keeper.getByTestId('organisation.keepers.add').click()
  await keeper.getByTestId('organisation.keepers:0').fill('NB')
  await choose(keeper, 'organisation.keepers:0.who', '陈刚')
  await keeper.getByTestId('organisation.save').click()
  await keeper.getByTestId('organisation.saved').waitFor()
  const { heads, keepers } = (await api(keeper, 'GET', '/organisation')).body
  assert.deepEqual([heads.finance, keepers.NB], ['fin1', ['wh1']])

  await go(keeper, '/automation/calendars')
  await keeper.getByTestId('sla.edit').click()
  await keeper.getByTestId('sla.items.add').click()
  await choose(keeper, 'sla.items[0].stage', /^审核/)
  await keeper.getByTestId('sla.items[0].hours').fill('1.5')
  await keeper.getByTestId('sla.send').click()
  await keeper.getByTestId('sla.row:0').getByText('1 小时 30 分').waitFor()
  assert.equal((await api(keeper, 'GET', '/settings/sla')).body.items[0].minutes, 90)

  await go(keeper, '/master?view=rates')
  await keeper.getByTestId('rates.new').click()
  await keeper.getByTestId('rate.currency').fill('eur')
  await keeper.getByTestId('rate.on').fill('2026-11-01')
  await keeper.getByTestId('rate.rate').fill('7.8')
  await keeper.getByTestId('rate.send').click()
  await keeper.getByTestId('rates.open:EUR:2026-11-01').or(keeper.getByTestId('rates.fresh')).waitFor()
  assert.ok((await api(keeper, 'GET', '/rates')).body.items.some(each => each.currency === 'EUR'))

  await go(keeper, '/master?view=sets')
  await keeper.getByTestId('saved_sets.new').click()
  await keeper.getByTestId('saved_set.code').fill('key')
  await keeper.getByTestId('saved_set.zh').fill('重点客户')
  await keeper.getByTestId('saved_set.values').fill('C001\nC002')
  await keeper.getByTestId('saved_set.send').click()
  await keeper.getByTestId('saved_set.send').waitFor({ state: 'detached' })
  const [saved] = (await api(keeper, 'GET', '/saved-sets')).body.items
  assert.deepEqual([saved.code, saved.name.zh, saved.values], ['key', '重点客户', ['C001', 'C002']])
  await go(keeper, '/master?view=groups')
  await keeper.locator('[data-testid^="groups.open:"]').first().click()
  await keeper.getByTestId('group.limit').fill('450000')
  await keeper.getByTestId('group.send').click()
  await keeper.getByTestId('group.send').waitFor({ state: 'detached' })
  assert.equal((await api(keeper, 'GET', '/credit-groups')).body.items[0].limit, '450000.00')
  await go(keeper, '/stock?view=rules')
  await keeper.getByTestId('rules.stale').fill('48')
  await keeper.getByTestId('rules.save').click()
  await keeper.getByTestId('rules.saved').waitFor()
  assert.equal((await api(keeper, 'GET', '/settings/supply')).body.stock_stale_hours, 48)
})

/** The first Wednesday of the second week of next March: a day on which everybody works. */
function someWednesday() {
  const at = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 2, 8))
  while (at.getUTCDay() !== 3) at.setUTCDate(at.getUTCDate() + 1)
  return at.toISOString().slice(0, 10)
}

test('s080 working calendars are kept in the browser: a day off, a department with hours of its own, a wrong time at its line', async () => {
  const day = someWednesday()
  const keeper = await as('ops1')
  await go(keeper, '/automation/calendars')
  await keeper.getByTestId('calendar.company.edit').click()
  await keeper.getByTestId('calendar.company.later').click()
  const changes = keeper.getByTestId('calendar.company.changes')
  const send = keeper.getByTestId('calendar.company.send')
  assert.ok(await send.isDisabled(), 'nothing has been changed')
  const button = keeper.getByTestId('calendar.company.year').locator(`[data-day="${day}"]`)
  await button.focus()
  await keeper.keyboard.press('ArrowLeft')
  await keeper.keyboard.press('ArrowRight')
  await keeper.keyboard.press('Enter')
  assert.equal(await button.getAttribute('data-kind'), 'holiday')
  await changes.getByText(`变为休息（1 天）：${day}`).waitFor()
  // A month is made as a year is, and sooner looked at.
  await keeper.setViewportSize(phone)
  assert.deepEqual(await axe(keeper), [])
  await keeper.setViewportSize(desktop)
  await keeper.getByTestId('calendar.company.week:2').fill('18:00-9:00')
  await keeper.getByTestId('calendar.company.week:4').fill('九点－12：00')
  await send.click()
  await keeper.getByTestId('calendar.company.week:2.fault').waitFor()
  assert.match(
    await keeper.getByTestId('calendar.company.week:4.fault').innerText(),
    /「九点-12:00」不是时间段/,
  )
  await keeper.keyboard.press('Escape')
  await keeper.getByTestId('calendar.company.unsaved').waitFor()
  await keeper.getByTestId('calendar.company.stay').click()
  await keeper.getByTestId('calendar.company.week:2').fill('9：00—12：00，13：00—17：30')
  await keeper.getByTestId('calendar.company.week:4').fill('09:00-12:00, 13:00-18:00')
  await send.click()
  await send.waitFor({ state: 'detached' })

  await choose(keeper, 'calendar.choose', 'warehouse')
  await keeper.getByTestId('calendar.hours.own_hours').click()
  await keeper.getByTestId('calendar.hours.week:0').fill('07:00-15:00')
  await keeper.getByTestId('calendar.hours.same').click()
  await keeper.getByTestId('calendar.hours.from').fill(day)
  await keeper.getByTestId('calendar.hours.set_on').click()
  await keeper.getByTestId('calendar.hours.changes').getByText(`变为上班（1 天）：${day}`).waitFor()
  await keeper.getByTestId('calendar.hours.send').click()
  await keeper.getByTestId('calendar.hours.send').waitFor({ state: 'detached' })

  const seller = await as('sales1')
  for (const page of [keeper, seller]) {
    await go(page, '/automation/calendars')
    await page.getByTestId('calendar.week:company').getByText('13:00-17:30').waitFor()
    await page.getByTestId('calendar.week:warehouse').getByText('07:00-15:00').first().waitFor()
    await page.getByTestId('calendar.layer:warehouse').getByText(`上班：${day}`).waitFor()
    await page.getByTestId('calendar.later').click()
    await page.getByTestId(`calendar.own:${day}`).waitFor()
  }
  await seller.getByTestId('calendars.read_only').waitFor()
  for (const id of ['calendar.company.edit', 'calendar.choose', 'calendar.layer.edit:warehouse', 'sla.edit'])
    assert.equal(await seller.getByTestId(id).count(), 0, id)
  assert.equal(await seller.locator('button.day').count(), 0)
  const late = `/calendars/deadline?from=${day}T00:00:00Z&minutes=60`
  const due = async query => (await api(seller, 'GET', late + query)).body.due_at.slice(0, 16)
  assert.ok((await due('')).slice(0, 10) > day, 'the company is off')
  assert.equal(await due('&department=warehouse'), `${day}T09:00`)
})
