import { expect, test } from './fixtures.ts'
import { connectNotion, scrollTo, signUp, signUpAndRead } from './steps.ts'

test('a workspace can be disconnected, its to-dos kept, and connected again', async ({ page }) => {
  await signUpAndRead(page)

  await page.goto('/settings')
  await page.getByRole('button', { name: 'Disconnect “Acme”' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await dialog.getByRole('radio', { name: /Keep them as they are/ }).check()
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await expect(page.getByText('Its to-dos stay as they were and cannot be ticked.')).toBeVisible()

  await page.goto('/')
  await scrollTo(page, 'Order butter')
  await connectNotion(page)
  await page.goto('/settings')
  await expect(page.getByRole('button', { name: 'Disconnect “Acme”' })).toBeVisible()
})

test('disconnecting can take the to-dos along', async ({ page }) => {
  await signUpAndRead(page)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Disconnect “Acme”' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Remove its to-dos/ }).check()
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await expect(dialog).toBeHidden()
  await page.goto('/')
  await expect(page.getByText('No Notion workspace is connected yet.')).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

test('a pasted token connects a workspace, and a wrong one says why not', async ({ page }) => {
  await signUp(page)
  await page.goto('/connect-notion?with=token')
  await page.getByLabel('Notion token').fill('ntn_nobody_knows_this_token')
  await page.getByRole('button', { name: 'Connect with this token' }).click()
  await expect(page.getByText(/Notion does not accept this token/)).toBeVisible()
  await page.getByLabel('Notion token').fill('ntn_sandbox_internal_acme')
  await page.getByRole('button', { name: 'Connect with this token' }).click()
  await page.waitForURL((url) => url.pathname === '/databases')
  await expect(page.getByRole('checkbox', { name: /Meeting notes/ })).toBeVisible()
})

test('an account can be deleted, and is gone', async ({ page }) => {
  const email = await signUp(page)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type your e-mail address to confirm').fill(email)
  await dialog.getByRole('button', { name: 'Delete my account' }).click()
  await page.waitForURL('**/login**')
  await expect(page.getByText('Your account is deleted.')).toBeVisible()
})
