import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { signUp } from './steps.ts'

/**
 * JavaScript that has to arrive before a page is alive, as it comes over the wire. Measured, then written down:
 * whoever needs more says so here, and why in the commit.
 */
const BUDGET_BYTES = { start: 221_000, list: 261_000 }
const GROWTH = 1.05

async function scriptBytes(page: Page, path: string): Promise<number> {
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
  // Links fetch their pages ahead only after that.
  await page.goto(path, { waitUntil: 'load' })
  await cdp.detach()
  return bytes
}

test('what a page loads first does not grow unnoticed', async ({ page }) => {
  const start = await scriptBytes(page, '/')
  await signUp(page)
  const list = await scriptBytes(page, '/')
  console.info(`JavaScript over the wire: start page ${start} bytes, list ${list} bytes`)
  expect(start).toBeLessThan(BUDGET_BYTES.start * GROWTH)
  expect(list).toBeLessThan(BUDGET_BYTES.list * GROWTH)
})
