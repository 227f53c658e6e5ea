import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { signUpAndRead } from './steps.ts'

/**
 * JavaScript that has to arrive before a page can be used, as it comes over the wire. Measured, then written down:
 * whoever needs more says so here, and why in the commit.
 */
const BUDGET_BYTES = { start: 226_800, list: 330_400 }
const GROWTH = 1.05

/** @param shown what is on the page once it has all it needs */
async function scriptBytes(page: Page, path: string, shown: Locator): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  const scripts = new Set<string>()
  let bytes = 0
  cdp.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(path)
  await expect(shown).toBeVisible()
  await page.waitForLoadState('networkidle')
  await cdp.detach()
  return bytes
}

test('what a page loads first does not grow unnoticed', async ({ page }) => {
  // Who saves data is spared what links fetch ahead: what is left has to be there.
  await page.addInitScript(() => {
    const connection = Object.assign(new EventTarget(), { saveData: true })
    Object.defineProperty(navigator, 'connection', { value: connection })
  })
  const start = await scriptBytes(page, '/', page.getByRole('heading', { level: 1 }))
  await signUpAndRead(page)
  // Its boxes can be used, so the list has taken over.
  const boxes = page.getByRole('listitem').getByRole('checkbox', { disabled: false })
  const list = await scriptBytes(page, '/', boxes.first())
  console.info(`JavaScript over the wire: start page ${start} bytes, list ${list} bytes`)
  expect(start).toBeLessThan(BUDGET_BYTES.start * GROWTH)
  expect(list).toBeLessThan(BUDGET_BYTES.list * GROWTH)
})

test('the style sheet is fetched once, though the answer names it before the page does', async ({ page }) => {
  const warnings: string[] = []
  page.on('console', (said) => warnings.push(said.text()))
  await page.goto('/')
  await page.waitForLoadState('networkidle')
  const sheets = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.css')),
  )
  expect(sheets).toHaveLength(1)
  expect(warnings).toEqual([])
})
