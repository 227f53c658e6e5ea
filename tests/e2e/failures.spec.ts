import { expect, test } from './fixtures.ts'
import { connectNotion, scrollTo, signUp, signUpAndRead } from './steps.ts'

test('a refused tick says so on the item, keeps the wish, and can be retried', async ({ page, notion }) => {
  await signUpAndRead(page)
  await notion.fault({
    method: 'PATCH',
    path: '/v1/blocks/*',
    times: null,
    what: { kind: 'status', status: 403 },
  })

  const box = await scrollTo(page, 'Hang up the plan')
  await box.check()
  const retry = page.getByRole('button', { name: 'Retry' })
  await expect(retry).toBeVisible()
  await expect(box, 'never a silent revert').toBeChecked()
  await expect(page.getByText(/Not saved in Notion/).first()).toBeVisible()

  await notion.clearFaults()
  await retry.click()
  await expect(retry).toBeHidden()
})

test('cancelling in Notion connects nothing and says so', async ({ page }) => {
  await signUp(page)
  await page.goto('/connect-notion')
  await page.getByRole('link', { name: 'Connect Notion' }).click()
  await page.waitForURL('**/v1/oauth/authorize**')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('You cancelled. Nothing was connected.')).toBeVisible()
  expect(new URL(page.url()).search).toBe('')
  await expect(page.getByRole('link', { name: 'Connect Notion' })).toBeVisible()
})

test('a used connect link explains itself and offers a new start', async ({ page }) => {
  await signUp(page)
  await page.goto('/connect-notion')
  await page.getByRole('link', { name: 'Connect Notion' }).click()
  await page.waitForURL('**/v1/oauth/authorize**')
  const back = page.waitForRequest((request) => new URL(request.url()).searchParams.has('code'))
  await page.getByRole('button', { name: 'Approve' }).click()
  const used = (await back).url()
  await page.waitForURL((url) => url.pathname === '/databases')

  await page.goto(used)
  await expect(page.getByText(/already used or is too old/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Connect Notion' })).toBeVisible()
})

test.describe(() => {
  test.use({ provokes: ['/api/connect-notion'] })

  test('a failed exchange is told apart, and trying again works', async ({ page, notion }) => {
    await signUp(page)
    await notion.fault({ method: 'POST', path: '/v1/oauth/token', what: { kind: 'status', status: 500 } })
    await page.goto('/connect-notion')
    await page.getByRole('link', { name: 'Connect Notion' }).click()
    await page.waitForURL('**/v1/oauth/authorize**')
    await page.getByRole('button', { name: 'Approve' }).click()
    await expect(page.getByText(/Could not connect Notion/)).toBeVisible()
    await connectNotion(page)
  })
})
