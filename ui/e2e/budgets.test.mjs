/**
 * The budgets of the pages. Sizes are the same on every machine and are held; times are not, so they are told, with the
 * budget beside them, and judged by whoever reads them.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { api, settled } from './harness.mjs'
import { cheapOrder } from './orders.mjs'
import { company } from './people.mjs'

const FIRST_LOAD_KB = 420
const LCP_MS = 2_000
const INP_MS = 200
const { as, go, found } = company()

/** Scripts and styles that a page has loaded, by their name. */
const loaded = page =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(each => /\.(js|css)$/.test(each.name))
      .map(each => ({ name: each.name, wire: each.encodedBodySize, plain: each.decodedBodySize })),
  )
const gzKb = async names => {
  const sizes = names.map(async name => {
    const body = Buffer.from(await (await fetch(name)).arrayBuffer())
    return gzipSync(body).length
  })
  return (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0) / 1024
}

test('the first load keeps its budget, from the sign-in to the workbench', async t => {
  const page = await as('sales1')
  await settled(page)
  const files = await loaded(page)
  const html = await (await fetch(found.demo.url)).text()
  const initial = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)
  const [bare, all] = [
    await gzKb(initial.map(path => found.demo.url + path)),
    await gzKb(files.map(each => each.name)),
  ]
  t.diagnostic(
    `initial ${bare.toFixed(0)} KB gz, with the workbench ${all.toFixed(0)} KB gz of ${FIRST_LOAD_KB}`,
  )
  assert.ok(initial.length > 0)
  assert.ok(all <= FIRST_LOAD_KB, `${all.toFixed(0)} KB gz, at most ${FIRST_LOAD_KB}`)
  assert.ok(
    files.filter(each => each.plain > 20_000).every(each => each.wire > 0 && each.wire < each.plain / 2),
    'what is sent is compressed',
  )
  for (const heavy of ['Designer', 'Chart'])
    assert.ok(!files.some(each => each.name.includes(`/${heavy}-`)), `${heavy} waits until it is wanted`)
})

/** The largest paint of a page that is opened anew. */
async function lcp(page, path) {
  await go(page, path)
  return page.evaluate(
    () =>
      new Promise(done => {
        new PerformanceObserver(list => done(list.getEntries().at(-1).startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
}

/** The longest that an act of a person kept the page from painting again. */
async function inp(page, act) {
  await page.evaluate(() => {
    globalThis.longest = 0
    new PerformanceObserver(list => {
      for (const each of list.getEntries())
        if (each.interactionId) globalThis.longest = Math.max(globalThis.longest, each.duration)
    }).observe({ type: 'event', durationThreshold: 16 })
  })
  await act()
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 200))))
  return page.evaluate(() => globalThis.longest)
}

test('how fast the main pages show, and how soon they answer a click', async t => {
  const sales = await as('sales1')
  const order = await cheapOrder(sales)
  for (let more = 0; more < 2; more++) await cheapOrder(sales)
  const paths = [
    '/',
    '/tasks',
    '/orders',
    `/orders/${order.id}`,
    `/orders/${order.id}?tab=lines`,
    '/orders/new',
  ]
  for (const path of [...paths, '/stock']) {
    const ms = await lcp(sales, path)
    assert.ok(ms > 0, `${path} shows something`)
    t.diagnostic(`LCP ${path.replace(order.id, ':id')}: ${ms.toFixed(0)} ms of ${LCP_MS}`)
  }
  const finance = await as('fin1', { path: '/tasks' })
  await settled(finance)
  const rows = finance.locator('[data-task]')
  await rows.nth(1).waitFor()
  const row = await inp(finance, async () => {
    for (const at of [1, 0, 1]) await rows.nth(at).click()
    await finance.getByTestId('task.approve').click()
  })
  await go(sales, '/orders/new')
  const entry = await inp(sales, async () => {
    await sales.getByTestId('entry.cell:product:0').click()
    await sales.keyboard.type('P-10')
    await sales.keyboard.press('Tab')
  })
  t.diagnostic(`INP my tasks: ${row} ms, order entry: ${entry} ms of ${INP_MS}`)
  assert.equal((await api(sales, 'GET', '/orders?limit=1')).status, 200)
})
