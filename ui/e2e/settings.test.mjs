/** What the company sets for itself: who may sees it after a reload, and nobody else changes it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, openAs, putOver, settled } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go, found } = company()

/** Puts a connector as whoever connects another system does. */
const connect = page =>
  putOver(page, '/connectors/gateway', {
    name: { zh: '短信网关', en: 'SMS gateway' },
    base_url: 'https://sms.example.com',
    operations: { send: { method: 'POST', path: '/send' } },
  })

/** Changes the one item of a list that is set as a whole, as somebody else would. */
const rename = async (page, list, code, change) => {
  const { items } = (await api(page, 'GET', list)).body
  const next = items.map(each => (each.code === code ? { ...each, ...change } : each))
  assert.ok((await putOver(page, list, { items: next })) < 300, list)
}

test('targets, reasons, issue types and how notices leave are set in the browser, and are there after a reload', async () => {
  const admin = await as('ops1', { path: '/reports' })
  await admin.getByTestId('targets.edit').click()
  await admin.getByTestId('targets.cycle').fill('1.5')
  await admin.getByTestId('targets.cycle_before').fill('16')
  await admin.getByTestId('targets.complaints_before').fill('50')
  assert.deepEqual(await axe(admin), [])
  await admin.keyboard.press('Control+Enter')
  await admin.getByTestId('targets.send').waitFor({ state: 'detached' })
  await go(admin, '/reports')
  await admin.getByTestId('report.target:cycle').getByText('1 小时 30 分').waitFor()
  assert.match(await admin.getByTestId('report.targets').innerText(), /16 小时[\s\S]*不超过 20\.0.*50.*60%/)

  await go(admin, '/master?view=reasons')
  await admin.getByTestId('reasons.new').click()
  await admin.getByTestId('reason.code').fill('other')
  await admin.getByTestId('reason.zh').fill('项目取消')
  await admin.getByTestId('reason.send').click()
  await admin.getByTestId('reason.code.fault').waitFor()
  await admin.getByTestId('reason.code').fill('project_stopped')
  await admin.getByTestId('reason.send').click()
  await admin.getByTestId('reasons.row:project_stopped').getByText('项目取消').first().waitFor()
  await admin.getByTestId('reasons.open:other').click()
  await admin.getByTestId('reason.zh').waitFor()
  assert.equal(await admin.getByTestId('reason.remove').count(), 0, 'the system itself says this one')
  await admin.getByTestId('reason.close').click()

  await go(admin, '/master?view=issues')
  await admin.getByTestId('issues.open:goods_missing').click()
  await admin.getByTestId('issue.answer').fill('0.5')
  await choose(admin, 'issue.handler', '计划')
  await choose(admin, 'issue.applies_to', '承诺无法兑现')
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('issue.zh').focus()
  await admin.keyboard.press('Control+Enter')
  await admin.getByTestId('issue.send').waitFor({ state: 'detached' })
  await admin.getByTestId('issues.row:goods_missing').getByText('30 分').waitFor()
  const { items } = (await api(admin, 'GET', '/issue-types')).body
  const missing = items.find(each => each.code === 'goods_missing')
  assert.deepEqual([missing.applies_to, missing.answer_minutes], [['promise_broken'], 30])
  assert.notDeepEqual(missing.handler, { department: 'warehouse' })

  assert.ok((await connect(admin)) < 300)
  await go(admin, '/automation/notices?view=sending')
  await admin.getByTestId('notice_rules.merge').fill('15')
  await admin.getByTestId('notice_rules.save').click()
  await admin.getByTestId('notice_rules.saved').waitFor()
  await choose(admin, 'channels.way:sms', /短信网关/)
  await admin.getByTestId('channels.save').click()
  await admin.getByTestId('channels.saved').waitFor()
  await admin.reload()
  await settled(admin)
  assert.equal(await admin.getByTestId('notice_rules.merge').inputValue(), '15')
  await admin.getByTestId('channels.way:sms').getByText('短信网关').waitFor()

  // Somebody else saves both meanwhile: what was typed stays, beside what stands there now.
  const other = await as('ops1', { path: '/automation/notices?view=sending' })
  await other.getByTestId('notice_rules.merge').fill('20')
  await other.getByTestId('notice_rules.save').click()
  await other.getByTestId('notice_rules.saved').waitFor()
  await choose(other, 'channels.way:im', /短信网关/)
  await other.getByTestId('channels.save').click()
  await other.getByTestId('channels.saved').waitFor()
  await admin.getByTestId('notice_rules.merge').fill('25')
  await admin.keyboard.press('Enter')
  assert.match(await admin.getByTestId('notice_rules.conflict').innerText(), /我的值 25[\s\S]*对方的值 20/)
  assert.equal(await admin.getByTestId('notice_rules.merge').inputValue(), '25')
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('notice_rules.mine').click()
  await admin.getByTestId('notice_rules.saved').waitFor()
  await admin.getByTestId('channels.save').click()
  await admin.getByTestId('channels.theirs').click()
  await admin.getByTestId('channels.way:im').getByText('短信网关').waitFor()
  assert.equal((await api(admin, 'GET', '/settings/notices')).body.merge_minutes, 25)

  // So it is with one item of a list.
  await go(admin, '/master?view=reasons')
  await admin.getByTestId('reasons.open:project_stopped').click()
  await admin.getByTestId('reason.zh').fill('项目暂停')
  await rename(other, '/cancel-reasons', 'project_stopped', { name: { zh: '项目终止', en: 'Ended' } })
  await admin.getByTestId('reason.send').click()
  const stale = admin.getByTestId('reason.conflict')
  assert.match(await stale.innerText(), /我的值 项目暂停[\s\S]*对方的值 项目终止/)
  assert.equal(await admin.getByTestId('reason.zh').inputValue(), '项目暂停')
  assert.deepEqual(await axe(admin), [])
  await admin.getByTestId('reason.mine').click()
  await admin.getByTestId('reasons.row:project_stopped').getByText('项目暂停').waitFor()
  await go(admin, '/master?view=issues')
  await admin.getByTestId('issues.open:goods_missing').click()
  await admin.getByTestId('issue.answer').fill('2')
  await rename(other, '/issue-types', 'goods_missing', { answer_minutes: 60 })
  await admin.getByTestId('issue.remove').click()
  await admin.getByTestId('issue.theirs').click()
  assert.equal(await admin.getByTestId('issue.answer').inputValue(), '1')
  await admin.getByTestId('issue.answer').fill('2')
  await admin.getByTestId('issue.send').click()
  await admin.getByTestId('issues.row:goods_missing').getByText('2 小时').waitFor()

  // Others see what counts, and the button is not theirs.
  const boss = await as('boss', { path: '/reports' })
  await boss.getByTestId('report.target:cycle').waitFor()
  assert.equal(await boss.getByTestId('targets.edit').count(), 0)
  const sales = await as('sales1', { path: '/master?view=reasons' })
  await sales.getByTestId('reasons.row:project_stopped').waitFor()
  assert.equal(await sales.getByTestId('reasons.new').count(), 0)
  assert.equal(await sales.getByTestId('reasons.open:other').count(), 0)
  for (const path of ['/settings/figures', '/settings/notices', '/cancel-reasons', '/issue-types'])
    assert.equal((await api(sales, 'PUT', path, {})).status, 403, path)
})

test('a period has days of its own, the log is a file of it, and orders are asked for what they are worth', async () => {
  const boss = await as('boss', { path: '/reports' })
  await boss.getByTestId('report.period').getByText('自定义').click()
  const first = boss.getByTestId('report.first')
  await first.fill('2026-01-05')
  await boss.waitForURL(/first=2026-01-05/)
  await boss.getByTestId('event_log.open').click()
  const file = form => boss.getByTestId(`event_log.file:${form}`)
  await file('xes').waitFor()
  for (const form of ['xes', 'json']) {
    const href = await file(form).getAttribute('href')
    assert.match(href, /from=2026-01-05/)
    assert.equal(await boss.evaluate(async at => (await fetch(at)).status, href), 200)
  }
  await boss.keyboard.press('Escape')
  const last = await boss.getByTestId('report.last').inputValue()
  const { figures } = (await api(boss, 'GET', '/reports/overview?from=2026-01-05')).body
  await boss.waitForFunction(
    count => document.querySelector('[data-testid="report.card:received"]')?.dataset.count === count,
    String(figures.received),
  )
  await go(boss, `/reports?first=2099-12-31&last=${last}`)
  await boss.getByTestId('report.empty').waitFor()
  await first.fill(last)
  await boss.getByTestId('report.cards').waitFor()
  // The browser complains of what is refused, as no other page may.
  const long = { path: '/reports?first=2001-01-01&last=2026-01-01' }
  const { page, context } = await openAs(found.browser, found.demo, 'boss', long)
  await page.getByTestId('report.usual_period').click()
  await page.getByTestId('report.cards').waitFor()
  assert.doesNotMatch(page.url(), /first/)
  await context.close()

  const sales = await as('sales1', { path: '/orders' })
  await sales.getByTestId('orders.filter:amount_from').fill('5,000')
  await sales.keyboard.press('Enter')
  await sales.waitForURL(/amount_from=/)
  await choose(sales, 'orders.filter:warehouse', /./)
  await sales.waitForURL(/warehouse=/)
  const asked = new URL(sales.url()).searchParams
  const place = asked.get('warehouse').replaceAll('"', '')
  const listed = (await api(sales, 'GET', `/orders?limit=50&amount_from=5000&warehouse=${place}`)).body.items
  assert.ok(listed.length > 0)
  await sales.waitForFunction(
    count => document.querySelector('[data-testid="orders.list"]')?.dataset.count === count,
    String(listed.length),
  )
  await sales.setViewportSize({ width: 1280, height: 800 })
  const { width } = await sales.locator('td.cell-customer').first().boundingBox()
  assert.ok(width >= 150, `the name of a customer has ${width} px`)
})
