import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paste } from './clipboard.mjs'
import { api, axe, overflow, phone, settled } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'
import { company } from './people.mjs'

const { as, go } = company()
const cell = (page, field, row) => page.getByTestId(`entry.cell:${field}:${row}`)
const judged = page => page.locator('[data-testid="entry.readiness"][aria-busy="false"]').waitFor()
const lineCount = page => page.getByTestId('entry.lines').getAttribute('data-count')
const focused = page => page.evaluate(() => document.activeElement?.dataset.testid)

let known
/** Things of the demo company that make a clean order. */
async function clean(page) {
  known ??= await goods(page)
  const [line] = known.draft.lines
  const { body } = await api(page, 'GET', `/products?q=${line.product}&limit=5`)
  return { ...known, line, product: body.items.find(each => each.code === line.product) }
}

test('s018 a message becomes lines that say from which words they were read, and nothing is guessed in silence', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const { draft, product } = await clean(page)
  await page.getByTestId('entry.field:customer').fill(draft.customer)
  await page.getByTestId(`entry.field:customer.option:${draft.customer}`).click()
  const orders = (await api(page, 'GET', '/orders?view=all')).body.items.length
  await page.getByTestId('entry.recognise').click()
  await page
    .getByTestId('recognise.text')
    .fill(
      `王姐你好，帮我订${product.code} 2${product.unit}，12月28日前到；另外不存在的货3箱。采购单号：CHAT-${Date.now()}`,
    )
  await page.locator('[data-testid="recognise.result"][aria-busy="false"]').waitFor()
  const first = page.getByTestId('recognise.line:0')
  assert.equal(await first.getAttribute('data-certainty'), 'sure')
  assert.match(await first.innerText(), new RegExp(product.code))
  const second = page.getByTestId('recognise.line:1')
  assert.equal(await second.getAttribute('data-certainty'), 'choose')
  assert.match(await second.innerText(), /不存在的货/)
  assert.ok(await page.getByTestId('recognise.tick:1').isDisabled(), 'what is not known is not taken')
  assert.match(await page.getByTestId('recognise.unused').innerText(), /王姐/)
  assert.ok((await page.locator('[data-testid="recognise.source"] mark').count()) >= 4)
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('recognise.take').click()
  assert.equal(await lineCount(page), '1')
  assert.equal(await cell(page, 'quantity', 0).innerText(), '2')
  assert.match(await page.getByTestId('entry.field:customer_po').inputValue(), /^CHAT-/)
  assert.match(await page.getByTestId('entry.field:requested_date').inputValue(), /-12-28$/)
  assert.equal((await api(page, 'GET', '/orders?view=all')).body.items.length, orders, 'nothing was stored')
})

test('s018 words that somebody chose a product for are understood the next time', async () => {
  const page = await as('sales1')
  const { draft, line, product } = await clean(page)
  const words = `老伙计${Date.now() % 1000}号`
  const lines = [{ ...line, extra: { customer_words: words } }]
  const { status } = await api(page, 'POST', '/orders', { ...draft, customer_po: nextPo(), lines })
  assert.equal(status, 201)
  await go(page, '/orders/new')
  await page.getByTestId('entry.field:customer').fill(draft.customer)
  await page.getByTestId(`entry.field:customer.option:${draft.customer}`).click()
  await page.getByTestId('entry.recognise').click()
  await page.getByTestId('recognise.text').fill(`再要${words}两${product.unit}`)
  const first = page.locator('[data-testid="recognise.line:0"][data-certainty="sure"]')
  await first.waitFor()
  assert.match(await first.innerText(), new RegExp(product.code))
  // The words of a line that is taken go with it, so that the order teaches them on.
  await page.getByTestId('recognise.take').click()
  await judged(page)
  assert.equal(await cell(page, 'product', 0).innerText(), product.code)
})

test('s018 a message is read without a connection by what was learned before', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const { draft, product } = await clean(page)
  await page.getByTestId('entry.field:customer').fill(draft.customer)
  await page.getByTestId(`entry.field:customer.option:${draft.customer}`).click()
  await page.getByTestId('entry.recognise').click()
  await page.getByTestId('recognise.text').fill(`${product.code} 2${product.unit}`)
  await page.locator('[data-testid="recognise.line:0"][data-certainty="sure"]').waitFor()
  await page.context().setOffline(true)
  await page.getByTestId('recognise.text').fill(`${product.name} 7${product.unit}`)
  const line = page.locator('[data-testid="recognise.line:0"][data-certainty="sure"]', { hasText: '7' })
  await line.waitFor()
  await page.context().setOffline(false)
})

test('s018 a block from Excel names what is wrong with each cell, and can be taken back', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const { product } = await clean(page)
  await cell(page, 'product', 0).click()
  await paste(
    page,
    `数量\t商品编码\t单价\t货位\n2\t${product.code}\t10\tA3\nzwei\t${product.code}\t#N/A\tA4\n4\t${product.code}\t"12\tA5`,
  )
  const note = page.getByTestId('entry.paste')
  await note.waitFor()
  assert.equal(await note.getAttribute('data-count'), '3')
  const faults = await page.getByTestId('entry.paste.faults').innerText()
  for (const words of [/第 4 列.*货位/, /第 3 行第 3 列.*#N\/A/, /第 4 行第 3 列.*引号/])
    assert.match(faults, words)
  assert.equal(await lineCount(page), '3')
  await judged(page)
  await page.getByTestId('entry.problem:lines[1].quantity').filter({ hasText: 'zwei' }).waitFor()
  await page.getByTestId('entry.problem:lines[1].unit_price').filter({ hasText: '#N/A' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('entry.paste.undo').click()
  assert.equal(await lineCount(page), '0')
  await cell(page, 'product', 0).click()
  await paste(page, `${product.code}\t${product.unit}\t5`)
  await page.getByTestId('entry.paste.undo').waitFor()
  await cell(page, 'quantity', 0).click()
  await page.keyboard.type('7')
  assert.equal(await page.getByTestId('entry.paste.undo').count(), 0, 'what was typed would go with it')
})

test('s018 a clipboard that holds nothing to paste says so, and lines too many are refused whole', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  await cell(page, 'product', 0).click()
  await paste(page, '', { file: true })
  await page.locator('[data-testid="entry.paste"][data-kind="nothing"]', { hasText: '图片' }).waitFor()
  await paste(page, ' \n ')
  await page.locator('[data-testid="entry.paste"][data-kind="nothing"]', { hasText: '空白' }).waitFor()
  await paste(page, Array.from({ length: 5001 }, (_, i) => `P-${i}\t台\t1`).join('\n'))
  await page.locator('[data-testid="entry.paste"][data-kind="too_many"]', { hasText: '5001' }).waitFor()
  assert.equal(await lineCount(page), '0')
})

test('s018 several lines of talk pasted into the grid are read as talk', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const { product } = await clean(page)
  await cell(page, 'product', 0).click()
  await paste(page, `你好，要${product.code} 2${product.unit}\n谢谢`)
  await page.getByTestId('recognise.line:0').waitFor()
  assert.equal(await lineCount(page), '0')
})

test('s074 the grid is worked like a spreadsheet from the keyboard', async () => {
  const page = await as('sales1', { path: '/orders/new' })
  const { product } = await clean(page)
  await cell(page, 'product', 0).focus()
  await paste(page, `${product.code}\t${product.unit}\t5\n${product.code}\t${product.unit}\t6`)
  await cell(page, 'quantity', 1).click()
  assert.equal(await focused(page), 'entry.cell:quantity:1')
  await page.keyboard.press('ArrowRight')
  assert.equal(await focused(page), 'entry.cell:unit_price:1')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowUp')
  assert.equal(await focused(page), 'entry.cell:quantity:0')
  await page.keyboard.press('F2')
  await page.keyboard.type('0')
  assert.equal(await cell(page, 'quantity', 0).inputValue(), '50')
  await page.keyboard.press('ArrowLeft')
  assert.equal(await focused(page), 'entry.cell:quantity:0', 'the caret moves while the cell is edited')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+d')
  assert.equal(await cell(page, 'quantity', 1).inputValue(), '50')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+;')
  assert.match(await cell(page, 'requested_date', 1).inputValue(), /^\d{4}-\d\d-\d\d$/)
  await page.keyboard.press('Enter')
  assert.equal(await focused(page), 'entry.cell:product:2', 'the last cell adds a line')
  assert.equal(await page.locator('[data-testid="entry.lines"] input').count(), 1, 'one editor only')
})

const sheet = (count, { code, unit }) =>
  Array.from({ length: count }, (_, i) => `${code}\t${unit}\t${(i % 9) + 1}\t12.50`).join('\n')

/** From a key to what it drew, for a row of keys; the 95th of a hundred. */
async function keyToPaint(page, keys) {
  await page.evaluate(() => {
    globalThis.took = []
    addEventListener(
      'keydown',
      event => {
        const at = event.timeStamp
        const channel = new MessageChannel()
        channel.port1.onmessage = () => globalThis.took.push(performance.now() - at)
        requestAnimationFrame(() => channel.port2.postMessage(0))
      },
      true,
    )
  })
  for (const key of keys) {
    await page.keyboard.press(key)
    await page.waitForTimeout(40)
  }
  const took = (await page.evaluate(() => globalThis.took)).sort((one, two) => one - two)
  return took[Math.ceil(took.length * 0.95) - 1]
}

const KEYS = [...'123456789', 'ArrowDown', ...'12345', 'ArrowUp', ...'12345', 'Tab', ...'12.5']

/** An order of so many lines, and how long a key in it takes. */
async function fluency(page, count, product) {
  await go(page, '/orders/new')
  await cell(page, 'product', 0).click()
  await paste(page, sheet(count, product))
  assert.equal(await lineCount(page), String(count))
  await judged(page)
  await cell(page, 'quantity', 1).click()
  const p95 = await keyToPaint(page, [...KEYS, ...KEYS])
  await page.evaluate(() => localStorage.clear())
  return p95
}

test('s074 an order of 200 lines is as fluent as one of three', async t => {
  const page = await as('sales1')
  const { product } = await clean(page)
  // On a machine that does nothing else 50 ms; on a busy one, no worse than an order of three lines by much. What else
  // runs at that moment only adds to a figure, so a page that is fluent is so in one round of three.
  const rounds = []
  const fluent = ([few, many]) => many <= Math.max(50, few * 3)
  while (rounds.length < 3 && !rounds.some(fluent)) {
    const few = await fluency(page, 3, product)
    rounds.push([few, await fluency(page, 200, product)])
  }
  const told = rounds.map(round => round.map(ms => `${ms.toFixed(1)} ms`).join(' and ')).join('; ')
  t.diagnostic(`key to paint, p95, of 3 and of 200 lines: ${told}`)
  assert.ok((await page.locator('[data-testid^="entry.line:"]').count()) < 80, 'only lines near the screen')
  assert.ok(rounds.some(fluent), told)
})

test('s074 pasting 5,000 lines does not freeze the page', async t => {
  const page = await as('sales1', { path: '/orders/new' })
  const { product } = await clean(page)
  await cell(page, 'product', 0).click()
  await page.evaluate(() => {
    globalThis.longest = 0
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration)
    }).observe({ type: 'longtask' })
  })
  await paste(page, sheet(5000, product))
  assert.equal(await lineCount(page), '5000')
  await page.locator('[data-testid="entry.readiness"][aria-busy="false"]').waitFor({ timeout: 60_000 })
  const longest = await page.evaluate(() => globalThis.longest)
  t.diagnostic(`5,000 lines: longest task ${longest.toFixed(0)} ms`)
  assert.ok(longest <= 1000, `${longest} ms`)
  await page.keyboard.press('End')
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await page.getByTestId('entry.line:4999').waitFor()
  await cell(page, 'quantity', 4999).click()
  await page.keyboard.type('77')
  assert.equal(await cell(page, 'quantity', 4999).inputValue(), '77')
})

for (const lang of ['zh', 'en'])
  test(`the panel and the note fit on a phone (${lang})`, async () => {
    const page = await as('sales1', { path: '/orders/new', viewport: phone, lang })
    const { product } = await clean(page)
    await page.getByTestId('entry.recognise').click()
    await page.getByTestId('recognise.text').fill(`${product.code} 2${product.unit}，不存在的货 3箱`)
    await page.getByTestId('recognise.line:1').waitFor()
    await settled(page)
    assert.equal(await overflow(page), 0)
    assert.deepEqual(await axe(page), [])
  })
