import { after, before } from 'node:test'
import { startBrowser, startDemo } from './harness.mjs'
import { soundness } from './sound.mjs'

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

soundness('ops1', () => ({ browser, demo }))
