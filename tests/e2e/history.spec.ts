import { expect, test } from './fixtures.ts'
import { connectNotion, readEverything, scrollTo, signUp, signUpAndRead } from './steps.ts'

test('the history tells what was ticked, and takes it back', async ({ page }) => {
  await signUp(page)
  await page.goto('/history')
  await expect(page.getByText('Nothing has been ticked yet.')).toBeVisible()
  await connectNotion(page)
  await readEverything(page)

  await (await scrollTo(page, 'Order butter')).check()
  await page.goto('/history')
  const entry = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Order butter' })
  await expect(entry.first()).toContainText('In Notion')

  // With the keyboard alone.
  await entry.first().getByRole('button', { name: 'Undo: Order butter' }).focus()
  await page.keyboard.press('Enter')
  await expect(entry).toHaveCount(2)
  await expect(entry.first()).toContainText('taken back')
  await expect(entry.first()).toContainText('In Notion')
  await expect(entry.nth(1).getByRole('button')).toHaveCount(0)
  await page.goto('/')
  await expect(await scrollTo(page, 'Order butter')).not.toBeChecked()
})

test('an action on many unfolds, and one of it can be taken back', async ({ page }) => {
  await signUpAndRead(page)
  await page.evaluate(async () => {
    const { todos } = (await (await fetch('/api/todos')).json()) as {
      todos: { notionId: string; kind: string; checked: boolean }[]
    }
    const changes = todos
      .filter(({ kind, checked }) => kind === 'block' && !checked)
      .slice(0, 4)
      .map(({ notionId }) => ({ id: notionId, checked: true }))
    await fetch('/api/todos/changes', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: crypto.randomUUID(), changes }),
    })
  })
  await page.goto('/history')
  await page.getByRole('button', { name: 'Show all 4' }).click()
  const all = page.getByRole('list', { name: 'All to-dos of this action' })
  await expect(all.getByRole('listitem')).toHaveCount(4)
  await all.getByRole('button').first().click()
  await expect(all.getByRole('button')).toHaveCount(3)
  await page.getByRole('button', { name: 'Undo all 4' }).click()
  await expect(all.getByRole('button')).toHaveCount(0)
})
