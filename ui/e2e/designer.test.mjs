import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acknowledge,
  checked,
  draftOf,
  everyType,
  open,
  order,
  publish,
  put,
  review,
  routed,
  saved,
  stepIds,
  twoLanes,
  version,
} from './flows.mjs'
import { api, axe, overflow, phone } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()
const BOSS = /何|总经理|管理层/

/** Counts what a hand does on the page from now on. */
async function meter(page) {
  await page.evaluate(() => {
    globalThis.clicks = 0
    addEventListener('pointerdown', () => globalThis.clicks++, true)
  })
  const begun = Date.now()
  return async () => ({ clicks: await page.evaluate(() => globalThis.clicks), ms: Date.now() - begun })
}

test('s028 s057 somebody who cannot program adds a step in the browser, and the next order goes over it', async () => {
  const page = await as('ops1', { path: '/automation/flows' })
  const sales = await as('sales1')
  const before = await order(sales, 100)
  await open(page, 'standard')
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('design.plus:3').click()
  await page.getByTestId('design.insert.search').fill('审核')
  await page.getByTestId('design.insert:review').click()
  const drawer = page.getByTestId('design.drawer')
  await drawer.getByTestId('design.name:zh').fill('合规复核')
  await drawer.getByTestId('design.name:en').fill('Compliance check')
  assert.ok(
    Number(await page.getByTestId('design.problems:blocker').getAttribute('data-count')) > 0,
    'nobody is asked yet',
  )
  await choose(page, 'design.set:assignee:0', '管理层')
  await page.locator('[data-testid="design.set:assignee.people"]:not([data-count="0"])').waitFor()
  await page.locator('[data-testid="design.problems:blocker"][data-count="0"]').waitFor()
  await saved(page)
  const draft = await draftOf(page, 'standard')
  assert.ok(stepIds(draft.doc).includes('review'), JSON.stringify(stepIds(draft.doc)))
  assert.equal(await publish(page, '增加合规复核'), 2)
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('publish.done').click()
  const after = await order(sales, 100)
  assert.ok((await routed(sales, after)).includes('review'), 'the next order is asked about')
  assert.ok(!(await routed(sales, before)).includes('review'), 'the order before stays in its version')
  assert.equal(after.status, 'in_review')
  // And back: the old version takes force again as a new one.
  await page.getByTestId('design.versions').click()
  await page.getByTestId('design.restore:1').click()
  await page.getByTestId('design.restore_dialog.text').fill('复核改到线下进行')
  await page.getByTestId('design.restore_dialog.send').click()
  await page.getByTestId('design.restore_dialog.send').waitFor({ state: 'detached' })
  assert.equal(await version(page, 'standard'), 3)
  assert.ok(!(await routed(sales, await order(sales, 100))).includes('review'))
  // Of each version, the picture, the procedure and what ran are the same.
  for (const [number, placed] of [
    [1, before],
    [2, after],
  ]) {
    await go(page, `/automation/flows/standard?version=${number}&tab=sop`)
    const has = (await routed(sales, placed)).includes('review')
    assert.equal(has, number === 2)
    assert.equal((await page.getByTestId('flow.sop').innerText()).includes('合规复核'), has)
    await page.getByTestId('flow.tab:picture').click()
    const place = await page.getByTestId('flow.picture').getAttribute('src')
    const picture = await page.evaluate(src => fetch(src).then(answer => answer.text()), place)
    assert.equal(picture.includes('合规复核'), has)
  }
})

test('s100 before a flow is published, the past orders that no condition was made for are counted', async () => {
  const sales = await as('sales1')
  for (const amount of [100, 200]) await order(sales, amount)
  const page = await as('ops1')
  const { doc, revision } = await draftOf(page, 'standard')
  const whole = structuredClone(doc)
  const [lane] = doc.steps.find(step => step.id === 'large_or_special').kind.lanes
  lane.when = { row: { field: 'amount', op: 'ge', value: { number: '10000000' }, when_empty: false } }
  assert.equal(await put(page, 'standard', revision, doc), 200)
  await go(page, '/automation/flows/standard/design')
  const { uncovered, asks_nobody } = (await api(page, 'POST', '/flows/standard/check', {})).body
  assert.ok(uncovered[0].count >= 2, JSON.stringify(uncovered))
  await acknowledge(page)
  const told = await page.getByTestId('publish.replayed').innerText()
  assert.match(told, /是否大额或特殊条款」有 \d+ 单走了其他情况/)
  assert.ok(asks_nobody > 0, told)
  assert.equal(await put(page, 'standard', (await draftOf(page, 'standard')).revision, whole), 200)
})

test('s068 s104 a new flow is made from a template in few clicks, tried, published, and takes the orders of its scope', async t => {
  const page = await as('ops1', { path: '/automation/flows' })
  const sales = await as('sales1')
  const told = await meter(page)
  await page.getByTestId('flows.new').click()
  await page.getByTestId('flows.template:sequential').click()
  await page.getByTestId('flows.new.name').fill('特急订单')
  await page.getByTestId('flows.new.name_en').fill('Express orders')
  await page.getByTestId('flows.new.send').click()
  await page.getByTestId('design.card:start').waitFor()
  await page.getByTestId('design.flow').click()
  await page.getByTestId('design.scope:amount_from').fill('700000')
  await page.getByTestId('design.scope:priority').fill('50')
  await page.getByTestId('design.flow_panel.close').click()
  await page.getByTestId('design.simulate').click()
  await page.getByTestId('design.try.value:amount').fill('800000')
  await page.getByTestId('design.try.go').click()
  await page.getByTestId('design.try.outcome').waitFor()
  await page.getByTestId('design.simulation.close').click()
  await saved(page)
  assert.equal(await publish(page, '特急订单单独走'), 1)
  const { clicks, ms } = await told()
  assert.ok(clicks <= 26, `${clicks} clicks`)
  assert.ok(ms <= 180_000, `${ms} ms`)
  t.diagnostic(`s068: ${clicks} clicks, ${ms} ms`)
  await page.getByTestId('publish.done').click()
  await go(page, '/automation/flows')
  await page.getByTestId('flows.row:express-orders').getByText('v1').waitFor()
  const placed = await order(sales, 750_000)
  const flowOf = async each => (await api(sales, 'GET', `/orders/${each.id}`)).body.flow.key
  assert.equal(await flowOf(placed), 'express-orders')
  assert.equal(await flowOf(await order(sales, 100)), 'standard', 'both flows live side by side')
  await page.getByTestId('flows.disable:express-orders').click()
  await page.getByTestId('flows.disable_dialog.text').fill('并回标准流程')
  await page.getByTestId('flows.disable_dialog.send').click()
  await page.getByTestId('flows.disable_dialog.send').waitFor({ state: 'detached' })
  assert.equal(await version(page, 'express-orders'), undefined)
})

test('t11 an approval above an amount by one sentence, tried, published, with old orders in the old version', async t => {
  const page = await as('ops1', { path: '/automation/flows' })
  const sales = await as('sales1')
  const old = await order(sales, 120_000)
  const told = await meter(page)
  await open(page, 'standard')
  await page.getByTestId('design.phrase').fill('含税金额不低于10万要总经理批')
  await page.getByTestId('design.phrase.found').getByText('100,000').waitFor()
  await page.getByTestId('design.phrase.take').click()
  await page.getByTestId('design.card:management_review').waitFor()
  await page.locator('[data-testid="design.problems:blocker"][data-count="0"]').waitFor()
  await page.getByTestId('design.simulate').click()
  const tried = {}
  for (const amount of ['120000', '90000']) {
    await page.getByTestId('design.try.value:amount').fill(amount)
    await page.getByTestId('design.try.go').click()
    const row = page.getByTestId('design.try.step:management_review')
    tried[amount] =
      amount === '120000'
        ? await row.waitFor().then(() => true)
        : await row.waitFor({ state: 'detached' }).then(() => false)
    if (amount === '120000') await page.getByTestId('design.try.result').getByText(BOSS).first().waitFor()
  }
  assert.deepEqual(tried, { 120000: true, 90000: false })
  await page.getByTestId('design.simulation.close').click()
  await saved(page)
  await page.getByTestId('design.diff').click()
  const sentences = await page.getByTestId('publish.diff').innerText()
  assert.match(sentences, /新增.*100,000/s)
  await page.getByTestId('design.diff_panel.close').click()
  const published = await publish(page, '十万以上总经理审批')
  await page.getByTestId('migrate.plan').or(page.getByTestId('migrate.none')).waitFor()
  await page.getByTestId('publish.done').click()
  const { clicks, ms } = await told()
  assert.ok(clicks <= 26, `${clicks} clicks`)
  assert.ok(ms <= 180_000, `${ms} ms`)
  t.diagnostic(`t11: ${clicks} clicks, ${ms} ms`)
  const [large, small] = [await order(sales, 120_000), await order(sales, 90_000)]
  const pins = async placed => (await api(sales, 'GET', `/orders/${placed.id}`)).body.flow.version
  assert.equal(await pins(large), published)
  assert.ok((await pins(old)) < published, 'an order that was under way stays where it was')
  const way = async placed =>
    (await api(sales, 'GET', `/orders/${placed.id}`)).body.route.find(
      step => step.node_id === 'management_review',
    )?.state
  assert.notEqual(await way(large), 'skipped')
  assert.equal(await way(small), 'skipped')
})

test('t12 a lane is deleted and its steps are kept; undo, redo and a reload keep every step and id', async () => {
  const page = await as('ops1')
  assert.equal(await put(page, 'lanes', 0, twoLanes()), 200)
  const before = (await draftOf(page, 'lanes')).doc
  await go(page, '/automation/flows')
  await open(page, 'lanes')
  const told = await meter(page)
  await page.getByTestId('design.lane_remove:branch/big').click()
  for (const fate of ['after', 'to_otherwise', 'delete'])
    await page.getByTestId(`design.lane_fate:${fate}`).waitFor()
  await page.getByTestId('design.lane_dialog.send').click()
  await page.getByTestId('design.card:branch').waitFor({ state: 'detached' })
  for (const id of ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
    await page.getByTestId(`design.card:${id}`).getByText(`${id} 环节`).waitFor()
  const kept = ['start', 'b1', 'b2', 'b3', 'a1', 'a2', 'a3', 'end']
  await page.getByTestId('design.undo').click()
  await page.getByTestId('design.card:branch').waitFor()
  const { clicks, ms } = await told()
  assert.ok(clicks <= 4 && ms <= 15_000, `${clicks} clicks, ${ms} ms`)
  await saved(page)
  await page.waitForTimeout(1_000)
  await saved(page)
  assert.deepEqual((await draftOf(page, 'lanes')).doc, before, 'the very same document')
  await page.getByTestId('design.redo').click()
  await page.getByTestId('design.card:branch').waitFor({ state: 'detached' })
  await page.waitForTimeout(1_000)
  await saved(page)
  assert.deepEqual(stepIds((await draftOf(page, 'lanes')).doc), kept)
  await page.reload()
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.getByTestId('design.undo').click()
  await page.getByTestId('design.card:branch').waitFor()
  await page.waitForTimeout(1_000)
  await saved(page)
  assert.deepEqual((await draftOf(page, 'lanes')).doc, before, 'undone after a reload')
})

test('the tree is walked, filled, moved and emptied by keys alone', async () => {
  const page = await as('ops1')
  assert.equal(await put(page, 'keys', 0, { ...twoLanes(), key: 'keys' }), 200)
  await go(page, '/automation/flows/keys/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.locator('[data-step="start"]').focus()
  const focused = () => page.evaluate(() => document.activeElement?.dataset.step)
  await page.keyboard.press('ArrowDown')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'branch')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'a1')
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'b1')
  await page.keyboard.press('ArrowLeft')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'a1')
  await page.keyboard.press('a')
  await page.getByTestId('design.insert.search').fill('抄送')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'cc')
  await page.keyboard.press('Control+Shift+ArrowUp')
  await page.waitForFunction(() => document.activeElement?.dataset.step === 'cc')
  await page.keyboard.press('F2')
  await page.keyboard.type('告知')
  await page.keyboard.press('Enter')
  await page.getByTestId('design.card:cc').getByText('告知').waitFor()
  await page.waitForTimeout(1_000)
  await saved(page)
  const lane = async () => (await draftOf(page, 'keys')).doc.steps[1].kind.lanes[0].steps.map(step => step.id)
  assert.deepEqual(await lane(), ['cc', 'a1', 'a2', 'a3'])
  await page.locator('[data-step="cc"]').focus()
  await page.keyboard.press('Control+c')
  await page.locator('[data-step="b3"]').focus()
  await page.keyboard.press('Control+v')
  await page.getByTestId('design.card:cc_2').waitFor()
  await page.locator('[data-step="cc"]').focus()
  await page.keyboard.press('Delete')
  await page.getByTestId('design.toast').waitFor()
  await page.waitForTimeout(1_000)
  await saved(page)
  assert.deepEqual(await lane(), ['a1', 'a2', 'a3'])
  assert.equal(typeof (await focused()), 'string', 'the focus is never lost to nowhere')
})

test('r07 what somebody else saved is never overwritten: the difference is shown, and one of both is chosen', async () => {
  const [mine, other] = [await as('ops1'), await as('ops1')]
  assert.equal(await put(mine, 'shared', 0, { ...twoLanes(), key: 'shared' }), 200)
  await go(mine, '/automation/flows/shared/design')
  await mine.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  const { revision, doc } = await draftOf(other, 'shared')
  doc.steps[1].kind.lanes[0].steps[0].name.zh = '别处改的'
  assert.equal(await put(other, 'shared', revision, doc), 200)
  await mine.getByTestId('design.card:b1').click()
  await mine.getByTestId('design.name:zh').fill('这里改的')
  await mine.getByTestId('design.stale').waitFor()
  assert.equal(await mine.getByTestId('design.stale').getAttribute('data-count'), '2')
  await mine.getByTestId('design.stale.theirs').click()
  await mine.getByTestId('design.card:a1').getByText('别处改的').waitFor()
  await saved(mine)
  const now = (await draftOf(mine, 'shared')).doc
  assert.equal(now.steps[1].kind.lanes[1].steps[0].name.zh, 'b1 环节')
  // Somebody else's draft is only read while they are at it.
  const second = await as('ops2', { path: '/automation/flows/shared/design' })
  await second.locator('[data-testid="design.banner"][data-kind="locked"]').getByText('吴涛').waitFor()
  assert.equal(await second.locator('[data-testid^="design.plus:"]').count(), 0)
  assert.equal(await second.getByTestId('design.publish').count(), 0)
})

test('a condition that is half typed is neither lost nor sent, and a real order says what each row saw', async () => {
  const page = await as('ops1')
  assert.equal(await put(page, 'typed', 0, { ...twoLanes(), key: 'typed' }), 200)
  await go(page, '/automation/flows/typed/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.getByTestId('design.lane:branch/big').click()
  await page.getByTestId('design.when:0.value').fill('-')
  await page.getByTestId('design.when.add').click()
  await page.getByTestId('design.when:1.value').fill('20,000')
  await page.getByTestId('design.when.add_lines').click()
  await page.getByTestId('design.sentence').getByText('20,000').waitFor()
  await page.waitForTimeout(1_000)
  await saved(page)
  const when = (await draftOf(page, 'typed')).doc.steps[1].kind.lanes[0].when
  assert.deepEqual(
    when.all.slice(0, 2).map(each => each.row.value.number),
    ['1000', '20000'],
  )
  await page.getByTestId('design.when.remove:2').click()
  await page.getByTestId('design.try_lane').click()
  const number = (await api(page, 'GET', '/orders?limit=1')).body.items[0].number
  await choose(page, 'design.try.order', new RegExp(number))
  await page.locator('[data-testid="design.try_rows"][data-count="2"]').waitFor()
})

test('a problem leads to the place where it is mended, and simple ones are mended at once', async () => {
  const page = await as('ops1')
  const doc = { ...twoLanes(), key: 'faults' }
  delete doc.steps[1].kind.lanes[0].steps[0].kind.deadline_minutes
  delete doc.steps[1].kind.lanes[0].when.row.when_empty
  doc.steps[1].kind.lanes[1].steps[0].kind.assignee = []
  assert.equal(await put(page, 'faults', 0, doc), 200)
  await go(page, '/automation/flows/faults/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.getByTestId('design.problems.open').click()
  await page.getByTestId('design.fix:F-040@a1').click()
  await page.getByTestId('design.fix:F-040@a1').waitFor({ state: 'detached' })
  await page.getByTestId('design.fix:F-016@branch').click()
  await page.getByTestId('design.fix:F-016@branch').waitFor({ state: 'detached' })
  await page.getByTestId('design.jump:F-001@b1').click()
  await page.getByTestId('design.set:assignee:0').waitFor()
  assert.equal(await page.getByTestId('design.name:zh').inputValue(), 'b1 环节')
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('publish.checks').waitFor()
  assert.ok(await page.getByTestId('publish.next').isDisabled(), 'nothing with a blocker is published')
  await page.waitForTimeout(900)
  const { body } = await api(page, 'GET', '/flows/faults/draft')
  assert.equal(body.doc.steps[1].kind.lanes[0].steps[0].kind.deadline_minutes, 240)
})

test('a flow of 150 steps is panned without drawing anything anew', async t => {
  const page = await as('ops1')
  const steps = Array.from({ length: 48 }, (_, at) => ({
    id: `p${at}`,
    name: { zh: `并行 ${at}`, en: `Parallel ${at}` },
    stage: 'review',
    kind: {
      type: 'parallel',
      lanes: ['x', 'y'].map(lane => ({
        id: lane,
        name: { zh: lane, en: lane },
        steps: [review(`${lane}${at}`)],
      })),
    },
  }))
  const doc = { ...twoLanes(), key: 'wide' }
  assert.equal(
    await put(page, 'wide', 0, { ...doc, steps: [doc.steps[0], ...steps, ...doc.steps.slice(2)] }),
    200,
  )
  await go(page, '/automation/flows/wide/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  assert.ok(Number(await page.getByTestId('design.canvas').getAttribute('data-count')) >= 146)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const of = name => metrics.find(each => each.name === name)?.value ?? 0
    return (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration')) * 1000
  }
  const box = await page.getByTestId('design.canvas').boundingBox()
  await page.mouse.move(box.x + 20, box.y + 20)
  await page.mouse.down()
  const [before, moves] = [await spent(), 120]
  for (let n = 1; n <= moves; n += 1) await page.mouse.move(box.x + 20 + n, box.y + 20 + n * 2)
  const each = ((await spent()) - before) / moves
  await page.mouse.up()
  t.diagnostic(`panning 150 steps: ${each.toFixed(2)} ms of script, style and layout a frame`)
  assert.ok(each <= 8, `${each} ms a frame`)
})

test('the designer is read on a phone and in English, and by those who may not publish', async () => {
  const small = await as('ops1', { viewport: phone, lang: 'en' })
  await go(small, '/automation/flows/standard/design')
  await small.getByTestId('design.outline:start').waitFor()
  assert.equal(await overflow(small), 0)
  assert.deepEqual(await axe(small), [])
  const reader = await as('smgr1', { path: '/automation/flows/standard/design' })
  await reader.locator('[data-testid="design.banner"][data-kind="no_right"]').waitFor()
  assert.equal(await reader.getByTestId('design.publish').count(), 0)
  await reader.getByTestId('design.card:finance_review').click()
  assert.ok(await reader.getByTestId('design.name:zh').evaluate(field => field.readOnly))
  assert.deepEqual(await axe(reader), [])
})

test('every setting that the server accepts is in the drawer', async () => {
  const page = await as('ops1')
  assert.equal(await put(page, 'every', 0, everyType()), 200)
  const schema = (await api(page, 'GET', '/schemas/flow.json')).body
  const steps = ['id', 'name', 'stage', 'department', 'kind', 'type', 'lanes']
  const named = definition => Object.keys(definition.properties).filter(name => !steps.includes(name))
  await go(page, '/automation/flows/every/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  const tabs = page.locator('[data-testid^="design.tab:"]')
  const shown = () =>
    page
      .getByTestId('design.drawer')
      .locator('[data-testid^="design.set:"]')
      .evaluateAll(all => all.map(each => each.dataset.testid.slice(11).split(/[.:]/)[0]))
  for (const kind of schema.$defs.NodeKind.oneOf) {
    const type = kind.properties.type.const
    await page.getByTestId(`design.card:${type}`).click()
    await page.getByTestId('design.drawer').getByText(type).first().waitFor()
    const found = new Set(await shown())
    for (const tab of await tabs.all()) {
      await tab.click()
      for (const name of await shown()) found.add(name)
    }
    const wanted = [...named(schema.$defs.Node), ...named(kind)]
    assert.deepEqual(
      wanted.filter(name => !found.has(name)),
      [],
      type,
    )
    assert.equal(await page.getByTestId('design.strange').count(), 0, type)
  }
  const flow = named(schema).filter(name => !['key', 'steps'].includes(name))
  await page.getByTestId('design.flow').click()
  const panel = page.getByTestId('design.flow_panel')
  for (const name of flow.map(each => (each === 'fields' ? 'custom' : each)))
    await panel.locator(`[data-testid="design.${name}"], [data-testid^="design.${name}:"]`).first().waitFor()
})

test('how orders enter, who is told, what large orders ask for and when a pause ends is set without typing JSON', async () => {
  const page = await as('ops1')
  assert.equal(await put(page, 'settings', 0, { ...everyType(), key: 'settings' }), 200)
  await go(page, '/automation/flows/settings/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.getByTestId('design.card:start').click()
  await choose(page, 'design.set:starters', '销售')
  await page.getByTestId('design.name:zh').click()
  await choose(page, 'design.set:recall', /首次决定前/)
  await page.getByTestId('design.set:title.put:customer').click()
  await page.getByTestId('design.set:title.put:amount').click()
  await choose(page, 'design.set:summary', '币种')
  await page.getByTestId('design.name:zh').click()
  await page.getByTestId('design.card:review').click()
  await page.getByTestId('design.tab:rule').click()
  await page.getByTestId('design.set:reading.from_amount').fill('50000')
  await page.getByTestId('design.tab:notices').click()
  await choose(page, 'design.set:notices:late', /^不通知/)
  await choose(page, 'design.set:notices:done', /^通知$/)
  for (const told of ['客户归属销售', '财务负责人']) {
    await choose(page, 'design.set:notices:done.to', told)
    await page.getByTestId('design.name:zh').click()
  }
  await page.getByTestId('design.name:zh').click()
  await page.locator('.ant-select-dropdown:visible').waitFor({ state: 'detached' })
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('design.card:delay').click()
  await choose(page, 'design.set:for', /时刻/)
  await page.getByTestId('design.set:for.time').fill('14:30')
  // Events that come by themselves are offered; any other name is one that somebody tells.
  await page.getByTestId('design.card:wait_event').click()
  const event = page.getByTestId('design.set:event')
  const offered = await page
    .locator('[id="design.set:event.known"] option')
    .evaluateAll(all => all.map(each => each.value))
  assert.deepEqual(offered.sort(), ['goods_arrived', 'payment_received'])
  const said = page.getByTestId('design.drawer').locator('.field').filter({ has: event })
  const told = await said.innerText()
  await event.fill('payment_received')
  assert.notEqual(await said.innerText(), told, 'the page says that this event comes by itself')
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('design.flow').click()
  await page.getByTestId('design.critical').check()
  await page.getByTestId('design.custom.add').click()
  await page.getByTestId('design.custom:0.key').fill('machine')
  await page.getByTestId('design.custom:0.name:zh').fill('机型')
  assert.deepEqual(await axe(page), [])
  await page.waitForTimeout(1_000)
  await saved(page)
  const { doc } = await draftOf(page, 'settings')
  const kindOf = type => doc.steps.find(step => step.kind.type === type).kind
  const { starters, ...start } = kindOf('start')
  assert.equal(starters.length, 1)
  assert.deepEqual(start, {
    type: 'start',
    recall: 'until_decided',
    title: '{customer} {amount}',
    summary: ['currency'],
  })
  assert.deepEqual(kindOf('review').reading, { from_amount: '50000' })
  assert.deepEqual(kindOf('review').notices.late, { off: true })
  assert.deepEqual(kindOf('review').notices.done.to, ['account_owner', { head_of: 'finance' }])
  assert.deepEqual(kindOf('delay').for, { at: { time: '14:30' } })
  assert.equal(kindOf('wait_event').event, 'payment_received')
  assert.equal(doc.critical, true)
  assert.deepEqual(doc.fields, [{ field: 'machine', name: { zh: '机型', en: '' }, type: 'text' }])
})

test('s069 a critical flow takes two people and its time to come into force, and one act to roll back', async () => {
  const [page, second] = [await as('ops1'), await as('ops2')]
  const first = checked({ ...twoLanes(), key: 'watched' })
  const warnings = async () =>
    (await api(page, 'POST', '/flows/watched/inspect', {})).body.problems.map(problem => problem.mark)
  const ask = async (note, more) =>
    api(page, 'POST', '/flows/watched/publish', { note, acknowledged: await warnings(), ...more })
  assert.equal(await put(page, 'watched', 0, first), 200)
  assert.equal((await ask('先有一版可以回')).body.version, 1)
  const next = { ...twoLanes(), key: 'watched', critical: true }
  next.steps[1].kind.lanes[0].steps[0].kind.assignee = { role: 'finance' }
  next.steps[1].kind.lanes[1].steps[0].kind.deadline_minutes = 90
  assert.equal(await put(page, 'watched', 0, checked(next)), 200)

  await go(page, '/automation/flows/watched/design')
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
  await page.getByTestId('design.publish').click()
  await page.getByTestId('publish.checks').or(page.getByTestId('publish.checks.empty')).waitFor()
  for (const tick of await page.locator('[data-testid^="publish.ack:"]').all()) await tick.click()
  await page.getByTestId('publish.next').click()
  await page.getByTestId('publish.replayed').waitFor()
  await page.getByTestId('publish.next').click()
  await page.getByTestId('publish.note').fill('下月起由财务看大额')
  await page.getByTestId('publish.effective:later').click()
  assert.ok(await page.getByTestId('publish.next').isDisabled(), 'a release for later names its time')
  const later = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10)
  await page.getByTestId('publish.effective_at').fill(`${later}T09:30`)
  await page.getByTestId('publish.next').click()
  const wizard = page.getByTestId('publish.wizard')
  await wizard.getByTestId('release.effective').waitFor()
  await wizard.getByTestId('release.approve').click()
  await wizard.getByTestId('release.refusal').waitFor()

  await go(second, '/automation/flows')
  await second.getByTestId('flows.release:watched').waitFor()
  await second.getByTestId('flows.open:watched').click()
  const told = second.getByTestId('release.diff')
  await told.waitFor()
  const all = Number(await told.getAttribute('data-count'))
  await second.getByTestId('release.diff.topic:people').click()
  assert.ok(Number(await told.getAttribute('data-count')) < all)
  await told.getByText('财务').waitFor()
  assert.deepEqual(await axe(second), [])
  await second.emulateMedia({ media: 'print' })
  assert.ok(await told.isVisible(), 'the sheet is on paper')
  assert.ok(!(await second.getByTestId('release.approve').isVisible()), 'what is for acting is not')
  assert.ok(!(await second.getByTestId('header.bell').isVisible()))
  await second.emulateMedia({ media: 'screen' })
  await second.getByTestId('release.approve').click()
  await second.getByTestId('release.approve').waitFor({ state: 'detached' })
  await second.getByTestId('release.withdraw').click()
  await second.getByTestId('release.reason.text').fill('改为即刻生效')
  await second.getByTestId('release.reason.send').click()
  await second.getByTestId('release.card').waitFor({ state: 'detached' })

  assert.deepEqual((await ask('即刻由财务看大额')).body.waits_for, ['approval'])
  await go(second, '/automation/flows/watched')
  await second.getByTestId('release.approve').click()
  await second.getByTestId('release.card').waitFor({ state: 'detached' })
  assert.equal(await version(page, 'watched'), 2)
  await go(page, '/automation/flows/watched')
  await page.getByTestId('flow.roll_back').click()
  await page.getByTestId('flow.roll_back_dialog.text').fill('财务忙不过来，先退回')
  await page.getByTestId('flow.roll_back_dialog.send').click()
  await page.getByTestId('flow.roll_back_dialog.send').waitFor({ state: 'detached' })
  assert.equal(await version(page, 'watched'), 3)
})
