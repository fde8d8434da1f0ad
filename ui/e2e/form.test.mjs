/** The order form: a field comes without a programmer, is asked for where orders are entered, and goes again. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, axe, openAs, overflow, phone, settled, startBrowser, startDemo } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'

let demo
let browser
/** A clean order of the demo, found before anything more is asked of it. */
let draft
before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
  const { page, context } = await openAs(browser, demo, 'sales1')
  draft = (await goods(page)).draft
  await context.close()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

const choose = async (page, id, text) => {
  await page.getByTestId(id).click()
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text })
    .first()
    .click()
}

test('s028 s053 a process admin adds a field, sees it, saves it, and orders are asked for it', async () => {
  const { page } = await openAs(browser, demo, 'ops1', { lang: 'zh' })
  await page.goto(`${demo.url}/automation/form`)
  await page.getByTestId('form.add').click()
  await page.getByTestId('form_field.name_zh').fill('出口许可证')
  await page.getByTestId('form_field.name_en').fill('Export licence')
  await page.getByTestId('form_field.field').fill('export_licence')
  await page.getByTestId('form_field.group_zh').fill('出口')
  await choose(page, 'form_field.required', '必填')
  await page.getByTestId('form_field.send').click()
  await page.getByTestId('form.preview').getByText('出口许可证').waitFor()
  assert.deepEqual(await axe(page), [])

  // Undone and done again before it counts.
  await page.getByTestId('form.undo').click()
  await page.getByTestId('form.preview').getByText('出口许可证').waitFor({ state: 'detached' })
  await page.getByTestId('form.add').click()
  await page.getByTestId('form_field.name_zh').fill('出口许可证')
  await page.getByTestId('form_field.field').fill('export_licence')
  await choose(page, 'form_field.required', '必填')
  await page.getByTestId('form_field.send').click()
  await page.getByTestId('form.save').click()
  await page.getByText('表单已保存').waitFor()

  // Whoever enters an order is asked for it, and gets there by F8.
  const seller = await openAs(browser, demo, 'sales1', { lang: 'zh' })
  const { body: placed } = await api(seller.page, 'POST', '/orders', { ...draft, customer_po: nextPo() })
  assert.equal(placed.status, 'incomplete', JSON.stringify(placed))
  await seller.page.goto(`${demo.url}/orders/${placed.id}/edit`)
  await seller.page.getByTestId('entry.problem:extra.export_licence').click()
  const input = seller.page.getByTestId('custom:extra.export_licence')
  assert.equal(await input.evaluate(each => each === document.activeElement), true)
  await input.fill('EX-2026-7')
  await seller.page.getByTestId('entry.problem:extra.export_licence').waitFor({ state: 'detached' })
  await seller.page.getByTestId('entry.submit').click()
  await seller.page.waitForURL(`**/orders/${placed.id}`)
  await seller.page.getByText('EX-2026-7').first().waitFor()

  // Taken out again, it is asked for no more and stays with the order.
  await page.getByTestId('form.remove:export_licence').click()
  await page.getByTestId('form.save').click()
  await page.getByText('还没有自定义字段').waitFor()
  await settled(page)
  const { body: again } = await api(seller.page, 'GET', `/orders/${placed.id}`)
  assert.equal(again.extra.export_licence, 'EX-2026-7')
})

test('s053 a process admin has a field worked out, and nobody types it', async () => {
  const { page } = await openAs(browser, demo, 'ops1', { lang: 'zh' })
  await page.goto(`${demo.url}/automation/form`)
  const add = async (name, key, formula) => {
    await page.getByTestId('form.add').click()
    await page.getByTestId('form_field.name_zh').fill(name)
    await page.getByTestId('form_field.field').fill(key)
    await choose(page, 'form_field.type', '数字')
    if (formula) await page.getByTestId('form_field.formula').fill(formula)
    assert.equal(await page.getByTestId('form_field.required').count(), formula ? 0 : 1)
    assert.deepEqual(await axe(page), [])
    await page.getByTestId('form_field.send').click()
  }
  await add('宽度', 'width', '')
  await add('面积', 'area', 'width * 2.5 - colour')
  await page.getByTestId('form.save').click()
  await page.getByTestId('form.faults').getByText('colour').waitFor()
  await page.getByTestId('form.edit:area').click()
  await page.getByTestId('form_field.formula').fill('width * 2.5')
  await page.getByTestId('form_field.send').click()
  await page.getByTestId('form.save').click()
  await page.getByText('表单已保存').waitFor()

  const seller = await openAs(browser, demo, 'sales1', { lang: 'zh' })
  const extra = { width: '3', area: '1' }
  const asked = { ...draft, customer_po: nextPo(), extra, submit: false }
  const { body: placed } = await api(seller.page, 'POST', '/orders', asked)
  assert.equal(placed.extra.area, '7.5', JSON.stringify(placed))
  await seller.page.goto(`${demo.url}/orders/${placed.id}/edit`)
  const area = seller.page.getByTestId('custom:extra.area')
  assert.equal(await area.inputValue(), '7.5')
  assert.equal(await area.isDisabled(), true)
  for (const key of ['width', 'area']) await page.getByTestId(`form.remove:${key}`).click()
  await page.getByTestId('form.save').click()
  await page.getByText('还没有自定义字段').waitFor()
})

test('s059 a field is shown to the roles that it is for, in the preview, in orders and where they are entered', async () => {
  const { page } = await openAs(browser, demo, 'ops1', { lang: 'zh' })
  await page.goto(`${demo.url}/automation/form`)
  await page.getByTestId('form.add').click()
  await page.getByTestId('form_field.name_zh').fill('返利')
  await page.getByTestId('form_field.field').fill('rebate')
  await choose(page, 'form_field.visible_to', '财务')
  await page.getByTestId('form_field.field').click()
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('form_field.send').click()
  const preview = page.getByTestId('form.preview')
  await preview.getByText('返利').waitFor()
  await choose(page, 'form.preview_as', '客服')
  await preview.getByText('返利').waitFor({ state: 'detached' })
  await choose(page, 'form.preview_as', '财务')
  await preview.getByText('返利').waitFor()
  await page.getByTestId('form.save').click()
  await page.getByText('表单已保存').waitFor()

  const seller = await openAs(browser, demo, 'sales1', { lang: 'zh' })
  const asked = { ...draft, customer_po: nextPo(), extra: { rebate: '百分之四' }, submit: false }
  const { body: placed } = await api(seller.page, 'POST', '/orders', asked)
  const edit = `${demo.url}/orders/${placed.id}/edit`
  await seller.page.goto(edit)
  assert.equal(await seller.page.getByTestId('custom:extra.rebate').inputValue(), '百分之四')
  const service = await openAs(browser, demo, 'cs1', { lang: 'zh' })
  await service.page.goto(edit)
  await service.page.getByTestId('entry.page').waitFor()
  await settled(service.page)
  assert.equal(await service.page.getByTestId('custom:extra.rebate').count(), 0)
  await service.page.goto(`${demo.url}/orders/${placed.id}`)
  await service.page.getByTestId('order.sentence').waitFor()
  assert.equal(await service.page.getByText('百分之四').count(), 0)
  const finance = await openAs(browser, demo, 'fin1', { lang: 'zh' })
  await finance.page.goto(`${demo.url}/orders/${placed.id}`)
  await finance.page.getByText('百分之四').first().waitFor()
  await page.getByTestId('form.remove:rebate').click()
  await page.getByTestId('form.save').click()
  await page.getByText('还没有自定义字段').waitFor()
})

test('s053 what is wrong with a form stands by its field, and the page fits a phone', async () => {
  const { page } = await openAs(browser, demo, 'ops1', { lang: 'en', viewport: phone })
  await page.goto(`${demo.url}/automation/form`)
  await page.getByTestId('form.add').click()
  await page.getByTestId('form_field.name_zh').fill('标记')
  await page.getByTestId('form_field.field').fill('Two Words')
  await page.getByTestId('form_field.send').click()
  await page.getByTestId('form.save').click()
  await page.getByTestId('form.faults').waitFor()
  assert.equal(await page.getByTestId('form.faults').getAttribute('data-count'), '1')
  assert.match(await page.getByTestId('form.faults').innerText(), /cannot be a key/)
  assert.equal(await overflow(page), 0)
})
