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

async function shoot(login, pages, lang, viewport) {
  const { page, context, complaints } = await openAs(browser, demo, login, { lang, viewport })
  const tail = `${lang}-${viewport.width}.png`
  for (const [name, place] of pages) {
    await page.goto(demo.url + (await place(page)))
    await settled(page)
    await page.screenshot({ path: `${folder}${name}-${tail}`, fullPage: viewport.width < 600 })
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
