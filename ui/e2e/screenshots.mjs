import { mkdir } from 'node:fs/promises'
import { paste } from './clipboard.mjs'
import { api, desktop, openAs, phone, settled, startBrowser, startDemo } from './harness.mjs'

const folder = new URL('../test-results/shots/', import.meta.url).pathname
await mkdir(folder, { recursive: true })

const demo = await startDemo()
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
  ['order-shipments', async page => `/orders/${await orderWith(page, '&status=confirmed')}?tab=shipments`],
  ['order-accounts', async page => `/orders/${await orderWith(page, '&status=confirmed')}?tab=accounts`],
  ['order-complaints', async page => `/orders/${await orderWith(page, '&status=confirmed')}?tab=complaints`],
  ['order-comments', async page => `/orders/${await orderWith(page, '&status=in_review')}?tab=comments`],
]
const finance = [
  ['fin-workbench', async () => '/'],
  ['fin-tasks', async () => '/tasks'],
  ['fin-pool', async () => '/tasks?queue=pool'],
]

const admin = [
  ['exceptions', async () => '/exceptions'],
  ['intake', async () => '/orders/intake'],
  ['intake-unreadable', async () => '/orders/intake?view=unreadable'],
  ['stock', async () => '/stock'],
  ['stock-product', async () => '/stock?product=N-21'],
  ['stock-preparation', async () => '/stock?view=preparation'],
  ['stock-purchases', async () => '/stock?view=purchases'],
  ['stock-boms', async () => '/stock?view=boms'],
  ['receivables', async () => '/receivables'],
  ['master-customers', async () => '/master'],
  ['master-products', async () => '/master?view=products'],
  ['master-prices', async () => '/master?view=prices'],
  ['flows', async () => '/automation/flows'],
  ['flow-picture', async () => '/automation/flows/standard'],
  ['flow-sop', async () => '/automation/flows/standard?tab=sop'],
  ['flow-diff', async () => '/automation/flows/standard?tab=diff'],
  ['flow-versions', async () => '/automation/flows/standard?tab=versions'],
  ['flow-design', async () => '/automation/flows/standard/design'],
  ['start', async () => '/start'],
  ['order-form', async () => '/automation/form'],
  ['calendars', async () => '/automation/calendars'],
  ['users', async () => '/settings/users'],
  ['user', async () => '/settings/users?login=fin1'],
  ['organisation', async () => '/settings/users?view=organisation'],
  ['master-groups', async () => '/master?view=groups'],
  ['master-rates', async () => '/master?view=rates'],
  ['stock-rules', async () => '/stock?view=rules'],
  ['audit', async () => '/audit'],
  ['absence', async () => '/settings/absence'],
  ['leavers', async () => '/settings/leavers'],
]

/** Something for every page of the process admin to show: an exception, a body that is no order, leave, a delegation. */
async function prepare() {
  const { page, context } = await openAs(browser, demo, 'ops1')
  const body = { act: 'take_over', reason: '客户来电,要求暂缓' }
  await api(page, 'POST', `/orders/${await orderWith(page, '&status=in_review')}/intervene`, body)
  await api(page, 'POST', '/orders', { lines: 'none' })
  const day = after => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10)
  await api(page, 'POST', '/leave', { login: 'fin1', from: day(1), until: day(4) })
  await api(page, 'POST', '/delegations', { to: 'ops2', ends_at: day(3), include_open: false })
  await context.close()
}

/** The dialogs of the process admin. */
async function shootAdmin(page, tail) {
  const shot = name => page.screenshot({ path: `${folder}${name}-${tail}` })
  await page.goto(`${demo.url}/settings/leavers`)
  await page.getByTestId('leaver.who').click()
  await page.keyboard.type('smgr1')
  await page.keyboard.press('Enter')
  await page.getByTestId('leaver.dependence').waitFor()
  await shot('leavers-found')
  await page.goto(`${demo.url}/settings/absence`)
  await page.getByTestId('absence.delegate').click()
  await shot('absence-delegate')
  await page.goto(`${demo.url}/exceptions`)
  await page.locator('[data-testid^="exceptions.row:"]').first().click()
  await page.getByTestId('exception.detail').waitFor()
  await shot('exception-detail')
  await page.goto(`${demo.url}/automation/flows/standard/design`)
  await page.getByTestId('design.table').click()
  await page.getByTestId('steps.table').waitFor()
  await shot('flow-steps')
  await page.goto(`${demo.url}/start`)
  for (const [step, cells] of [
    ['people', 'lina\t李娜\t销售\t销售\nwangfang\t王芳\t财务\t老板娘'],
    [
      'products',
      '编码\t品名\t单位\t单价\t税率\t颜色\nP-9001\t减速机\t台\t1,200\t13%\t红\nP-9002\t法兰\t\t12\t十三',
    ],
  ]) {
    const open = page.getByTestId(`start.open:${step}`)
    if ((await open.getAttribute('aria-expanded')) !== 'true') await open.click()
    const text = page.getByTestId(`start.${step}.cells`)
    if ((await text.count()) === 0) continue
    await text.fill(cells)
    await page.getByTestId(`start.${step}.faults`).waitFor()
    await shot(`start-${step}`)
  }
  await page.goto(`${demo.url}/audit`)
  await page.locator('[data-testid^="audit.details:"]').first().click()
  await shot('audit-details')
  await page.goto(`${demo.url}/orders/${await orderWith(page, '&status=in_review')}?tab=flow`)
  await page.getByTestId('order.by_hand').click()
  await shot('order-by-hand')
}

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

/** A message that is read, and a block that is pasted with something wrong in it. */
async function readMessage(page, shot) {
  const { body } = await api(page, 'GET', '/products?limit=2')
  const [first, second] = body.items
  await page.getByTestId('entry.recognise').click()
  await page
    .getByTestId('recognise.text')
    .fill(
      `王姐你好，帮我订${first.code} 两百${first.unit}，${second.name} 20\n另外大号法兰3箱，下周三前到。单号：PO2026-118，送到：苏州工业园区星湖街328号，联系人：张经理 13800138000`,
    )
  await page.locator('[data-testid="recognise.result"][aria-busy="false"]').waitFor()
  await page.getByTestId('recognise.line:1').waitFor()
  await shot('order-recognise')
  await page.getByTestId('recognise.close').click()
  await page.getByTestId('entry.cell:product:0').click()
  await paste(page, `商品编码\t数量\t单价\t货位\n${first.code}\t5\t#N/A\tA3\n${second.code}\tzwei\t12\tA4`)
  await page.getByTestId('entry.paste').waitFor()
  await settled(page)
  await shot('order-paste')
}

async function shoot(login, pages, lang, viewport) {
  const { page, context, complaints } = await openAs(browser, demo, login, { lang, viewport })
  const tail = `${lang}-${viewport.width}.png`
  for (const [name, place] of pages) {
    await page.goto(demo.url + (await place(page)))
    await settled(page)
    await page.screenshot({ path: `${folder}${name}-${tail}`, fullPage: viewport.width < 600 })
  }
  if (login === 'ops1') await shootAdmin(page, tail)
  if (login === 'sales1') {
    await fillOrder(page)
    await page.screenshot({ path: `${folder}order-filled-${tail}`, fullPage: viewport.width < 600 })
    await readMessage(page, name =>
      page.screenshot({ path: `${folder}${name}-${tail}`, fullPage: viewport.width < 600 }),
    )
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
    for (const act of ['transfer', 'add_signer']) {
      await page.getByTestId(`task.${act}`).click()
      await page.screenshot({ path: `${folder}fin-${act}-${tail}` })
      await page.keyboard.press('Escape')
    }
    await page.goto(`${demo.url}/tasks`)
    await settled(page)
    for (const tick of (await page.locator('[data-testid^="tasks.tick:"]').all()).slice(0, 3))
      await tick.check()
    await page.getByTestId('tasks.batch.approve').click()
    await page.screenshot({ path: `${folder}fin-batch-${tail}` })
    await page.goto(`${demo.url}/tasks`)
    await page.getByTestId('header.bell').click()
    await page.waitForTimeout(400)
    await page.screenshot({ path: `${folder}notices-${tail}` })
  }
  await context.close()
  for (const complaint of complaints) console.log(login, tail, complaint)
}

await prepare()
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
    await shoot('ops1', admin, lang, viewport)
  }
await browser.close()
await demo.stop()
console.log(`pictures are in ${folder}`)
