/** The walk of a new process admin: an approval comes, is tried, takes force, takes the orders under way, and goes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open, order, publish, routed, saved, version } from './flows.mjs'
import { api } from './harness.mjs'
import { company } from './people.mjs'
import { meter } from './usability.mjs'

const { as } = company()
const NEW = 'management_review'
const LIMIT_MS = 180_000

test('s028 s069 s099 an approval above an amount is added, tried, published, given to orders under way and rolled back', async t => {
  const page = await as('ops1', { path: '/automation/flows' })
  const sales = await as('sales1')
  const running = await order(sales, 120_000)
  assert.equal(running.status, 'in_review')
  const before = await version(page, 'standard')
  const used = await meter(t, page)
  const begun = Date.now()
  await open(page, 'standard')
  const place = page.url()

  await page.getByTestId('design.phrase').fill('含税金额不低于10万要总经理批')
  await page.getByTestId('design.phrase.take').click()
  await page.getByTestId(`design.card:${NEW}`).waitFor()
  await page.locator('[data-testid="design.problems:blocker"][data-count="0"]').waitFor()

  await page.getByTestId('design.simulate').click()
  const row = page.getByTestId(`design.try.step:${NEW}`)
  await page.getByTestId('design.try.value:amount').fill('120000')
  await page.getByTestId('design.try.go').click()
  await row.waitFor()
  await page.getByTestId('design.try.value:amount').fill('90000')
  await page.getByTestId('design.try.go').click()
  await row.waitFor({ state: 'detached' })
  await page.getByTestId('design.simulation.close').click()
  await saved(page)

  const published = await publish(page, '十万以上总经理审批')
  await page.getByTestId('migrate.plan').waitFor()
  for (const each of ['A', 'B', 'C']) {
    const box = page.getByTestId(`migrate.class:${each}`)
    if ((await box.isEnabled()) && !(await box.isChecked())) await box.click()
  }
  await page.getByTestId('migrate.go').click()
  await page.getByTestId('migrate.result').waitFor()
  // Orders are moved in portions, and nobody leaves before all of them are.
  assert.ok(await page.getByTestId('publish.done').isDisabled())
  await page.getByTestId('migrate.stop').waitFor({ state: 'detached', timeout: 90_000 })
  await page.getByTestId('publish.done').click()
  const now = (await api(sales, 'GET', `/orders/${running.id}`)).body
  assert.equal(now.flow.version, published, 'the order under way goes by the new version')
  assert.ok(now.route.some(step => step.node_id === NEW && step.state !== 'skipped'))

  await page.getByTestId('design.versions').click()
  await page.getByTestId(`design.restore:${before}`).click()
  await page.getByTestId('design.restore_dialog.text').fill('复核改到线下进行')
  await page.getByTestId('design.restore_dialog.send').click()
  await page.getByTestId('design.restore_dialog.send').waitFor({ state: 'detached' })
  const ms = Date.now() - begun
  await used()
  assert.ok(ms <= LIMIT_MS, `${ms} ms`)
  assert.equal(page.url(), place, 'no page outside of the designer')
  assert.equal(await version(page, 'standard'), published + 1)
  assert.ok(!(await routed(sales, await order(sales, 120_000))).includes(NEW))
})
