import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, axe, desktop, openAs, overflow, phone, settled } from './harness.mjs'

const firstOrder = async (page, query) =>
  (await api(page, 'GET', `/orders?limit=1${query}`)).body.items[0]?.id

const adminPlaces = [
  '/exceptions',
  '/exceptions?state=closed',
  '/orders/intake',
  '/orders/intake?view=unreadable',
  ...['levels', 'preparation', 'movements', 'purchases', 'work', 'boms', 'rules'].map(
    view => `/stock?view=${view}`,
  ),
  ...['customers', 'products', 'prices', 'clauses', 'groups', 'rates', 'sets'].map(
    view => `/master?view=${view}`,
  ),
  '/receivables',
  '/automation/flows',
  ...['picture', 'sop', 'diff', 'versions'].map(tab => `/automation/flows/standard?tab=${tab}`),
  '/automation/flows/standard/design',
  '/automation/flows/standard/design?version=1',
  '/start',
  '/automation/notices',
  '/automation/calendars',
  '/audit',
  '/settings/users',
  '/settings/users?view=organisation',
  '/settings/users?view=roles',
  '/feedback',
  '/checks',
  '/reports',
  '/reports?view=lost',
  '/reports?view=speed',
  '/settings/users?login=fin1',
  '/settings/absence',
  '/settings/leavers',
]

/** The list of stock and a product of it, for those who may see stock. */
async function stockPlaces(page) {
  const row = (await api(page, 'GET', '/stock?limit=1')).body.items?.[0]
  return row ? ['/stock', `/stock?product=${row.product}`] : []
}

/** Every page that a person has, on real orders. */
export async function places(page, login) {
  if (login === 'ops1') return adminPlaces
  const review = (await firstOrder(page, '&status=in_review')) ?? (await firstOrder(page, ''))
  const incomplete = await firstOrder(page, '&status=incomplete')
  const tabs = [
    'overview',
    'lines',
    'findings',
    'flow',
    'timeline',
    'shipments',
    'accounts',
    'complaints',
    'notices',
    'comments',
  ]
  return [
    '/',
    '/tasks',
    '/tasks?queue=returned',
    '/orders',
    '/orders?q=no-such-order',
    '/orders/new',
    ...(await stockPlaces(page)),
    ...tabs.map(tab => `/orders/${review}?tab=${tab}`),
    ...(incomplete ? [`/orders/${incomplete}`, `/orders/${incomplete}/edit`] : []),
  ]
}

/** Each page in both languages and widths: nothing too wide, no finding of axe, no bare key, a silent console. */
export function soundness(login, get) {
  for (const lang of ['zh', 'en'])
    for (const viewport of [desktop, phone])
      test(`every page of ${login} is sound: ${lang}, ${viewport.width} px`, async () => {
        const { browser, demo } = get()
        const { page, context, complaints } = await openAs(browser, demo, login, { lang, viewport })
        const faults = []
        for (const place of await places(page, login)) {
          if (login === 'fin1' && /new|edit/.test(place)) continue
          await page.goto(demo.url + place)
          await settled(page)
          const wide = await overflow(page)
          if (wide > 0) faults.push(`${place}: ${wide} px too wide`)
          for (const violation of await axe(page)) faults.push(`${place}: ${violation}`)
          const raw = (await page.locator('body').innerText()).match(/\b[a-z_]+(\.[a-z_]+)+\b/g) ?? []
          for (const key of raw)
            if (!/\.(cn|com|org|net|xlsx|csv|json|example)$/.test(key))
              faults.push(`${place}: key ${key} shown`)
        }
        await context.close()
        assert.deepEqual(faults, [])
        assert.deepEqual(complaints, [])
      })
}
