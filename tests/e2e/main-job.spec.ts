import { expect, test } from './fixtures.ts'
import { connectNotion, readEverything, scrollTo, signUp } from './steps.ts'

test('a stranger signs up, connects, chooses, sees and ticks', async ({ page, notion }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Every to-do in your Notion, in one list.')
  await page.getByRole('link', { name: 'Start' }).click()
  await page.waitForURL('**/login**')

  await signUp(page)
  await page.goto('/connect-notion')

  await connectNotion(page)
  expect(new URL(page.url()).search, 'code and state have left the address').toBe('')
  await expect(page.getByRole('checkbox', { name: /Meeting notes/ })).toBeVisible()

  await readEverything(page)

  const before = (await notion.ledger()).counters.byEndpoint['PATCH /v1/blocks/{block_id}'] ?? 0
  const box = await scrollTo(page, 'Buy napkins')
  await box.check()
  await expect(page.getByRole('status').filter({ hasText: 'Done: Buy napkins' })).toHaveCount(1)
  await expect
    .poll(async () => (await notion.ledger()).counters.byEndpoint['PATCH /v1/blocks/{block_id}'] ?? 0)
    .toBe(before + 1)
  await page.getByRole('main').getByText('All', { exact: true }).click()
  await expect(box).toBeChecked()

  await page.waitForURL((url) => url.searchParams.get('show') === 'all')
  await page.reload()
  // Looked for, so that it is not merely out of the window once the list is another one.
  await page.getByRole('combobox', { name: 'Search' }).fill('napkins')
  await expect(box).toBeChecked()
  await page.getByRole('main').getByText('Open', { exact: true }).click()
  await expect(box).toHaveCount(0)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('the same job fits a hand', async ({ page, notion }) => {
    await notion.clearFaults()
    await signUp(page)
    await connectNotion(page)
    await readEverything(page)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, 'nothing sticks out sideways').toBeLessThanOrEqual(390)
    await (await scrollTo(page, 'Photograph')).tap()
    await expect(page.getByRole('status').filter({ hasText: 'Done: Photograph' })).toHaveCount(1)
  })
})

test('no page allows inline scripts or styles', async ({ page }) => {
  for (const path of ['/', '/login', '/privacy', '/connect-notion']) {
    const response = await page.goto(path)
    const policy = response?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-inline')
    expect(policy).not.toContain('unsafe-eval')
  }
})
