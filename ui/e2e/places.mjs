/** What the crawl goes through beyond the menu: every page of the roles that see most, on real orders. */
import { api } from './harness.mjs'

const firstOrder = async (page, query) =>
  (await api(page, 'GET', `/orders?limit=1${query}`)).body.items[0]?.id

const views = (path, all) => all.map(view => `${path}?view=${view}`)

const adminPlaces = [
  '/exceptions',
  '/exceptions?state=closed',
  '/orders/intake',
  '/orders/intake?view=unreadable',
  ...views('/stock', ['levels', 'preparation', 'movements', 'purchases', 'work', 'boms', 'rules']),
  ...views('/master', [
    'customers',
    'products',
    'prices',
    'clauses',
    'groups',
    'rates',
    'sets',
    'reasons',
    'issues',
  ]),
  '/receivables',
  ...views('/records', ['shipments', 'invoices', 'payments', 'complaints']),
  '/automation/flows',
  ...['picture', 'sop', 'diff', 'versions'].map(tab => `/automation/flows/standard?tab=${tab}`),
  '/automation/flows/standard/design',
  '/automation/flows/standard/design?version=1',
  '/start',
  '/automation/notices',
  '/automation/notices?view=sending',
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

/** Pages with orders and their tabs. */
async function orderPlaces(page) {
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
    ...(await stockPlaces(page)),
    ...tabs.map(tab => `/orders/${review}?tab=${tab}`),
    ...(incomplete ? [`/orders/${incomplete}`] : []),
  ]
}

/** Pages on which an order is entered. */
async function entryPlaces(page) {
  const incomplete = await firstOrder(page, '&status=incomplete')
  return ['/orders/new', ...(incomplete ? [`/orders/${incomplete}/edit`] : [])]
}

/** What is behind the entries of the menu, by who signs in. */
export const deeper = {
  sales1: async page => [...(await orderPlaces(page)), ...(await entryPlaces(page))],
  fin1: orderPlaces,
  ops1: async () => adminPlaces,
  plan1: async () => views('/stock', ['preparation', 'movements', 'purchases', 'work', 'boms', 'rules']),
  boss: async () => views('/reports', ['lost', 'speed', 'handed', 'review']),
}
