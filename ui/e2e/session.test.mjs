import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, axe, openAs, openPage, settled, startBrowser, startDemo } from './harness.mjs'

let demo
let browser
before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** Signs in, chooses a password, and gives what the page says on the way. */
async function comeIn(page, login, password, chosen) {
  await page.getByTestId('session.login').fill(login)
  await page.getByTestId('session.password').fill(password)
  await page.getByTestId('session.submit').click()
  await page.getByTestId('password.current').fill(password)
  await page.getByTestId('password.password').fill(chosen)
  await page.getByTestId('password.send').click()
}

test('whoever comes in with a password that somebody else made chooses another before anything else', async () => {
  const admin = await openAs(browser, demo, 'admin')
  const item = {
    login: 'new1',
    name: '新人',
    roles: ['sales'],
    password: 'made-for-you',
    password_once: true,
  }
  assert.equal((await api(admin.page, 'PUT', '/users', { items: [item] })).status, 200)
  await admin.context.close()

  const { page, context, complaints } = await openPage(browser, demo)
  await comeIn(page, 'new1', 'made-for-you', 'short')
  await page.getByTestId('password.password.fault').waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByTestId('password.password').fill('我自己选的新密码')
  await page.getByTestId('password.send').click()
  await page.getByTestId('header.avatar').waitFor()
  await page.reload()
  await settled(page)

  await page.getByTestId('header.avatar').click()
  await page.getByTestId('header.password').click()
  await page.getByTestId('password.current').fill('not this one')
  await page.getByTestId('password.password').fill('yet another one')
  await page.getByTestId('password.send').click()
  await page.getByTestId('password.refusal').waitFor()
  await page.getByTestId('password.current').fill('我自己选的新密码')
  await page.getByTestId('password.send').click()
  await page.getByTestId('password.send').waitFor({ state: 'hidden' })
  assert.equal((await api(page, 'GET', '/orders')).status, 200, 'the session goes on')
  await context.close()
  assert.deepEqual(complaints, [])
})

test('a refusal that comes late, for a session that goes on under another cookie, signs nobody out', async () => {
  const { page, context } = await openAs(browser, demo, 'sales1', { path: '/orders/new' })
  await page.getByTestId('entry.field:customer_po').fill('PO-TYPED')
  let refused = 0
  await page.route('**/api/v1/notices*', route => {
    refused += 1
    return route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'unauthorized', title: '请先登录' }),
    })
  })
  await page.getByTestId('header.bell').click()
  await page.getByTestId('notices.error').waitFor()
  assert.ok(refused > 0)
  assert.equal(await page.getByTestId('entry.field:customer_po').inputValue(), 'PO-TYPED')
  await context.close()
})
