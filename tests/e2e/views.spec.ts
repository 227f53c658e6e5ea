import { expect, test } from './fixtures.ts'
import { signUpAndRead } from './steps.ts'

// One person's way through everything, on a machine that may be busy.
test.setTimeout(180_000)

test('a view is made by typing and ticking, kept in the address, saved, explained and taken along', async ({
  page,
}) => {
  await signUpAndRead(page)
  await page.goto('/')
  await expect(page.getByRole('main').getByRole('checkbox').first()).toBeVisible()
  const line = page.getByRole('combobox', { name: 'Search to-dos and pages' })

  await test.step('suggestions are taken with the keyboard', async () => {
    // The rows come with the page; the keys a moment later.
    await expect(async () => {
      await page.keyboard.press('/')
      await expect(line).toBeFocused({ timeout: 500 })
    }).toPass()
    await line.pressSequentially('due:ov')
    await expect(page.getByRole('option', { name: /due:overdue/ })).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(line).toHaveValue('due:overdue ')
    await line.pressSequentially('or is:op')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await expect(line).toHaveValue('due:overdue or is:open ')
    await page.keyboard.press('Escape')
  })

  await test.step('the address holds it: through a reload, and going away and back', async () => {
    await line.fill('is:open butter')
    await page.getByLabel('Group').selectOption('database')
    await expect(page).toHaveURL(/q=is:open\+butter.*group=database|group=database.*q=/)
    await expect(page.getByRole('checkbox', { name: 'Order butter' }).first()).toBeVisible()
    await page.reload()
    await expect(line).toHaveValue('is:open butter')
    await expect(page.getByLabel('Group')).toHaveValue('database')
    await page.goto('/settings')
    await page.goBack()
    await expect(line).toHaveValue('is:open butter')
  })

  await test.step('a chip says it and takes it back', async () => {
    const chip = page.getByRole('button', { name: 'Remove “State: open”' })
    // It comes with the page, and is alive a moment later.
    await expect(async () => {
      if (await chip.isVisible()) await chip.click()
      await expect(line).toHaveValue('butter', { timeout: 1_000 })
    }).toPass()
  })

  await test.step('the dialog and the line are one', async () => {
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('checkbox', { name: 'open', exact: true }).check()
    await page.getByRole('checkbox', { name: 'overdue' }).check()
    await page.keyboard.press('Escape')
    await expect(line).toHaveValue('butter is:open due:overdue')
    await line.fill('butter')
  })

  await test.step('a mistake is named, and the rest filters', async () => {
    await line.fill('is:opne butter')
    await expect(page.getByText('“is:opne” is not understood. Possible: open, done')).toBeVisible()
    await expect(page.getByRole('checkbox', { name: 'Order butter' }).first()).toBeVisible()
    await line.fill('butter')
  })

  await test.step('saved, found again, begun with', async () => {
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByLabel('Name').fill('Butter')
    await page.getByRole('button', { name: 'Save this view' }).click()
    await page.getByRole('button', { name: 'Edit “Butter”' }).click()
    await page.getByRole('button', { name: 'Start with it' }).click()
    await page.keyboard.press('Escape')
    await page.goto('/')
    await expect(line).toHaveValue('butter')
  })

  await test.step('why something is not here', async () => {
    await page.getByRole('button', { name: 'Export and more' }).click()
    await page.getByRole('button', { name: 'Why is it here, or not?' }).click()
    const dialog = page.getByRole('dialog', { name: 'Why is it here, or not?' })
    await dialog.getByLabel('Find a to-do').fill('-butter is:open')
    await expect(dialog.getByText('It does not fulfil “Text: butter”.').first()).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('exported', async () => {
    await page.getByRole('button', { name: 'Export and more' }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Markdown', exact: true }).click()
    expect((await downloading).suggestedFilename()).toMatch(/^roundup-.*\.md$/)
    await page.keyboard.press('Escape')
  })

  await test.step('subscribed to', async () => {
    await page.goto('/settings')
    await page.getByRole('combobox', { name: 'View', exact: true }).selectOption({ label: 'Butter' })
    await page.getByRole('button', { name: 'Make an address' }).click()
    const address = await page.getByRole('textbox', { name: 'Address of the feed' }).inputValue()
    expect((await page.request.get(address)).headers()['content-type']).toContain('text/calendar')
    await page.getByRole('button', { name: 'Revoke the feed of “Butter”' }).click()
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await expect(page.getByRole('textbox', { name: 'Address of the feed' })).toBeHidden()
    expect((await page.request.get(address)).status()).toBe(404)
  })
})
