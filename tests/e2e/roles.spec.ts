import { expect, freshEmail, PASSWORD, test } from './fixtures.ts'
import { readingEnds } from './steps.ts'

// By what things are and what they are called, as a screen reader tells them, and by nothing else.
test('the whole job by roles and names', async ({ page }) => {
  test.setTimeout(120_000)
  await test.step('sign up', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Start' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Create an account' })).toBeVisible()
    await page.getByRole('textbox', { name: 'E-mail' }).fill(freshEmail())
    // The one control without a role: a field for a password has none.
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create an account' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'All to-dos' })).toBeVisible()
  })

  await test.step('connect', async () => {
    await page.getByRole('link', { name: 'Connect Notion' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Connect Notion' })).toBeVisible()
    await page.getByRole('link', { name: 'Connect Notion' }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
  })

  await test.step('choose', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'Choose databases' })).toBeVisible()
    const databases = page.getByRole('list', { name: 'Choose databases' })
    const wanted = databases.getByRole('checkbox', { name: /^Meeting notes/ })
    await expect(wanted).toBeChecked()
    // What is chosen besides is taken away, one by one.
    const chosen = databases.getByRole('checkbox', { checked: true })
    while ((await chosen.count()) > 0) await chosen.first().uncheck()
    await wanted.check()
    await page.getByRole('button', { name: 'Show my to-dos' }).click()
  })

  const todo = page.getByRole('checkbox', { name: 'A loyalty card?', exact: true })
  await test.step('see the list', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'All to-dos' })).toBeVisible()
    await readingEnds(page)
    const group = page.getByRole('heading', { level: 2, name: 'Meeting notes' })
    await expect(group.getByRole('button', { name: 'Meeting notes', expanded: true })).toBeVisible()
    await expect(todo).not.toBeChecked()
  })

  await test.step('tick, and take it back', async () => {
    await todo.check()
    await expect(page.getByRole('status').filter({ hasText: 'Done: A loyalty card?' })).toHaveCount(1)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect(todo).not.toBeChecked()
  })

  await test.step('filter', async () => {
    await page.getByRole('combobox', { name: 'Search to-dos and pages' }).fill('loyalty')
    await expect(page.getByRole('main').getByRole('listitem').getByRole('checkbox')).toHaveCount(1)
    await expect(todo).toBeVisible()
  })

  await test.step('save the view', async () => {
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Loyalty')
    await page.getByRole('button', { name: 'Save this view' }).click()
    await page.keyboard.press('Escape')
    const navigation = page.getByRole('navigation', { name: 'Main' })
    await expect(navigation.getByRole('link', { name: 'Loyalty' })).toBeVisible()
  })

  await test.step('export', async () => {
    await page.getByRole('button', { name: 'Export and more' }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Markdown', exact: true }).click()
    expect((await downloading).suggestedFilename()).toMatch(/\.md$/)
    await page.keyboard.press('Escape')
  })

  await test.step('sign out', async () => {
    await page.getByRole('link', { name: 'Settings', exact: true }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  })
})
