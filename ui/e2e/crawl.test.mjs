/**
 * The menu of every role and every page behind it, in both languages and widths: the console is silent, nothing is wider
 * than the screen, no bare key shows, no label is left in Chinese on an English page, and axe finds nothing serious.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, desktop, overflow, phone, settled } from './harness.mjs'
import { company } from './people.mjs'
import { deeper } from './places.mjs'

const { as } = company()

const everybody = ['workbench', 'tasks', 'absence', 'exceptions', 'changes']
const seller = [...everybody, 'orders', 'order_new', 'intake', 'stock', 'receivables', 'records', 'master']
const maker = [...everybody, 'orders', 'stock', 'records', 'master']
const watcher = [
  ...everybody,
  'orders',
  'receivables',
  'records',
  'reports',
  'flows',
  'calendars',
  'self_checks',
  'audit',
]
const menus = {
  sales1: seller,
  smgr1: [...seller, 'reports', 'flows', 'calendars'],
  fin1: [...everybody, 'orders', 'receivables', 'records', 'reports', 'master'],
  wh1: maker,
  plan1: maker,
  cs1: seller.filter(key => key !== 'receivables'),
  ops1: [
    ...watcher,
    ...['order_new', 'intake', 'stock', 'master', 'form', 'notice_texts', 'feedback', 'leavers', 'users'],
  ],
  boss: [...watcher, 'stock'],
  audit1: watcher,
  admin: [
    ...['workbench', 'tasks', 'absence', 'exceptions', 'reports', 'master', 'flows', 'form'],
    ...['notice_texts', 'calendars', 'self_checks', 'audit', 'leavers', 'users'],
  ],
}

/** The page as a link within the app opens it. */
async function open(page, place) {
  await page.evaluate(to => history.pushState(null, '', to), place)
  await settled(page)
}

const bare = async page => {
  const keys = (await page.locator('body').innerText()).match(/\b[a-z_]+(\.[a-z_]+)+\b/g) ?? []
  return keys.filter(key => !/\.(cn|com|org|net|xlsx|csv|json|example)$/.test(key))
}

const LABELS =
  'h1, h2, h3, th, dt, button:not(.task-row), [role="tab"], .nav-text, .tag, .pill, .stage-name, .stage-note, .field-name, .count-name'
/** Labels in Chinese on an English page; names of people and things stay as they are, and so does what is marked as Chinese. */
const chinese = async (page, own) =>
  (await page.locator(LABELS).and(page.locator(':not([lang^="zh"] *)')).allInnerTexts()).filter(
    text => /[\u4e00-\u9fff]/.test(text) && !own.some(name => text.includes(name)) && text.trim() !== '中文',
  )

/** axe looks at each page once in each of the two outer cases: roles differ in rows and buttons, not in how these are made. */
const looked = new Set()

/** How much is wider than the screen once charts have followed a new width. */
async function tooWide(page) {
  for (let tries = 0; tries < 20; tries++) {
    if ((await overflow(page)) <= 0) return 0
    await page.waitForTimeout(50)
  }
  return overflow(page)
}

async function faultsOf(page, place, lang, viewport, own) {
  const faults = []
  const at = `${place} ${lang} ${viewport.width}`
  const wide = await tooWide(page)
  if (wide > 0) faults.push(`${at}: ${wide} px too wide`)
  for (const key of await bare(page)) faults.push(`${at}: key ${key} shown`)
  if (lang === 'en') for (const text of await chinese(page, own)) faults.push(`${at}: ${text} in Chinese`)
  if ((lang === 'zh') === (viewport === desktop) && !looked.has(at)) {
    looked.add(at)
    for (const violation of await axe(page)) faults.push(`${at}: ${violation}`)
  }
  return faults
}

for (const [login, keys] of Object.entries(menus))
  test(`the menu of ${login} is the one of the role, and every page is sound`, async t => {
    const since = Date.now()
    const page = await as(login)
    await settled(page)
    const entries = page.locator('[data-testid^="nav.entry:"]')
    const shown = await entries.evaluateAll(all => all.map(each => each.dataset.testid.split(':')[1]))
    assert.deepEqual(shown.sort(), [...keys].sort())
    const links = await entries.evaluateAll(all => all.map(each => each.getAttribute('href')))
    const places = [...new Set([...links, ...((await deeper[login]?.(page)) ?? [])])]
    const named = keys.includes('stock') ? ['/colleagues', '/work-centres'] : ['/colleagues']
    const names = named.map(async path => (await api(page, 'GET', path)).body)
    const own = (await Promise.all(names)).flatMap(({ items }) => items?.map(each => each.name) ?? [])
    const faults = []
    for (const lang of ['zh', 'en']) {
      // A drawer may lie over the header.
      await open(page, '/')
      if (lang === 'en') await page.getByTestId('header.lang').click()
      for (const place of places) {
        await open(page, place)
        for (const viewport of [desktop, phone]) {
          await page.setViewportSize(viewport)
          faults.push(...(await faultsOf(page, place, lang, viewport, own)))
        }
        await page.setViewportSize(desktop)
      }
    }
    t.diagnostic(`${places.length} pages in ${((Date.now() - since) / 1_000).toFixed(1)} s`)
    assert.deepEqual(faults, [])
  })
