import { mkdir } from 'node:fs/promises'
import { api, desktop, openAs, phone, settled, startBrowser, startDemo, axe } from './harness.mjs'
const folder = new URL('../test-results/design/', import.meta.url).pathname
await mkdir(folder, { recursive: true })
const demo = await startDemo()
const browser = await startBrowser()
try {
for (const lang of process.argv[2] ? process.argv[2].split(',') : ['zh']) {
  const { page, complaints } = await openAs(browser, demo, 'ops1', { lang })
  const shot = name => page.screenshot({ path: `${folder}${name}-${lang}.png` })
  await page.goto(demo.url + '/automation/flows'); await settled(page); await page.waitForTimeout(500); await shot('list')
  await page.getByTestId('flows.new').click(); await page.getByTestId('flows.template:sequential').waitFor(); await shot('new'); await page.keyboard.press('Escape')
  await page.goto(demo.url + '/automation/flows/standard/design'); await page.getByTestId('design.card:start').waitFor(); await page.waitForTimeout(800); await shot('design')
  await page.getByTestId('design.fit').click(); await shot('fit')
  console.log('axe', await axe(page))
  await page.getByTestId('design.card:finance_review').click(); await page.waitForTimeout(300); await shot('drawer')
  for (const tab of ['rule','fields','actions','deadline','work']) { await page.getByTestId(`design.tab:${tab}`).click(); await page.waitForTimeout(150); await shot('drawer-'+tab); console.log(tab, await axe(page)) }
  await page.getByTestId('design.drawer.close').click()
  await page.locator('[data-testid^="design.plus:"]').nth(3).click(); await page.waitForTimeout(300); await shot('insert')
  await page.keyboard.press('Escape')
  await page.getByTestId('design.problems.open').click()
  await page.getByTestId('design.phrase').fill(lang === 'zh' ? '金额大于10万要总经理批' : 'amount over 100,000 management approves'); await page.waitForTimeout(200); await shot('phrase')
  console.log(complaints)
  await page.context().close()
}
} finally { await browser.close(); await demo.stop() }
