/** What the usability scripts share: what a person does is counted, and flows under which people really decide. */
import assert from 'node:assert/strict'
import { api } from './harness.mjs'

/** Counts what a person does on a page from now on. */
export async function meter(t, page) {
  await page.evaluate(() => {
    globalThis.used = { clicks: 0, keys: 0, since: 0 }
    const count = name => () => {
      globalThis.used.since ||= performance.now()
      globalThis.used[name] += 1
    }
    addEventListener('pointerdown', count('clicks'), true)
    addEventListener('keydown', count('keys'), true)
  })
  return async (limits = {}) => {
    const used = await page.evaluate(() => ({ ...globalThis.used, now: performance.now() }))
    const seconds = (used.now - used.since) / 1_000
    t.diagnostic(`${used.clicks} clicks, ${used.keys} keys, ${seconds.toFixed(1)} s`)
    for (const [what, most] of Object.entries(limits))
      assert.ok(used[what] <= most, `${used[what]} ${what}, at most ${most}`)
    return used
  }
}

/** Every step of a flow, those in lanes too. */
const stepsOf = steps =>
  steps.flatMap(step => [step, ...(step.kind.lanes ?? []).flatMap(lane => stepsOf(lane.steps ?? []))])

export const stepOf = (doc, id) => stepsOf(doc.steps).find(step => step.id === id)

/** Publishes the standard flow as `change` makes it of its draft. */
export async function reflow(admin, note, change) {
  const { doc, revision } = (await api(admin, 'GET', '/flows/standard/draft')).body
  const before = JSON.stringify(doc)
  change(doc)
  if (JSON.stringify(doc) === before) return
  const saved = await admin.evaluate(
    async ([tag, body]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const headers = { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': `"${tag}"` }
      const put = { method: 'PUT', headers, body: JSON.stringify({ doc: body }) }
      return (await fetch('/api/v1/flows/standard/draft', put)).status
    },
    [revision, doc],
  )
  assert.equal(saved, 200)
  const { problems } = (await api(admin, 'POST', '/flows/standard/check', {})).body
  const acknowledged = problems
    .filter(problem => problem.severity === 'warning')
    .map(problem => (problem.node ? `${problem.code}@${problem.node}` : problem.code))
  const said = await api(admin, 'POST', '/flows/standard/publish', { note, acknowledged })
  assert.equal(said.status, 200, JSON.stringify(said.body))
}
