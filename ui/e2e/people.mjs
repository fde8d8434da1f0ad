/** What the tests of the pages share: people at browsers, and fields that are chosen from. */
import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { openAs, settled, startBrowser, startDemo } from './harness.mjs'

/** A company for the tests of one file, as `startDemo` takes it. Every page that was opened must have been silent. */
export function company(options) {
  const found = { demo: undefined, browser: undefined }
  let open = []
  before(async () => {
    found.demo = await startDemo(options)
    found.browser = await startBrowser()
  })
  after(async () => {
    await found.browser?.close()
    await found.demo?.stop()
  })
  afterEach(async () => {
    const heard = open.flatMap(each => each.complaints)
    for (const { context } of open) await context.close()
    open = []
    assert.deepEqual(heard, [], 'no page complains')
  })
  const as = async (login, options) => {
    const one = await openAs(found.browser, found.demo, login, options)
    open.push(one)
    return one.page
  }
  const go = async (page, path) => {
    await page.goto(found.demo.url + path)
    await settled(page)
  }
  return { as, go, found }
}

/** Chooses an option of a select by what is typed into it, or by the words it shows. */
export async function choose(page, id, words) {
  await page.getByTestId(id).click()
  if (typeof words === 'string') await page.keyboard.type(words)
  const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option')
  await options.filter({ hasText: words }).first().click()
}
