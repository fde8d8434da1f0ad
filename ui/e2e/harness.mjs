import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const READY_MS = 120_000
const CHROMIUM = process.env.ORDAIN_CHROMIUM ?? '/usr/bin/chromium-headless-shell'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const desktop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

/** The line of the output that is the demo's report, whole or pretty-printed over several lines. */
function reportIn(text) {
  const start = text.indexOf('{')
  if (start < 0) return null
  for (const end of [text.length, text.lastIndexOf('}') + 1]) {
    try {
      const report = JSON.parse(text.slice(start, end))
      if (report.logins) return report
    } catch {}
  }
  for (const line of text.split('\n')) {
    try {
      const report = JSON.parse(line)
      if (report.logins) return report
    } catch {}
  }
  return null
}

/**
 * Starts the demo company of the real binary on a free port and a fresh folder. With `ORDAIN_URL` nothing is started:
 * the company that answers there is used, e.g. behind a development server, with its report in `ORDAIN_REPORT`.
 * All its orders came just now, unless it has lived for some working days, which may have ended long ago.
 */
export async function startDemo({ days = 0, until } = {}) {
  if (process.env.ORDAIN_URL)
    return {
      url: process.env.ORDAIN_URL,
      report: JSON.parse(process.env.ORDAIN_REPORT ?? '{"logins": []}'),
      stop: async () => {},
    }
  const folder = await mkdtemp(join(tmpdir(), 'ordain-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  const args = ['demo', '--days', `${days}`, '--data', folder, '--seed', 'ux-1', '--listen', listen, '--json']
  if (until) args.push('--until', until)
  const start = () => run(args, listen, folder, reportIn)
  const demo = await start()
  /** Stops the company, lets `change` do something to its folder, and starts it again. */
  const again = async change => {
    await demo.halt()
    await change(folder)
    return start()
  }
  return { ...demo, again }
}

/** The demo company, moved from its file to an empty database of PostgreSQL and served from there. */
export async function startOnServer(server) {
  const folder = await mkdtemp(join(tmpdir(), 'ordain-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  const command = promisify(execFile)
  const args = ['demo', '--days', '0', '--data', folder, '--seed', 'ux-1', '--no-serve', '--json']
  const report = reportIn((await command(binary(), args)).stdout)
  const file = (await readdir(folder)).find(name => name.endsWith('.db'))
  await command(binary(), ['migrate-store', '--from', `sqlite:${join(folder, file)}`, '--to', server])
  return run(['serve', '--database', server, '--listen', listen], listen, folder, () => report)
}

/** A company that was just founded: nobody but the first admin, and nothing in it. */
export async function startEmpty() {
  const folder = await mkdtemp(join(tmpdir(), 'ordain-e2e-'))
  const listen = `127.0.0.1:${await freePort()}`
  const database = `sqlite:${join(folder, 'company.db')}`
  const { stderr } = await promisify(execFile)(binary(), [
    'init',
    '--database',
    database,
    '--company',
    '新公司',
  ])
  const password = stderr.trim().split(/\s/).at(-1)
  const report = { logins: [{ login: 'admin', password }] }
  return run(['serve', '--database', database, '--listen', listen], listen, folder, () => report)
}

function binary() {
  if (!process.env.ORDAIN_BIN) throw new Error('ORDAIN_BIN names no program')
  return process.env.ORDAIN_BIN
}

/** Runs the program until it answers; `reportOf` reads from its output whom it lets in. */
async function run(args, listen, folder, reportOf) {
  const child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  process.once('exit', () => child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  const url = `http://${listen}`
  const halt = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null)
      await Promise.race([new Promise(done => child.once('exit', done)), sleep(5000)])
    if (child.exitCode === null) child.kill('SIGKILL')
  }
  const stop = async () => {
    await halt()
    await rm(folder, { recursive: true, force: true })
  }
  const until = Date.now() + READY_MS
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      answer => answer.ok,
      () => false,
    )
    const report = reportOf(out)
    if (ready && report) return { url, report, stop, halt }
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`the program did not start (exit ${child.exitCode})\n${out}\n${err}`)
    }
    await sleep(100)
  }
}

export const startBrowser = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS })

/** What no page may do: errors on the console, reports of the content security policy, failed scripts. */
function watch(page, complaints) {
  page.on('console', message => {
    const refused = /Failed to load resource.*(401|403|404|409|412|422|ERR_INTERNET_DISCONNECTED)/.test(
      message.text(),
    )
    if (message.type() === 'error' && !refused) complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => complaints.push(`page: ${error.stack ?? error}`))
  page.on('response', response => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`)
  })
}

/** A browser of its own, with nobody signed in yet. Nothing moves in it: what is aimed at is where it was seen. */
export async function openPage(browser, demo, { viewport = desktop, lang = 'zh', path = '/' } = {}) {
  const context = await browser.newContext({
    viewport,
    hasTouch: viewport.width < 600,
    locale: lang === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  })
  await context.addInitScript(value => {
    if (!localStorage.getItem('ordain.lang')) localStorage.setItem('ordain.lang', value)
  }, lang)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints = []
  watch(page, complaints)
  await page.goto(demo.url + path)
  return { context, page, complaints }
}

/** The browser of one person, who is in. `complaints` must be empty at the end. */
export async function openAs(browser, demo, login, { ready, ...options } = {}) {
  const opened = await openPage(browser, demo, options)
  await signIn(opened.page, demo, login, ready)
  return opened
}

export const passwordOf = (demo, login) => demo.report.logins.find(each => each.login === login)?.password

/** `ready` is what shows when the person is in. */
export async function signIn(page, demo, login, ready = 'header.avatar') {
  await page.getByTestId('session.login').fill(login)
  await page.getByTestId('session.password').fill(passwordOf(demo, login))
  await page.getByTestId('session.submit').click()
  await page.getByTestId(ready).waitFor()
}

/** Calls the API with the session of a page, for setting up and for comparing. */
export const api = (page, method, path, body) =>
  page.evaluate(
    async ([verb, target, content]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const answer = await fetch(`/api/v1${target}`, {
        method: verb,
        headers: { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf },
        body: content === undefined ? undefined : JSON.stringify(content),
      })
      return { status: answer.status, body: await answer.json().catch(() => null) }
    },
    [method, path, body],
  )

/** Sets a document that is set as a whole, over what stands there; the answer is its status. */
export const putOver = (page, path, body) =>
  page.evaluate(
    async ([target, content]) => {
      const me = await fetch('/api/v1/me').then(answer => answer.json())
      const tag = (await fetch(target)).headers.get('etag')
      const headers = { 'Content-Type': 'application/json', 'X-Ordain-CSRF': me.csrf, 'If-Match': tag }
      return (await fetch(target, { method: 'PUT', headers, body: JSON.stringify(content) })).status
    },
    [`/api/v1${path}`, body],
  )

const axeSource = readFile(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Serious and critical findings of axe on the page as it stands. */
export async function axe(page) {
  await page.evaluate(await axeSource)
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }))
  return violations
    .filter(each => each.impact === 'serious' || each.impact === 'critical')
    .map(each => `${each.id}: ${each.nodes.map(node => node.target.join(' ')).join(' | ')}`)
}

export const overflow = page =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** The page has settled: nothing loads, no skeleton is left. */
export async function settled(page) {
  await page.locator('main :is(.page, .empty, .failed)').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .ant-skeleton'))
}

/** Waits for what only the server knows: `waitForFunction` takes a promise for a yes. */
export async function until(page, isSo, timeout = 45_000) {
  const end = Date.now() + timeout
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so within ${timeout} ms: ${isSo}`)
    await page.waitForTimeout(250)
  }
}
