import { mkdir } from 'node:fs/promises'
import { api, desktop, openAs, phone, settled, startBrowser, startDemo } from './harness.mjs'

const folder = new URL('../test-results/shots/', import.meta.url).pathname
await mkdir(folder, { recursive: true })

const demo = process.env.ORDAIN_URL
  ? {
      url: process.env.ORDAIN_URL,
      report: JSON.parse(process.env.ORDAIN_LOGINS ?? '{}'),
      stop: async () => {},
    }
  : await startDemo()
const browser = await startBrowser()

async function orderWith(page, query) {
  const { body } = await api(page, 'GET', `/orders?limit=1${query}`)
  return body?.items[0]?.id
}

const sales = [
  ['workbench', async () => '/'],
  ['tasks-returned', async () => '/tasks?queue=returned'],
  ['orders', async () => '/orders'],
  ['orders-empty', async () => '/orders?q=zzzz'],
  ['order-new', async () => '/orders/new'],
  ['order-edit', async page => `/orders/${await orderWith(page, '&view=incomplete')}/edit`],
  ['order', async page => `/orders/${await orderWith(page, '&status=in_review')}`],
  ['order-lines', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=lines`],
  ['order-findings', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=findings`],
  ['order-flow', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=flow`],
  ['order-timeline', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=timeline`],
  ['order-notices', async page => `/orders/${await orderWith(page, '&status=confirmed')}?tab=notices`],
  ['order-comments', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=comments`],
]
const finance = [
  ['fin-workbench', async () => '/'],
  ['fin-tasks', async () => '/tasks'],
  ['fin-pool', async () => '/tasks?queue=pool'],
]

/** A new order with a customer, one line in stock and one that is short and cheap. */
async function fillOrder(page) {
  const { body: customers } = await api(page, 'GET', '/customers?limit=1')
  const { body: products } = await api(page, 'GET', '/products?limit=2')
  const [first, second] = products.items
  const customer = customers.items[0].code
  await page.goto(`${demo.url}/orders/new`)
  await page.getByTestId('entry.field:customer').fill(customer)
  await page.getByTestId(`entry.field:customer.option:${customer}`).click()
  await page.getByTestId('entry.field:customer_po').fill('PO-7781')
  await page.getByTestId('entry.cell:product:0').click()
  await page.getByTestId('entry.cell:product:0').fill(first.code)
  await page.getByTestId(`entry.cell:product:0.option:${first.code}`).click()
  await page.getByTestId('entry.cell:quantity:0').click()
  await page.keyboard.type('20')
  await page.getByTestId('entry.add_line').click()
  await page.keyboard.type(second.code)
  await page.getByTestId(`entry.cell:product:1.option:${second.code}`).click()
  await page.getByTestId('entry.cell:quantity:1').click()
  await page.keyboard.type('5000')
  await page.getByTestId('entry.cell:unit_price:1').click()
  await page.keyboard.type('9.90')
  await settled(page)
}

async function shoot(login, pages, lang, viewport) {
  const { page, context, complaints } = await openAs(browser, demo, login, { lang, viewport })
  const tail = `${lang}-${viewport.width}.png`
  for (const [name, place] of pages) {
    await page.goto(demo.url + (await place(page)))
    await settled(page)
    await page.screenshot({ path: `${folder}${name}-${tail}`, fullPage: viewport.width < 600 })
  }
  if (login === 'sales1') {
    await fillOrder(page)
    await page.screenshot({ path: `${folder}order-filled-${tail}`, fullPage: viewport.width < 600 })
    await page.goto(`${demo.url}/orders`)
    await settled(page)
    await page.keyboard.press('?')
    await page.getByTestId('help.dialog').waitFor()
    await page.screenshot({ path: `${folder}help-${tail}` })
  }
  if (login === 'fin1') {
    await page.goto(`${demo.url}/tasks`)
    await settled(page)
    if (viewport.width < 600) {
      await page.locator('[data-task]').first().click()
      await settled(page)
    }
    const approve = page.getByTestId('task.approve')
    if (await approve.isEnabled()) await approve.click()
    await page.screenshot({ path: `${folder}fin-deciding-${tail}` })
    await page.goto(`${demo.url}/tasks`)
    await page.getByTestId('header.bell').click()
    await page.waitForTimeout(400)
    await page.screenshot({ path: `${folder}notices-${tail}` })
  }
  await context.close()
  for (const complaint of complaints) console.log(login, tail, complaint)
}

for (const lang of ['zh', 'en'])
  for (const viewport of [desktop, phone]) {
    const context = await browser.newContext({ viewport })
    const page = await context.newPage()
    await context.addInitScript(value => localStorage.setItem('ordain.lang', value), lang)
    await page.goto(demo.url)
    await page.getByTestId('session.submit').waitFor()
    await page.screenshot({ path: `${folder}sign-in-${lang}-${viewport.width}.png` })
    await context.close()
    await shoot('sales1', sales, lang, viewport)
    await shoot('fin1', finance, lang, viewport)
  }
await browser.close()
await demo.stop()
console.log(`pictures are in ${folder}`)
