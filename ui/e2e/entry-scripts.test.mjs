/** The usability scripts of whoever writes orders: by what they see, with limits on clicks and keys. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paste } from './clipboard.mjs'
import { api } from './harness.mjs'
import { nextPo } from './orders.mjs'
import { company } from './people.mjs'
import { meter, reflow, stepOf } from './usability.mjs'

const { as } = company()
const REVIEWS = ['sales_review', 'finance_review', 'warehouse_review']

const judged = page => page.locator('[data-testid="entry.readiness"][aria-busy="false"]').waitFor()
const cell = (page, field, row) => page.getByTestId(`entry.cell:${field}:${row}`)
/** What a cell says, whether it is edited or not. */
const shown = (page, field, row) => cell(page, field, row).evaluate(at => at.value ?? at.innerText)
const focused = page => page.evaluate(() => document.activeElement?.dataset.testid)
const inDays = days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const ordersOf = async (page, customer) =>
  (await api(page, 'GET', `/orders?q=${encodeURIComponent(customer)}&limit=50`)).body.items

/** The three departments look at every order. */
const everybodyLooks = async () =>
  reflow(await as('ops1'), '各部门逐单审核', doc => {
    for (const id of REVIEWS) stepOf(doc, id).kind.auto_when_clear = false
  })

async function put(page, path, body) {
  const said = await api(page, 'PUT', path, body)
  assert.equal(said.status, 200, `${path}: ${JSON.stringify(said.body)}`)
  assert.deepEqual(said.body.findings ?? [], [])
}

/** A customer that is known in full, and five products on the shelf. */
async function hdjd() {
  const admin = await as('ops1')
  const customer = {
    code: 'C001',
    name: '华东机电',
    currency: 'CNY',
    payment_terms: 'NET30',
    ship_to: [{ name: '张经理', phone: '13900000001', address: '上海市浦东新区张江路 1 号' }],
    invoice: { title: '华东机电', tax_no: '91330328DEM911539A', kind: 'vat_special' },
  }
  const bare = {
    code: 'C002',
    name: '江南五金',
    currency: 'CNY',
    payment_terms: 'NET30',
    ship_to: [{ name: '李工', phone: '13900000002' }],
    invoice: { tax_no: '91330328DEM911539A', kind: 'vat_special' },
  }
  await put(admin, '/customers', { items: [customer, bare] })
  const codes = ['P-1001', 'P-1002', 'P-1003', 'P-1004', 'P-1005']
  const names = ['减速机', '联轴器', '电动机', '轴承座', '链轮']
  const items = codes.map((code, i) => ({
    code,
    name: names[i],
    unit: '台',
    tax_rate: '0.13',
    list_price: '120',
  }))
  await put(admin, '/products', { items })
  const counted = codes.map(product => ({ product, warehouse: 'SH', on_hand: '100' }))
  await put(admin, '/stock/feed', { items: counted })
  return { admin, codes }
}

test('t01 an order of five lines is keyed in and submitted without the mouse', async t => {
  await everybodyLooks()
  const { codes } = await hdjd()
  const page = await as('sales1', { path: '/orders/new' })
  await page.getByTestId('entry.field:customer').waitFor()
  assert.equal(await focused(page), 'entry.field:customer')
  const used = await meter(t, page)
  const { keyboard } = page
  await keyboard.type('hdjd')
  await page.getByTestId('entry.field:customer.option:C001').waitFor()
  await keyboard.press('Tab')
  await keyboard.type('4500123')
  await keyboard.press('Tab')
  await keyboard.type('+20')
  // What the customer's record gives is passed over by the way into the lines.
  for (let guard = 0; guard < 30 && !(await focused(page))?.startsWith('entry.cell:product'); guard += 1)
    await keyboard.press('Tab')
  const late = []
  for (const [row, code] of codes.entries()) {
    await keyboard.type(code)
    await page.getByTestId(`entry.cell:product:${row}.option:${code}`).waitFor()
    await keyboard.press('Enter')
    await page.getByTestId(`entry.cell:quantity:${row}`).and(page.locator('input')).waitFor()
    await keyboard.type('2')
    await keyboard.press('Enter')
    const left = Date.now()
    await page.getByTestId(`entry.atp:${row}`).waitFor()
    late.push(Date.now() - left)
    if (row === codes.length - 1) break
    await keyboard.press('Enter')
    await keyboard.press('Enter')
  }
  t.diagnostic(`from leaving a cell to its price and promise: ${late.join(', ')} ms`)
  await judged(page)
  const route = await page.getByTestId('entry.route').innerText()
  for (const person of ['王芳', '陈刚']) assert.match(route, new RegExp(person))
  await keyboard.press('Control+Enter')
  await page.locator('[data-testid="order.page"][data-status="in_review"]').waitFor()
  await used({ clicks: 0, keys: 140 })
  const [row] = await ordersOf(page, '4500123')
  const { body } = await api(page, 'GET', `/orders/${row.id}`)
  assert.deepEqual(body.tasks.map(task => task.node_id).sort(), [...REVIEWS].sort())
})

test('t02 words from a chat become an order, and what is missing stops it until it is there', async t => {
  const { codes } = await hdjd()
  const page = await as('sales1', { path: '/orders/new' })
  await page.getByTestId('entry.field:customer').waitFor()
  const used = await meter(t, page)
  const { keyboard } = page
  await keyboard.type('C002')
  await page.getByTestId('entry.field:customer.option:C002').waitFor()
  await keyboard.press('Tab')
  const po = nextPo()
  await keyboard.type(po)
  await keyboard.press('Tab')
  await keyboard.type('+20')
  await cell(page, 'product', 0).click()
  await paste(page, `${codes[0]} 2台\n${codes[1]} 3台\n${codes[2]} 4台，谢谢`)
  await page.getByTestId('recognise.line:2').waitFor()
  await page.getByTestId('recognise.take').click()
  await judged(page)
  const chip = page.getByTestId('entry.chip:required')
  await chip.and(page.locator('[data-count="2"]')).waitFor()
  assert.ok(await page.getByTestId('entry.submit').isDisabled())
  // Whoever tries all the same is led to what is missing.
  await keyboard.press('Control+Enter')
  assert.deepEqual(await ordersOf(page, po), [], 'nothing was stored')
  const missing = []
  for (const words of ['杭州市西湖区文三路 2 号', '江南五金有限公司']) {
    await keyboard.press('F8')
    missing.push(await focused(page))
    await keyboard.insertText(words)
    await judged(page)
  }
  assert.deepEqual(missing.sort(), ['entry.field:invoice.title', 'entry.field:ship_to.address'])
  await keyboard.press('Control+Enter')
  await page.getByTestId('order.page').waitFor()
  await used({ clicks: 4 })
  assert.equal((await ordersOf(page, po)).length, 1, 'it was submitted once')
})

test('t03 more than there is is split into what is there and what comes', async t => {
  const { admin } = await hdjd()
  const product = 'P-2001'
  const item = { code: product, name: '减速箱', unit: '台', tax_rate: '0.13', list_price: '120' }
  await put(admin, '/products', { items: [item] })
  await put(admin, '/stock/feed', { items: [{ product, warehouse: 'SH', on_hand: '100' }] })
  const due = inDays(4)
  const purchase = { number: 'PO-T03', state: 'ordered', product, warehouse: 'SH', quantity: '100' }
  await put(admin, '/purchase-orders', { items: [{ ...purchase, due_date: due }] })
  const page = await as('sales1', { path: '/orders/new' })
  await page.getByTestId('entry.field:customer').fill('C001')
  await page.getByTestId('entry.field:customer.option:C001').click()
  const po = nextPo()
  await page.getByTestId('entry.field:customer_po').fill(po)
  await page.getByTestId('entry.field:requested_date').fill(inDays(1))
  await cell(page, 'product', 0).click()
  const used = await meter(t, page)
  const { keyboard } = page
  await keyboard.type(product)
  await page.getByTestId(`entry.cell:product:0.option:${product}`).waitFor()
  await keyboard.press('Enter')
  await cell(page, 'quantity', 0).and(page.locator('input')).waitFor()
  await keyboard.type('150')
  const chip = page.locator('[data-testid="entry.atp:0"][data-tone="amber"]')
  await chip.waitFor()
  assert.match(await chip.innerText(), new RegExp(`100[\\s\\S]*50[\\s\\S]*${due.slice(5)}`))
  const { body: atp } = await api(page, 'GET', `/atp?product=${product}&quantity=150&date=${inDays(1)}`)
  assert.deepEqual(
    atp.split.map(part => part.quantity),
    ['100', '50'],
  )
  assert.equal(atp.split[1].date, due)
  await chip.click()
  await page.getByTestId('atp.split').click()
  for (const row of [0, 1])
    await page.locator(`[data-testid="entry.atp:${row}"][data-tone="green"]`).waitFor()
  await used({ clicks: 3 })
  assert.deepEqual([await shown(page, 'quantity', 0), await shown(page, 'quantity', 1)], ['100', '50'])
  assert.equal(await shown(page, 'requested_date', 1), due)
  const free = async () => (await api(page, 'GET', `/stock?q=${product}`)).body.items[0].available
  assert.equal(await free(), '100', 'nothing is held before')
  await keyboard.press('Control+Enter')
  await page.getByTestId('order.page').waitFor()
  assert.equal(await free(), '0', 'what was promised is held')
})
