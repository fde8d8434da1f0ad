import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, overflow, phone, putOver, until } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

/** A confirmed order of so many pieces. */
async function confirmed(page, quantity = '4') {
  const { draft } = await goods(page)
  const lines = [{ ...draft.lines[0], quantity }]
  const { body } = await api(page, 'POST', '/orders', { ...draft, customer_po: nextPo(), lines })
  assert.equal(body.status, 'confirmed', JSON.stringify(body.findings))
  return body
}

async function menu(page, act) {
  await page.getByTestId('order.change_menu').click()
  await page.getByTestId(`order.${act}`).click()
}

const read = (page, order) => api(page, 'GET', `/orders/${order.id}`).then(answer => answer.body)

test('s046 a change is looked at before it is asked for, and runs its way from the order page', async () => {
  const page = await as('sales1')
  const order = await confirmed(page)
  await go(page, `/orders/${order.id}`)
  await menu(page, 'request_change')
  const line = order.lines[0].id
  assert.ok(await page.getByTestId('order.change.send').isDisabled(), 'not without a reason')
  await page.getByTestId(`order.change.quantity:${line}`).fill('3')
  await page.getByTestId('order.change.more').click()
  await page.getByTestId('order.change.customer_po').fill('PO-NEW')
  await page.getByTestId('order.change.reason').fill('客户来电,少要一件')
  await page.getByTestId('order.change.preview').click()
  const preview = page.getByTestId('change.preview')
  await preview.waitFor()
  assert.equal(await preview.getAttribute('data-at-once'), 'true')
  assert.equal((await read(page, order)).revision, 1, 'a preview writes nothing')
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('order.change.send').click()
  await page.getByTestId('order.change.send').waitFor({ state: 'detached' })
  const now = await read(page, order)
  assert.deepEqual([now.revision, now.lines[0].quantity, now.status], [2, '3', 'confirmed'])
  assert.equal(now.customer_po, 'PO-NEW')
})

test('s046 a change adds a line and another price, on a phone too', async () => {
  const page = await as('sales1', { viewport: phone })
  const order = await confirmed(page)
  const [line] = order.lines
  await go(page, `/orders/${order.id}`)
  await menu(page, 'request_change')
  const price = (Number(line.unit_price) + 1).toFixed(2)
  const asked = page.getByTestId(`order.change.price:${line.id}`)
  await asked.press('ControlOrMeta+A')
  await asked.press('Backspace')
  await page.keyboard.type('12..5')
  assert.ok(await page.getByTestId('order.change.preview').isDisabled(), 'what is no number is not sent')
  await asked.press('ControlOrMeta+A')
  await page.keyboard.type(price)
  await page.getByTestId('order.change.add').click()
  const added = page.locator('[data-testid^="order.change.quantity:"]').last()
  const key = (await added.getAttribute('data-testid')).split(':')[1]
  await choose(page, `order.change.product:${key}`, line.product)
  await added.fill('1')
  // The price that is agreed for the product comes by itself.
  const agreed = page.getByTestId(`order.change.price:${key}`)
  await added.blur()
  await until(page, async () => Number(await agreed.inputValue()) === Number(line.unit_price))
  await page.getByTestId('order.change.reason').fill('客户加单')
  await page.getByTestId('order.change.preview').click()
  const preview = page.getByTestId('change.preview')
  await preview.waitFor()
  assert.deepEqual([await axe(page), await overflow(page)], [[], 0])
  const said = await preview.innerText()
  assert.ok(said.includes(`${line.product} × 1`) && !said.includes('{'), said)
  await page.getByTestId('order.change.send').click()
  await page.getByTestId('order.change.send').waitFor({ state: 'detached' })
  const { body } = await api(page, 'GET', `/orders/${order.id}/changes`)
  const paths = body.items[0].differences.map(each => each.path)
  assert.equal(paths.length, 2, JSON.stringify(paths))
})

test('s046 a change asks for all that an order holds, and says it in words', async () => {
  const [admin, page] = [await as('admin'), await as('sales1')]
  const clause = { code: 'RETENTION', zh: '留尾款一成', en: 'A tenth is kept' }
  assert.equal((await api(admin, 'PUT', '/clauses', { items: [clause] })).status, 200)
  const field = (name, zh, line) => ({ field: name, type: 'text', name: { zh, en: name }, line })
  const items = [field('site', '工地', false), field('colour', '颜色', true)]
  assert.ok((await putOver(admin, '/order-form', { items })) < 300)
  const order = await confirmed(page)
  await go(page, `/orders/${order.id}`)
  await menu(page, 'request_change')
  const asked = name => page.getByTestId(`order.change.${name}`)
  await asked(`discount:${order.lines[0].id}`).fill('x')
  assert.ok(await asked('preview').isDisabled(), 'what is no number is not sent')
  await asked(`discount:${order.lines[0].id}`).fill('2')
  await asked('special_requests').fill('周五前电话预约')
  await asked('more').click()
  await choose(page, 'order.change.invoice.kind', /普通/)
  await asked('invoice.title').fill('新抬头有限公司')
  await choose(page, 'order.change.delivery_terms.code', 'FOB')
  await asked('delivery_terms.place').fill('上海港')
  await choose(page, 'order.change.clauses', 'RETENTION')
  await asked('clause:RETENTION').fill('留尾款半成')
  await page.getByTestId('custom:extra.site').fill('二号楼')
  await page.getByTestId(`custom:${order.lines[0].id}.extra.colour`).fill('蓝')
  await asked('reason').fill('客户来函')
  await asked('preview').click()
  const preview = page.getByTestId('change.preview')
  await preview.waitFor()
  const said = await preview.locator('.changes').innerText()
  for (const words of [
    /普通发票/,
    /FOB 上海港/,
    /RETENTION v1（特别约定：留尾款半成）/,
    /工地.*二号楼/,
    /2 %/,
  ])
    assert.match(said, words)
  assert.match(said, /第 1 行 颜色.*蓝/)
  assert.doesNotMatch(said, /extra|vat_|[{}]/)
  assert.deepEqual(await axe(page), [])
  await asked('send').click()
  await asked('send').waitFor({ state: 'detached' })
  const { body } = await api(page, 'GET', `/orders/${order.id}/changes`)
  const paths = body.items[0].differences.map(each => each.path.replace(/^lines\[0\]/, 'line')).sort()
  assert.deepEqual(paths, [
    'clauses',
    'delivery_terms',
    'extra',
    'invoice.kind',
    'invoice.title',
    'line.discount',
    'line.extra',
    'special_requests',
  ])
})

test('s046 a change is taken beside what others do to the order, but not over what they have changed', async () => {
  const page = await as('sales1')
  const other = await as('smgr1')
  const order = await confirmed(page)
  await go(page, `/orders/${order.id}`)
  await menu(page, 'request_change')
  await page.getByTestId(`order.change.quantity:${order.lines[0].id}`).fill('3')
  await page.getByTestId('order.change.reason').fill('客户来电')
  const said = await api(other, 'POST', `/orders/${order.id}/comments`, { text: '请尽快' })
  assert.ok(said.body.version > order.version, 'the order has moved')
  await page.getByTestId('order.change.send').click()
  await page.getByTestId('order.change.send').waitFor({ state: 'detached' })
  assert.equal((await read(page, order)).lines[0].quantity, '3')
  // Once more, while somebody else changes the same order.
  await go(page, `/orders/${order.id}`)
  await menu(page, 'request_change')
  await page.getByTestId(`order.change.quantity:${order.lines[0].id}`).fill('2')
  await page.getByTestId('order.change.reason').fill('客户再来电')
  await go(other, `/orders/${order.id}`)
  await menu(other, 'request_change')
  await other.getByTestId('order.change.special_requests').fill('上午送到')
  await other.getByTestId('order.change.reason').fill('客户来函')
  await other.getByTestId('order.change.send').click()
  await other.getByTestId('order.change.send').waitFor({ state: 'detached' })
  await page.getByTestId('order.change.send').click()
  await page.getByTestId('order.change.refusal').waitFor()
  const now = await read(page, order)
  assert.deepEqual([now.lines[0].quantity, now.special_requests], ['3', '上午送到'])
})

test('s026 whoever has to do with an order is told of its change once, and what is not open says why', async () => {
  const sales = await as('sales1')
  const order = await confirmed(sales)
  const warehouse = await as('wh1', { path: `/orders/${order.id}` })
  await api(warehouse, 'POST', `/orders/${order.id}/watch`, { on: true })
  await go(sales, `/orders/${order.id}`)
  await menu(sales, 'request_change')
  await sales.getByTestId(`order.change.quantity:${order.lines[0].id}`).fill('2')
  await sales.getByTestId('order.change.reason').fill('客户改数量')
  await sales.getByTestId('order.change.send').click()
  await sales.getByTestId('order.change.send').waitFor({ state: 'detached' })
  const told = (await api(warehouse, 'GET', '/notices?limit=50')).body.items
  const mine = told.filter(notice => notice.kind === 'change_applied' && notice.order?.id === order.id)
  const loose = told.filter(notice => JSON.stringify(notice).includes(order.number))
  assert.ok(mine.length === 1 || loose.length === 1, JSON.stringify(told.slice(0, 3)))
  // What nobody may change any more, the menu does not offer.
  await go(sales, `/orders/${order.id}`)
  await sales.getByTestId('order.cancel').click()
  await sales.getByTestId('order.cancel.reason').click()
  await sales.locator('.ant-select-item-option').first().click()
  await sales.getByTestId('order.cancel.send').click()
  await sales.getByTestId('order.cancel.send').waitFor({ state: 'detached' })
  const gone = await read(sales, order)
  assert.equal(gone.status, 'cancelled')
  assert.ok(gone.cancel_reason.code, 'it is counted by its reason')
  await sales.getByTestId('order.change_menu').click()
  await sales.getByTestId('order.request_change').getByText(/·/).waitFor()
})

test('s023 an order is split from its page, on a phone too', async () => {
  const page = await as('sales1', { viewport: phone })
  const order = await confirmed(page)
  await go(page, `/orders/${order.id}`)
  assert.equal(await overflow(page), 0)
  await menu(page, 'split')
  const line = order.lines[0].id
  await page.getByTestId(`order.split.line:${line}`).fill('9')
  await page.getByTestId('order.split.reason').fill('分两处收货')
  await page.getByTestId('order.split.send').click()
  await page.getByText(/9/).last().waitFor()
  assert.equal((await read(page, order)).revision, 1, 'more than there is is refused in words')
  assert.equal(await overflow(page), 0)
  assert.deepEqual(await axe(page), [])
  await page.getByTestId(`order.split.line:${line}`).fill('1')
  await page.getByTestId('order.split.send').click()
  await page.getByTestId('order.split.send').waitFor({ state: 'detached' })
  const rest = await read(page, order)
  assert.deepEqual([rest.lines[0].quantity, rest.family.parts.length], ['3', 1])
})

test('s061 a late product moves the ticked orders that wait for it, looked at first', async () => {
  // Goods of which none lies on the shelf: all who asked for them wait for one purchase.
  const [admin, planner, page] = [await as('admin'), await as('plan1'), await as('sales1')]
  const product = 'ZZ-LATE'
  const put = async (who, path, item) =>
    assert.equal((await api(who, 'PUT', path, { items: [item] })).status, 200, path)
  await put(admin, '/products', {
    code: product,
    name: '晚到的货',
    unit: 'pcs',
    tax_rate: '0.13',
    list_price: '10.00',
  })
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
  await put(planner, '/purchase-orders', {
    number: 'PO-LATE',
    product,
    quantity: '100',
    due_date: due,
    state: 'ordered',
  })
  const { draft } = await goods(page)
  const orders = []
  for (const quantity of ['1', '2', '1']) {
    const lines = [{ ...draft.lines[0], product, unit: 'pcs', unit_price: '10.00', quantity }]
    const { body } = await api(page, 'POST', '/orders', { ...draft, customer_po: nextPo(), lines })
    assert.equal(body.status, 'confirmed', JSON.stringify(body.findings))
    orders.push(body)
  }
  await go(page, `/stock?product=${encodeURIComponent(product)}`)
  await page.getByTestId('product.late').click()
  assert.ok(await page.getByTestId('late.send').isDisabled(), 'not before it was looked at')
  const day = new Date(`${orders[0].requested_date}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + 7)
  await page.getByTestId('late.date').fill(day.toISOString().slice(0, 10))
  await page.getByTestId('late.reason').fill('供应商停产一周')
  await page.getByTestId('late.preview').click()
  await page.getByTestId('late.shown').waitFor()
  const row = order => page.getByTestId(`late.row:${order.number}`)
  for (const order of orders) assert.equal(await row(order).getAttribute('data-state'), 'applied')
  assert.equal((await read(page, orders[0])).revision, 1, 'a preview writes nothing')
  assert.deepEqual(await axe(page), [])
  await row(orders[1]).getByRole('checkbox').uncheck()
  await page.getByTestId('late.send').click()
  await page.getByTestId('late.result').waitFor()
  const revisions = await Promise.all(orders.map(order => read(page, order).then(now => now.revision)))
  assert.deepEqual(revisions, [2, 1, 2], 'what was not ticked stays as it is')
})

test('s023 an order of the same customer is merged in, and is cancelled with that', async () => {
  const page = await as('sales1')
  const { draft } = await goods(page)
  const place = () => api(page, 'POST', '/orders', { ...draft, customer_po: nextPo(), submit: false })
  const [into, from] = [(await place()).body, (await place()).body]
  await go(page, `/orders/${into.id}`)
  await menu(page, 'merge')
  await page.getByTestId('order.merge.from').click()
  await page.getByText(`${from.number} · `).click()
  await page.getByTestId('order.merge.reason').fill('客户要求一起发货')
  await page.getByTestId('order.merge.send').click()
  await page.getByTestId('order.merge.send').waitFor({ state: 'detached' })
  const [whole, gone] = [await read(page, into), await read(page, from)]
  assert.equal(whole.lines.length, into.lines.length + from.lines.length)
  assert.equal(gone.status, 'cancelled')
})

test('s020 a line whose purchase is late takes goods of an order that needs them no sooner', async () => {
  const [admin, keeper, planner, page] = [
    await as('admin'),
    await as('wh1'),
    await as('plan1'),
    await as('sales1'),
  ]
  const [product, number] = ['ZZ-SWAP', 'PO-SWAP']
  const put = async (who, path, item) =>
    assert.equal((await api(who, 'PUT', path, { items: [item] })).status, 200, path)
  const price = { tax_rate: '0.13', list_price: '10.00' }
  await put(admin, '/products', { code: product, name: '可调换的货', unit: 'pcs', ...price })
  await put(keeper, '/stock/feed', { product, warehouse: 'SH', on_hand: '5' })
  const day = n => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)
  const due = n =>
    put(planner, '/purchase-orders', { number, product, quantity: '9', due_date: day(n), state: 'ordered' })
  await due(5)
  const { draft } = await goods(page)
  const place = async (quantity, requested_date) => {
    const lines = [
      { ...draft.lines[0], product, unit: 'pcs', unit_price: '10.00', quantity, requested_date: null },
    ]
    const asked = { ...draft, customer_po: nextPo(), lines, requested_date }
    const { body } = await api(page, 'POST', '/orders', asked)
    assert.equal(body.status, 'confirmed', JSON.stringify(body.findings))
    return body
  }
  const [later, soon] = [await place('4', day(40)), await place('3', day(10))]
  await due(30)
  await go(planner, `/orders/${soon.id}?tab=lines`)
  const offers = planner.getByTestId(`order.exchanges:${soon.lines[0].id}`)
  await offers.waitFor()
  assert.equal(await offers.getAttribute('data-count'), '1')
  assert.match(await offers.innerText(), new RegExp(`${later.number}.*让出 2`))
  assert.deepEqual(await axe(planner), [])
  await go(planner, '/exceptions?kind=promise_broken')
  await planner.getByTestId(`exceptions.row:${soon.number}`).click()
  await planner.getByTestId('exception.act:change_order').waitFor()
  await planner.getByTestId('exception.act:promise_exchange').click()
  await planner.getByTestId(`order.exchange:${soon.lines[0].id}.${later.number}`).click()
  await planner.getByTestId('order.broken').waitFor({ state: 'detached' })
  const settled = (await read(page, soon)).exceptions.find(each => each.kind === 'promise_broken')
  assert.equal(settled.state, 'closed')
  const state = async order =>
    (await read(page, order)).lines[0].promise.from.map(part => [part.source, part.quantity])
  assert.deepEqual(await state(soon), [['stock', '3']])
  assert.deepEqual(await state(later), [
    ['stock', '2'],
    ['purchase', '2'],
  ])
})
