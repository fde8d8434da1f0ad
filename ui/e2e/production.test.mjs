import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api } from './harness.mjs'
import { choose, company } from './people.mjs'

const { as, go } = company()

const sent = async (page, id) => {
  await page.getByTestId(`${id}.send`).click()
  await page.getByTestId(`${id}.send`).waitFor({ state: 'detached' })
}

test('s015 s029 planning releases work behind the load of its centre, and the warehouse books what was made', async () => {
  const planner = await as('plan1')
  const shelves = (await api(planner, 'GET', '/stock?limit=50')).body.items
  const part = shelves.find(row => Number(row.available) > 20)
  const made = shelves.find(row => row.product !== part.product)
  const stamp = Date.now()
  const [centre, number] = [`WC-${stamp}`, `WO-E2E-${stamp}`]
  await go(planner, '/stock?view=work')
  await planner.getByTestId('work.centre.new').click()
  await planner.getByTestId('work.centre.code').fill(centre)
  await planner.getByTestId('work.centre.name').fill('装配线')
  await sent(planner, 'work.centre')
  await planner.getByTestId(`work.centre:${centre}`).getByText('已排 0.0 天').waitFor()
  await go(planner, '/stock?view=boms')
  await planner.getByTestId('boms.new').click()
  await choose(planner, 'bom.product', made.product)
  await planner.getByTestId('bom.work_centre').fill(centre)
  await planner.getByTestId('bom.minutes').fill('96')
  await choose(planner, 'bom.components[0].product', part.product)
  await planner.getByTestId('bom.components[0].quantity').fill('2')
  await sent(planner, 'bom')
  await go(planner, '/stock?view=work')
  await planner.getByTestId('work.new').click()
  await planner.getByTestId('work.number').fill(number)
  await choose(planner, 'work.state', /已下达/)
  await choose(planner, 'work.product', made.product)
  await planner.getByTestId('work.quantity').fill('10')
  await planner.getByTestId('work.send').click()
  await planner.getByTestId('work.warehouse.fault').waitFor()
  await planner.getByTestId('work.warehouse').fill(part.warehouse)
  await sent(planner, 'work')
  // Ten of 96 minutes are two days of the centre, which says the day by itself.
  await planner.getByTestId(`work.centre:${centre}`).getByText('已排 2.0 天').waitFor()
  const { due_date } = (await api(planner, 'GET', `/work-orders?q=${number}`)).body.items.find(
    each => each.number === number,
  )
  await go(planner, `/stock?product=${made.product}`)
  await planner.getByTestId(`atp.day:${due_date}`).getByText(number).waitFor()
  const keeper = await as('wh1', { path: `/stock?view=work&q=${number}` })
  await keeper.getByTestId(`work.finish:${number}`).click()
  await keeper.getByTestId('work.finish.quantity').fill('11')
  await keeper.getByTestId('work.finish.send').click()
  await keeper.getByTestId('work.finish.quantity.fault').waitFor()
  await keeper.getByTestId('work.finish.quantity').fill('9')
  await keeper.getByTestId('work.finish.scrapped').fill('1')
  await sent(keeper, 'work.finish')
  const after = (await api(keeper, 'GET', `/stock?q=${part.product}&limit=50`)).body.items
  const shelf = after.find(row => row.product === part.product && row.warehouse === part.warehouse)
  assert.equal(Number(shelf.on_hand), Number(part.on_hand) - 20)
})
