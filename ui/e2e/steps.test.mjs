import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, put, review, saved, twoLanes } from './flows.mjs'
import { api, axe, overflow, phone } from './harness.mjs'
import { cheapOrder } from './orders.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

test('s054 the table of the steps says who owns each, who backs them up, until when and how, and what is open', async () => {
  const page = await as('ops1', { path: '/automation/flows' })
  const bare = twoLanes()
  const [, branch] = bare.steps
  const [first] = branch.kind.lanes[0].steps
  delete first.kind.deadline_minutes
  first.kind.sop = { zh: '', en: '' }
  assert.equal(await put(page, 'steptable', 0, { ...bare, key: 'steptable' }), 200)
  await go(page, '/automation/flows/steptable/design')
  await page.getByTestId('design.table').click()
  const table = page.getByTestId('steps.table')
  assert.equal(await table.getAttribute('data-count'), '9')
  assert.equal(await page.getByTestId('steps.row:a1').getAttribute('data-gaps'), 'backup deadline sop')
  assert.deepEqual(await axe(page), [])
  await choose(page, 'steps.narrow', /缺操作规范/)
  assert.equal(await table.getAttribute('data-count'), '1')
  await page.getByTestId('steps.gap:sop:a1').click()
  await page
    .getByTestId('design.drawer')
    .getByTestId('design.tab:work')
    .and(page.locator('[aria-selected="true"]'))
    .waitFor()
  await page.getByTestId('design.drawer.close').click()
  await choose(page, 'steps.narrow', /由人办理/)
  assert.equal(await table.getAttribute('data-count'), '6')
  await choose(page, 'steps.backup:a1', '管理层')
  await page.getByTestId('steps.deadline:a1').fill('3')
  await page.keyboard.press('Tab')
  // Rights to fields are set here too, and taken back like everything else.
  const rights = page.getByTestId('steps.fields:a1')
  const before = await rights.innerText()
  await rights.click()
  const dialog = page.getByTestId('steps.fields.dialog')
  await dialog.getByTestId('design.set:fields:lines.unit_price:hide').click()
  assert.deepEqual(await axe(page), [])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.notEqual(await rights.innerText(), before)
  await page.keyboard.press('Control+z')
  await page.waitForFunction(
    was => document.querySelector('[data-testid="steps.fields:a1"]').innerText === was,
    before,
  )
  await page.keyboard.press('Control+Shift+z')
  await saved(page)
  const { doc } = await draftOf(page, 'steptable')
  const { kind } = doc.steps[1].kind.lanes[0].steps[0]
  assert.deepEqual([kind.backup, kind.deadline_minutes], [{ role: 'management' }, 180])
  assert.equal(kind.fields['lines.unit_price'], 'hide')
  await page.getByTestId('steps.find').fill('b2')
  await page.getByTestId('steps.show:b2').click()
  await page.getByTestId('design.canvas').waitFor()
  await page.getByTestId('design.card:b2').waitFor()
  await page.getByTestId('design.drawer').waitFor()
})

test('a large flow has a small map that moves the picture', async () => {
  const page = await as('ops1', { path: '/automation/flows' })
  const doc = twoLanes()
  doc.steps.splice(2, 0, ...Array.from({ length: 30 }, (_, i) => review(`s${i}`)))
  assert.equal(await put(page, 'large', 0, { ...doc, key: 'large' }), 200)
  await go(page, '/automation/flows/large/design')
  const map = page.getByTestId('design.mini_map')
  await map.waitFor()
  assert.equal(await map.getAttribute('data-count'), '39')
  const card = page.getByTestId('design.card:s29')
  const canvas = await page.getByTestId('design.canvas').boundingBox()
  assert.ok((await card.boundingBox()).y > canvas.y + canvas.height)
  const box = await map.boundingBox()
  await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.93)
  const shown = await card.boundingBox()
  assert.ok(shown.y > canvas.y - 300 && shown.y < canvas.y + canvas.height, `at ${shown.y}`)
  await go(page, '/automation/flows/standard/design')
  await page.getByTestId('design.card:start').waitFor()
  assert.equal(await map.count(), 0, 'a small flow needs none')
})

test('the table of the steps is read on a phone', async () => {
  const page = await as('ops1', { viewport: phone })
  await go(page, '/automation/flows/standard/design')
  await page.getByTestId('design.table').click()
  await page.getByTestId('steps.table').waitFor()
  assert.equal(await overflow(page), 0)
  assert.deepEqual(await axe(page), [])
})

test('s058 a step gets a button that tells another system, and its holder presses it', async () => {
  const page = await as('ops1', { path: '/automation/flows' })
  const call = { method: 'POST', path: '/labels' }
  const wms = {
    name: { zh: '仓储系统', en: 'WMS' },
    base_url: 'http://127.0.0.1:9/wms',
    operations: { label: call },
  }
  const kept = await page.evaluate(async body => {
    const me = await fetch('/api/v1/me').then(answer => answer.json())
    const tag = (await fetch('/api/v1/connectors/wms')).headers.get('etag')
    const headers = { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': tag }
    const sent = { method: 'PUT', headers, body: JSON.stringify(body) }
    return (await fetch('/api/v1/connectors/wms', sent)).status
  }, wms)
  assert.equal(kept, 200)
  await go(page, '/automation/flows/standard/design')
  await page.getByTestId('design.card:finance_review').click()
  await page.getByTestId('design.tab:actions').click()
  const buttons = 'design.set:buttons'
  await page.getByTestId(`${buttons}.add`).click()
  await page.getByTestId(`${buttons}:0.name:zh`).fill('打印标签')
  await page.getByTestId(`${buttons}:0.name:en`).fill('Print label')
  await page.getByTestId(`${buttons}:0.confirm:zh`).fill('现在打印？')
  await page.getByTestId(`${buttons}:0.confirm:en`).fill('Print now?')
  await choose(page, `${buttons}:0`, /仓储系统/)
  await choose(page, `${buttons}:0.operation`, /label/)
  await saved(page)
  assert.deepEqual(await axe(page), [])
  const { doc } = await draftOf(page, 'standard')
  const { buttons: designed } = doc.steps[2].kind.lanes[1].steps[0].kind
  assert.deepEqual(designed, [
    {
      id: 'b1',
      name: { zh: '打印标签', en: 'Print label' },
      confirm: { zh: '现在打印？', en: 'Print now?' },
      call: { connector: 'wms', operation: 'label', request: { number: 'number' } },
    },
  ])
  const { problems } = (await api(page, 'POST', '/flows/standard/inspect', {})).body
  const acknowledged = problems.map(problem => problem.mark)
  const release = { note: '财务可以打印标签', acknowledged }
  assert.equal((await api(page, 'POST', '/flows/standard/publish', release)).status, 200)

  const order = await cheapOrder(await as('sales1'))
  const finance = await as('fin1', { path: `/orders/${order.id}` })
  await finance.getByTestId('task.button:b1').click()
  await finance.getByText('现在打印？').waitFor()
  await finance.locator('.ant-popconfirm .ant-btn-primary').click()
  assert.deepEqual(await axe(finance), [])
  await go(finance, `/orders/${order.id}?tab=timeline`)
  await finance.getByText(/按下「打印标签」/).waitFor()
})
