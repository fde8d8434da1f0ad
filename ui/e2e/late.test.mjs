/** A company whose people have done nothing for weeks: what was let lie is chased by itself, and its month is looked back on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, settled, until } from './harness.mjs'
import { choose, company } from './people.mjs'

/** A working day of a month that is over. */
function lastWednesday() {
  const day = new Date(Date.now() - 35 * 86_400_000)
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 4) % 7))
  return `${day.toISOString().slice(0, 10)}T15:00:00+08:00`
}
const { as, go } = company({ days: 1, until: lastWednesday() })
const isTold = async page => (await api(page, 'GET', '/notices?kind=task_overdue')).body.items.length > 0

test('s078 work that was let lie is told to whoever has it, then to whoever is above, and found by itself', async () => {
  const keeper = await as('wh1', { path: '/tasks' })
  await until(keeper, () => isTold(keeper))
  await keeper.reload()
  await settled(keeper)
  assert.ok(Number(await keeper.getByTestId('header.bell').getAttribute('data-count')) > 0)
  await keeper.locator('[data-task] .pill-late').first().waitFor()
  await keeper.getByTestId('header.bell').click()
  await keeper.getByTestId('notices.list').locator('a', { hasText: '已超时' }).first().click()
  await keeper.getByTestId('order.page').waitFor()
  assert.match(await keeper.getByTestId('order.sentence').innerText(), /已超时/)

  // Up the line: the backup of the step is told too.
  const boss = await as('boss')
  await until(boss, () => isTold(boss))

  // And what nobody brings forward is an exception with an owner by name, and a time to see to it.
  const admin = await as('ops1', { path: '/exceptions' })
  await admin.getByTestId('exceptions.kind:suspected_lost').click()
  const row = admin.locator('[data-testid^="exceptions.row:"]').first()
  // The rows of before stay until those of the filter are there.
  await until(admin, async () => /疑似掉单/.test(await row.innerText()))
  await row.click()
  assert.match(await admin.getByTestId('exception.detail').innerText(), /李娜|张伟|流程管理员/)
})

test('s083 s090 a month is reviewed: the bottleneck is named, a finding and an action are written and stay', async () => {
  const admin = await as('ops1')
  await until(admin, async () => (await api(admin, 'GET', '/reviews')).body.months.length > 0)
  await go(admin, '/reports?view=review')
  await admin.getByTestId('review.month').waitFor()
  await admin.getByTestId('review.month').getByText('瓶颈').first().waitFor()
  await admin.getByTestId('review.finding.add').click()
  await admin.locator('[data-testid^="review.finding:"]').last().fill('价格常在审核时才发现不对')
  await admin.getByTestId('review.action.add').click()
  await admin.getByTestId('review.action.text:0').fill('录单时就核对价目表')
  await choose(admin, 'review.action.owner:0', 'smgr1')
  await admin.getByTestId('review.action.due:0').fill('2099-01-15')
  await admin.getByTestId('review.save').click()
  await until(admin, async () => {
    const { months } = (await api(admin, 'GET', '/reviews')).body
    return (await api(admin, 'GET', `/reviews/${months[0]}`)).body.actions.length === 1
  })
  await admin.reload()
  await settled(admin)
  assert.equal(await admin.getByTestId('review.action.text:0').inputValue(), '录单时就核对价目表')
  assert.equal(
    await admin.locator('[data-testid^="review.finding:"]').last().inputValue(),
    '价格常在审核时才发现不对',
  )
  // Whoever works is told by each task how it is done.
  const finance = await as('fin1', { path: '/tasks' })
  await finance.getByTestId('tasks.preview').locator('.sop').waitFor()
})
