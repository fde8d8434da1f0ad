/** Flows for the tests of the designer, and what the server has of them. */
import { api } from './harness.mjs'
import { goods, nextPo } from './orders.mjs'

export const draftOf = async (page, key) => (await api(page, 'GET', `/flows/${key}/draft`)).body
export const saved = page => page.locator('[data-testid="design.saved"][data-state="saved"]').waitFor()
export const version = async (page, key) =>
  (await api(page, 'GET', '/flows')).body.find(flow => flow.key === key && flow.state === 'active')?.version
export const stepIds = doc => {
  const visit = steps =>
    steps.flatMap(step => [step.id, ...(step.kind.lanes ?? []).flatMap(lane => visit(lane.steps ?? []))])
  return visit(doc.steps)
}

const laned = {
  key: 'lanes',
  name: { zh: '两支', en: 'Two lanes' },
  process_admin: [{ role: 'process_admin' }],
  scope: { order_types: ['none-has-it'] },
}
export const review = id => ({
  id,
  name: { zh: `${id} 环节`, en: `Step ${id}` },
  stage: 'review',
  kind: {
    type: 'review',
    assignee: { department: 'sales' },
    deadline_minutes: 60,
    sop: { zh: '看', en: 'Look' },
  },
})
export const twoLanes = () => ({
  ...laned,
  steps: [
    { id: 'start', name: { zh: '开始', en: 'Start' }, stage: 'receive', kind: { type: 'start' } },
    {
      id: 'branch',
      name: { zh: '大小', en: 'Size' },
      stage: 'review',
      kind: {
        type: 'exclusive',
        lanes: [
          {
            id: 'big',
            name: { zh: '大额', en: 'Big' },
            when: { row: { field: 'amount', op: 'ge', value: { number: '1000' }, when_empty: false } },
            steps: ['a1', 'a2', 'a3'].map(review),
          },
          {
            id: 'rest',
            name: { zh: '其余', en: 'Rest' },
            otherwise: true,
            steps: ['b1', 'b2', 'b3'].map(review),
          },
        ],
      },
    },
    {
      id: 'end',
      name: { zh: '结束', en: 'End' },
      stage: 'execute',
      kind: { type: 'end', outcome: 'confirmed' },
    },
  ],
})

/** A flow that takes its orders in before it asks anybody, as one has to that is published. */
export const checked = ({ steps: [start, ...rest], ...flow }) => {
  const kind = { type: 'auto_check', checks: [{ check: 'required', on_fail: 'return' }] }
  const check = { id: 'check', name: { zh: '校验', en: 'Check' }, stage: 'check', kind }
  return { ...flow, steps: [start, check, ...rest] }
}
export const put = (page, key, revision, doc) =>
  page.evaluate(
    async ([target, tag, body]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const answer = await fetch(`/api/v1/flows/${target}/draft`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': `"${tag}"` },
        body: JSON.stringify(body),
      })
      return answer.status
    },
    [key, revision, { doc }],
  )

/** One step of every type that a flow may have, each as bare as the document allows. */
export const everyType = () => {
  const side = id => ({ id, name: { zh: id, en: id }, steps: [] })
  const when = { row: { field: 'amount', op: 'ge', value: { number: '1' }, when_empty: false } }
  const lanes = [
    { ...side('one'), when },
    { ...side('rest'), otherwise: true },
  ]
  const kinds = [
    { type: 'start' },
    { type: 'auto_check', checks: [{ check: 'price', on_fail: 'continue' }] },
    review('r').kind,
    { ...review('t').kind, type: 'task' },
    { type: 'customer_confirmation', template: 'customer_confirmation', deadline_minutes: 60 },
    { type: 'cc', to: ['owner'] },
    { type: 'notify', template: 'copied', to: ['owner'] },
    { type: 'parallel', lanes: [side('one'), side('two')] },
    { type: 'exclusive', lanes },
    { type: 'inclusive', lanes },
    { type: 'delay', for: { minutes: { minutes: 60 } } },
    { type: 'wait_event', event: 'paid', timeout_minutes: 60, on_timeout: side('late') },
    { type: 'update_data' },
    { type: 'connector_call', connector: 'erp', operation: 'book' },
    { type: 'subflow', flow: 'standard' },
    { type: 'go_to', target: 'review', max_rounds: 2 },
    { type: 'end', outcome: 'confirmed' },
  ]
  const steps = kinds.map(kind => ({
    id: kind.type,
    name: { zh: kind.type, en: kind.type },
    stage: 'review',
    kind,
  }))
  return { ...laned, key: 'every', steps }
}

/** Opens the designer of a flow from the list, as a person finds it. */
export async function open(page, key) {
  await page.getByTestId(`flows.design:${key}`).click()
  await page.getByTestId('design.card:start').waitFor()
  await page.locator('[data-testid="design.page"][data-ready="true"]').waitFor()
}

/** Opens the wizard and acknowledges every warning, as far as what the draft would have changed. */
export async function acknowledge(page) {
  await page.getByTestId('design.publish').click()
  const all = page.getByTestId('publish.ack_all')
  const one = page.locator('[data-testid^="publish.ack:"]')
  await page.getByTestId('publish.checks').or(page.getByTestId('publish.checks.empty')).waitFor()
  if (await all.count()) await all.click()
  else if (await one.count()) await one.first().click()
  await page.getByTestId('publish.next').click()
}

/** Through the wizard: every warning is acknowledged, the note is written, running orders stay. */
export async function publish(page, note) {
  await acknowledge(page)
  await page.getByTestId('publish.replayed').waitFor()
  await page.getByTestId('publish.next').click()
  await page.getByTestId('publish.note').fill(note)
  await page.getByTestId('publish.next').click()
  await page.getByTestId('publish.published').waitFor()
  return Number(await page.getByTestId('publish.published').getAttribute('data-version'))
}

let found
/** An order of about this amount, of goods that nothing is wrong with as such. */
export async function order(page, amount) {
  found ??= await goods(page)
  const { draft } = found
  const [line] = draft.lines
  const { body: checked } = await api(page, 'POST', '/orders/check', {
    ...draft,
    customer_po: nextPo(),
    lines: [{ ...line, quantity: '1' }],
  })
  const price = Number(checked.totals.gross)
  const quantity = String(Math.max(1, Math.ceil(amount / price)))
  return (
    await api(page, 'POST', '/orders', { ...draft, customer_po: nextPo(), lines: [{ ...line, quantity }] })
  ).body
}
export const routed = async (page, placed) =>
  (await api(page, 'GET', `/orders/${placed.id}`)).body.route.map(step => step.node_id)
