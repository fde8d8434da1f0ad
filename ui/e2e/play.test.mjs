/** A flow played in the designer: as one person after the other, with time that passes, and without a trace. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, open, put } from './flows.mjs'
import { api, axe, overflow } from './harness.mjs'
import { company } from './people.mjs'

const { as, go } = company()
const STEP = 'manager_approval'

/** What there is in the company that a play could have added to. */
const stored = async page => {
  const of = async path => (await api(page, 'GET', path)).body
  const [orders, tasks, notices] = [
    await of('/orders?limit=1'),
    await of('/tasks?limit=1'),
    await of('/notices'),
  ]
  return JSON.stringify([orders.items[0]?.id, orders.total, tasks.items[0]?.id, tasks.total, notices.unread])
}
/** The sales manager has an hour, then the step goes to its backup. */
const hurried = doc => {
  const visit = steps => {
    for (const { id, kind } of steps) {
      if (id === STEP) {
        delete kind.deadline_minutes
        kind.deadline = { from: { after: { minutes: 60 } }, rules: [{ at_minutes: 0, do: 'to_backup' }] }
      }
      for (const lane of kind.lanes ?? []) visit(lane.steps ?? [])
    }
  }
  visit(doc.steps)
  return doc
}

test('s028 s091 a draft is played as one person, time passes until it is handed up, and its end is reached without a trace', async () => {
  const page = await as('ops1', { path: '/automation/flows' })
  const { doc, revision } = await draftOf(page, 'standard')
  assert.equal(await put(page, 'standard', revision, hurried(structuredClone(doc))), 200)
  const before = await stored(page)
  await open(page, 'standard')
  await page.getByTestId('design.simulate').click()
  await page.getByTestId('design.try.value:amount').fill('120000')
  await page.getByTestId('design.try.go').click()
  const whole = Number(await page.getByTestId('design.try.result').getAttribute('data-count'))
  await page.getByTestId('design.try.play').click()
  const task = page.getByTestId(`design.play.task:${STEP}`)
  await task.waitFor()
  assert.match(await page.getByTestId(`design.play.holder:${STEP}`).innerText(), /销售主管/)
  await page.locator('[data-testid="design.play"][aria-busy="false"]').waitFor()
  // What this person sees of the order is told before anybody works with it.
  await task.locator('summary').click()
  await page.getByTestId('design.play.field:totals.gross').getByText('120000.00').waitFor()
  assert.deepEqual(await axe(page), [])

  // Nobody acts: the timers fire one after the other, and the step goes to its backup.
  await page.getByTestId(`design.play.late:${STEP}`).focus()
  await page.keyboard.press('Enter')
  await page.getByTestId(`design.play.holder:${STEP}`).getByText('管理层').first().waitFor()
  await page.getByTestId('design.play.entry:timer').first().waitFor()
  await page.locator('[data-testid="design.play"][data-acts="1"][aria-busy="false"]').waitFor()
  await page.getByTestId('design.play.undo').click()
  await page.getByTestId(`design.play.holder:${STEP}`).getByText('销售主管').first().waitFor()
  await page.locator('[data-testid="design.play"][data-acts="0"][aria-busy="false"]').waitFor()
  await page.getByTestId(`design.play.late:${STEP}`).click()
  await page.getByTestId(`design.play.holder:${STEP}`).getByText('管理层').first().waitFor()
  await page.locator('[data-testid="design.play"][data-acts="1"][aria-busy="false"]').waitFor()

  await page.getByTestId(`design.play.reason:${STEP}`).fill('毛利足够')
  await page.getByTestId(`design.play.approve:${STEP}`).click()
  await page.locator('[data-testid="design.play.status"][data-status="confirmed"]').waitFor()
  const mail = page.locator('[data-testid="design.play.notice:order_confirmed"][data-channel="mail"]')
  await mail.locator('summary').click()
  await mail.getByText('SIM-1').first().waitFor()
  assert.deepEqual(await axe(page), [])
  // What is told above, and kept as a case, stays the whole way.
  assert.equal(Number(await page.getByTestId('design.try.result').getAttribute('data-count')), whole)
  await page.getByTestId('design.try.case').fill('大额逐步扮演')
  await page.getByTestId('design.try.keep').click()
  await page.getByTestId('design.simulation').getByText('大额逐步扮演').first().waitFor()
  assert.equal(await stored(page), before, 'nothing of it is stored')
})

test('s028 a play fits a small screen, in English', async () => {
  const small = { width: 1024, height: 700 }
  const page = await as('ops1', { viewport: small, lang: 'en', path: '/automation/flows' })
  await go(page, '/automation/flows/standard/design')
  await page.getByTestId('design.card:start').waitFor()
  await page.keyboard.press('s')
  await page.getByTestId('design.try.value:amount').fill('120000')
  await page.getByTestId('design.try.go').click()
  await page.getByTestId('design.try.play').click()
  await page.getByTestId(`design.play.task:${STEP}`).waitFor()
  await page.getByTestId('design.play.next').click()
  await page.getByTestId('design.play.entry:timer').first().waitFor()
  assert.equal(await overflow(page), 0)
})
