import { APP_URL, expect, freshEmail, PASSWORD, test } from './fixtures.ts'
import { signUp } from './steps.ts'

test('a protected page is returned to after signing in', async ({ page }) => {
  const email = await signUp(page)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login**')

  await page.goto('/databases')
  await page.waitForURL('**/login?next=**')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => url.pathname === '/databases')
})

test('a link from elsewhere cannot send a person away after signing in', async ({ page }) => {
  const email = await signUp(page)
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
    await page.context().clearCookies()
    await page.goto(`/login?next=${encodeURIComponent(next)}`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL((url) => url.pathname === '/')
    expect(new URL(page.url()).origin).toBe(APP_URL)
  }
})

test('no script can read the session', async ({ page }) => {
  await signUp(page)
  expect(await page.evaluate(() => document.cookie)).not.toContain('auth-token')
  expect(await page.content()).not.toMatch(/eyJhbGciOi|refresh_token/)
})

test('a mail signs in without a password, by its link and by its code', async ({ page, request }) => {
  for (const way of ['link', 'code'] as const) {
    const email = freshEmail()
    await page.context().clearCookies()
    await page.goto('/login')
    await page.getByRole('link', { name: 'Sign in by e-mail, without a password' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await expect(page.getByText('Check your mail')).toBeVisible()
    const mails: unknown = await (
      await request.get(`${process.env.E2E_SUPABASE_URL}/_mail?to=${encodeURIComponent(email)}`, {
        headers: { accept: 'application/json' },
      })
    ).json()
    const mail = (mails as { link: string; code: string }[])[0]
    if (way === 'link') await page.goto(mail?.link ?? '')
    else {
      await page.getByLabel('Code from the mail').fill(mail?.code ?? '')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    }
    await page.waitForURL((url) => url.pathname === '/')
  }
})

test('a forgotten password can be set anew', async ({ page, request }) => {
  const email = await signUp(page)
  await page.context().clearCookies()
  await page.goto('/reset-password')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Send me a link' }).click()
  await expect(page.getByText(/a mail is on its way/)).toBeVisible()
  const mails: unknown = await (
    await request.get(`${process.env.E2E_SUPABASE_URL}/_mail?to=${encodeURIComponent(email)}`, {
      headers: { accept: 'application/json' },
    })
  ).json()
  await page.goto((mails as { link: string }[])[0]?.link ?? '')
  await page.getByLabel('New password').fill('another good password')
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  await page.context().clearCookies()
  await page.goto('/login')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('another good password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => url.pathname === '/')
})
