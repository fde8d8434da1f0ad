import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, openAs, overflow, phone, settled, startBrowser, startEmpty } from './harness.mjs'

const PASSWORD = 'Five-minutes-2026'
const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)

/** Opens a step of the set-up, puts cells in and sends them. */
async function load(page, step, cells) {
  const open = page.getByTestId(`start.open:${step}`)
  if ((await open.getAttribute('aria-expanded')) !== 'true') await open.click()
  await page.getByTestId(`start.${step}.cells`).fill(cells)
  await page.getByTestId(`start.${step}.send`).click()
  await page.getByTestId(`start.${step}.result`).waitFor()
  await page.locator(`[data-testid="start.step:${step}"][data-done="true"]`).waitFor()
}

test('s052 an empty installation is walked to its first confirmed order', async t => {
  const demo = await startEmpty()
  const browser = await startBrowser()
  try {
    const { page, complaints } = await openAs(browser, demo, 'admin', { ready: 'password.send' })
    await page.getByTestId('password.current').fill(demo.report.logins[0].password)
    await page.getByTestId('password.password').fill(PASSWORD)
    await page.getByTestId('password.send').click()
    await page.getByTestId('workbench.start').waitFor()
    const begun = Date.now()
    await page.getByTestId('workbench.start.open').click()
    await page.getByTestId('start.page').waitFor()
    await settled(page)
    assert.deepEqual(await axe(page), [])
    // What is wrong is named by cell, and nothing is sent.
    await page.getByTestId('start.people.cells').fill('登录名\t姓名\t部门\t角色\nlina\t李娜\t销售\t老板娘')
    assert.match(await page.getByTestId('start.people.faults').innerText(), /第 2 行「角色」是「老板娘」/)
    assert.ok(await page.getByTestId('start.people.send').isDisabled())
    await load(
      page,
      'people',
      '登录名\t姓名\t部门\t角色\nlina\t李娜\t销售\t销售\nwangfang\t王芳\t财务\t财务\nchengang\t陈刚\t仓库\t仓库',
    )
    assert.equal(await page.getByTestId('start.passwords').getAttribute('data-count'), '3')
    const password = await page.getByTestId('start.password:lina').innerText()
    // The same people once more: they keep their passwords.
    await page.getByTestId('start.people.send').click()
    await page.getByTestId('start.people.result').filter({ hasText: '未变 3' }).waitFor()
    assert.equal(await page.getByTestId('start.passwords').count(), 0)
    await load(
      page,
      'customers',
      '客户编码\t客户名称\t收货人\t电话\t收货地址\t发票抬头\t税号\t付款条件\t信用额度\nC001\t华东机电\t张经理\t13800138000\t苏州工业园区星湖街328号\t华东机电有限公司\t91110000600037341L\tNET30\t500000',
    )
    await load(page, 'products', 'P-1001\t减速机\t台\t1,200\t13%')
    await load(page, 'stock', 'P-1001\tWH1\t120')
    await page.getByTestId('start.open:order').click()
    await page.getByTestId('start.new_order').click()
    await page.getByTestId('entry.field:customer').fill('C001')
    await page.getByTestId('entry.field:customer.option:C001').click()
    await page.getByTestId('entry.field:customer_po').fill('FIRST-1')
    await page.getByTestId('entry.field:requested_date').fill(day)
    await page.getByTestId('entry.cell:product:0').click()
    await page.getByTestId('entry.cell:product:0').fill('P-1001')
    await page.getByTestId('entry.cell:product:0.option:P-1001').click()
    await page.getByTestId('entry.cell:quantity:0').click()
    await page.getByTestId('entry.cell:quantity:0').fill('2')
    await page.locator('[data-testid="entry.readiness"][aria-busy="false"]').waitFor()
    await page.getByTestId('entry.submit').click()
    await page.locator('[data-testid="order.page"][data-status="confirmed"]').waitFor()
    const seconds = Math.round((Date.now() - begun) / 1000)
    t.diagnostic(`first order confirmed after ${seconds} s of scripted time`)
    assert.ok(seconds <= 300)
    await page.goto(`${demo.url}/start`)
    await page.locator('[data-testid="start.page"][data-count="6"]').waitFor()
    await page.goto(demo.url)
    await settled(page)
    assert.equal(await page.getByTestId('workbench.start').count(), 0, 'nothing is left to be done')
    // And the people can sign in.
    const { status } = await api(page, 'POST', '/session', { login: 'lina', password })
    assert.equal(status, 200)
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
    await demo.stop()
  }
})

test('s052 the set-up says what a file is that is no sheet, and fits on a phone', async () => {
  const demo = await startEmpty()
  const browser = await startBrowser()
  try {
    const { page } = await openAs(browser, demo, 'admin', { ready: 'password.send', viewport: phone })
    await page.getByTestId('password.current').fill(demo.report.logins[0].password)
    await page.getByTestId('password.password').fill(PASSWORD)
    await page.getByTestId('password.send').click()
    await page.getByTestId('workbench.start.open').click()
    await page.getByTestId('start.open:products').click()
    const file = page.getByTestId('start.products.file')
    await file.setInputFiles({ name: 'book.xlsx', mimeType: '', buffer: Buffer.from([0x50, 0x4b, 3, 4, 0]) })
    await page.getByTestId('start.products.refused').filter({ hasText: 'Excel' }).waitFor()
    await file.setInputFiles({ name: 'a.png', mimeType: '', buffer: Buffer.from([1, 0, 2]) })
    await page.getByTestId('start.products.refused').filter({ hasText: '不是表格' }).waitFor()
    await file.setInputFiles({ name: 'a.csv', mimeType: '', buffer: Buffer.from('P-1,螺栓,件,5,13%') })
    await page.locator('[data-testid="start.products.send"]:not([disabled])').waitFor()
    assert.equal(await overflow(page), 0)
    assert.deepEqual(await axe(page), [])
  } finally {
    await browser.close()
    await demo.stop()
  }
})
