import type { Page } from '@playwright/test'
import { expect, freshEmail, PASSWORD, test } from './fixtures.ts'

/** Presses Tab until the control has the focus; somebody without a mouse has no other way. */
async function tabTo(
  page: Page,
  role: 'button' | 'link' | 'textbox' | 'checkbox',
  name: string | RegExp,
): Promise<void> {
  const control = page.getByRole(role, { name }).first()
  await expect(control).toBeVisible()
  for (let presses = 0; presses < 80; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never reached the ${role} ${String(name)}`)
}

test('the whole job with the keyboard alone', async ({ page, notion }) => {
  await page.goto('/login')
  await expect(page.getByLabel('E-mail')).toBeEnabled()
  await tabTo(page, 'link', 'New here? Create an account')
  await page.keyboard.press('Enter')
  await tabTo(page, 'textbox', 'E-mail')
  await page.keyboard.type(freshEmail())
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/')

  await tabTo(page, 'link', /Connect (Notion|a workspace)/)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/connect-notion**')
  await tabTo(page, 'link', 'Connect Notion')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/v1/oauth/authorize**')
  await tabTo(page, 'button', 'Approve')
  await page.keyboard.press('Enter')

  await page.waitForURL((url) => url.pathname === '/databases')
  await tabTo(page, 'checkbox', /Meeting notes/)
  await page.keyboard.press('Space')
  await tabTo(page, 'button', 'Show my to-dos')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.startsWith('/lists/'))
  await expect(page.getByRole('checkbox').first()).toBeVisible()
  await expect(page.getByRole('progressbar')).toBeHidden({ timeout: 45_000 })

  const before = (await notion.ledger()).counters.byEndpoint['PATCH /v1/pages/{page_id}'] ?? 0
  await page.keyboard.press('j')
  const focused = page.locator('input:focus')
  await expect(focused).toHaveRole('checkbox')
  const name = await focused.getAttribute('data-todo')
  await page.keyboard.press('x')
  await expect(page.locator(`input[data-todo="${name}"]`)).toBeChecked()
  await expect
    .poll(async () => {
      const { byEndpoint } = (await notion.ledger()).counters
      return (byEndpoint['PATCH /v1/pages/{page_id}'] ?? 0) + (byEndpoint['PATCH /v1/blocks/{block_id}'] ?? 0)
    })
    .toBeGreaterThan(before)

  await page.keyboard.press('/')
  await page.keyboard.type('butter')
  await expect(page.getByRole('checkbox', { name: 'Sharpen the knife first' })).toHaveCount(0)
  await expect(page.getByRole('checkbox', { name: 'Order butter' }).first()).toBeVisible()
})
