/**
 * Makes the small pictures of `docs/pages.md`: every main page, in both languages, as somebody new sees it. With names behind
 * the command only those are made.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { api, openAs, settled, startBrowser, startDemo } from './harness.mjs'

const folder = new URL('../../docs/pictures/', import.meta.url).pathname
const viewport = { width: 1280, height: 800 }
/** Small enough to be read in a document, and to be kept with the code. */
const SHRUNK = 0.6

await mkdir(folder, { recursive: true })
const demo = await startDemo({ days: 30 })
const browser = await startBrowser()

const one = async (page, query) => (await api(page, 'GET', `/orders?limit=1${query}`)).body.items[0].id

/** Name, who looks, and the address. */
const pages = [
  ['workbench', 'sales1', () => '/'],
  ['order-new', 'sales1', () => '/orders/new'],
  ['intake', 'sales1', () => '/orders/intake'],
  ['orders', 'sales1', () => '/orders'],
  ['order', 'sales1', async page => `/orders/${await one(page, '&status=in_review')}`],
  ['conversation', 'sales1', async page => `/orders/${await one(page, '&status=in_review')}?tab=comments`],
  ['tasks', 'fin1', () => '/tasks'],
  ['receivables', 'fin1', () => '/receivables'],
  ['stock', 'plan1', () => '/stock'],
  ['exceptions', 'ops1', () => '/exceptions'],
  ['changes', 'ops1', () => '/changes'],
  ['form', 'ops1', () => '/automation/form'],
  ['notice-texts', 'ops1', () => '/automation/notices'],
  ['reports', 'ops1', () => '/reports'],
  ['master', 'ops1', () => '/master'],
  ['flows', 'ops1', () => '/automation/flows'],
  ['flow', 'ops1', () => '/automation/flows/standard'],
  ['design', 'ops1', () => '/automation/flows/standard/design'],
  ['calendars', 'ops1', () => '/automation/calendars'],
  ['audit', 'audit1', () => '/audit'],
  ['feedback', 'ops1', () => '/feedback'],
  ['checks', 'ops1', () => '/checks'],
  ['users', 'ops1', () => '/settings/users'],
  ['roles', 'ops1', () => '/settings/users?view=roles'],
  ['absence', 'fin1', () => '/settings/absence'],
  ['leavers', 'ops1', () => '/settings/leavers'],
  ['start', 'ops1', () => '/start'],
]

const wanted = process.argv.slice(2)
const isWanted = name => wanted.length === 0 || wanted.includes(name)

/** Something to see on the pages that are empty at first. */
async function prepare() {
  const { page, context } = await openAs(browser, demo, 'ops1')
  const order = await one(page, '&status=in_review')
  await api(page, 'POST', `/orders/${order}/intervene`, { act: 'take_over', reason: '客户来电,要求暂缓' })
  await api(page, 'POST', `/orders/${order}/comments`, { text: '@李娜 客户要求改到月底发货' })
  await api(page, 'POST', '/feedback', { page: `/orders/${order}`, order, text: '希望列表里直接看到缺几件' })
  await api(page, 'POST', '/self-checks', {})
  await context.close()
}

async function picture(page, name) {
  const devtools = await page.context().newCDPSession(page)
  const clip = { x: 0, y: 0, ...viewport, scale: SHRUNK }
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 55, clip })
  await writeFile(`${folder}${name}.webp`, Buffer.from(data, 'base64'))
  await devtools.detach()
}

await prepare()
for (const lang of ['zh', 'en'])
  for (const login of [...new Set(pages.filter(([name]) => isWanted(name)).map(([, who]) => who))]) {
    const { page, context } = await openAs(browser, demo, login, { lang, viewport })
    for (const [name, who, place] of pages) {
      if (who !== login || !isWanted(name)) continue
      await page.goto(demo.url + (await place(page)))
      await settled(page)
      await picture(page, `${name}-${lang}`)
    }
    if (login === 'sales1' && isWanted('practice')) {
      await api(page, 'POST', '/practice', {})
      await page.goto(`${demo.url}/`)
      await page.getByTestId('header.practice').waitFor()
      await settled(page)
      await picture(page, `practice-${lang}`)
    }
    await context.close()
  }
await browser.close()
await demo.stop()
process.stdout.write(`pictures are in ${folder}\n`)
