import { expect, test } from './fixtures.ts'
import { todosOf } from './known-todos.ts'
import { scrollTo, signUpAndRead } from './steps.ts'

test('many at once: select a range, finish it, take it back', async ({ page, notion }) => {
  test.setTimeout(120_000)
  await signUpAndRead(page)
  const writes = async () => (await notion.ledger()).counters.byEndpoint['PATCH /v1/blocks/{block_id}'] ?? 0
  const before = await writes()

  const first = await scrollTo(page, 'A loyalty card?')
  await first.focus()
  for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('Shift+ArrowDown')
  const bar = page.getByRole('region', { name: 'Selected to-dos' })
  await expect(bar).toContainText('3 selected')

  await bar.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('status').filter({ hasText: '3 done. Undo with u.' })).toHaveCount(1)
  await expect(bar).toHaveCount(0)
  await expect.poll(writes).toBe(before + 3)
  await expect(page.getByRole('checkbox', { name: 'A loyalty card?' })).toHaveCount(0)

  await page.keyboard.press('u')
  await expect(await scrollTo(page, 'A loyalty card?')).not.toBeChecked()
  await expect.poll(writes).toBe(before + 6)
})

test('looking closer, the menu, groups and the palette', async ({ page }) => {
  test.setTimeout(120_000)
  await signUpAndRead(page)

  const box = await scrollTo(page, 'A loyalty card?')
  await box.focus()
  await page.keyboard.press('e')
  const pane = page.getByRole('complementary', { name: 'To-do' })
  await expect(pane).toContainText('A loyalty card?')
  await expect(box, 'the hand stays in the list').toBeFocused()
  await page.keyboard.press('j')
  await expect(pane, 'what is looked at follows').not.toContainText('A loyalty card?')
  await page.keyboard.press('Escape')
  await expect(pane).toHaveCount(0)

  await box.click({ button: 'right' })
  await expect(page.getByRole('menuitem', { name: 'Copy the link' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(box, 'the focus comes back').toBeFocused()

  await page.keyboard.press('[')
  const page1 = page.getByRole('heading', { level: 3 }).getByRole('button', { expanded: false })
  await expect(page1).toBeFocused()
  await expect(box).toHaveCount(0)
  await page.keyboard.press(']')
  await expect(box).toBeVisible()

  await page.getByLabel('Group').selectOption('Date')
  await expect(page.getByRole('heading', { level: 2, name: 'Overdue' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('today')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/today')
  await expect(page.getByRole('heading', { level: 1, name: 'Today' })).toBeVisible()
})

test('the keys g a, g t and g c go places; what was done is kept by day', async ({ page }) => {
  await signUpAndRead(page)
  await (await scrollTo(page, 'Check the tyres')).check()
  await expect(page.getByRole('status').filter({ hasText: 'Done: Check the tyres' })).toHaveCount(1)

  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL('**/completed')
  await expect(page.getByRole('link', { name: 'Check the tyres' })).toBeVisible()
})

test('the first rows are ticked before the list is there, which then goes on from them', async ({ page }) => {
  await signUpAndRead(page)
  let letCome = () => {}
  const held = new Promise<void>((resolve) => (letCome = resolve))
  await page.route('**/api/todos/snapshot*', async (route) => {
    await held
    await route.continue()
  })
  await page.reload()
  const boxes = page.getByRole('main').getByRole('checkbox')
  const idOf = async (at: number) => Number(await boxes.nth(at).getAttribute('data-todo'))
  const [ticked, next] = [await idOf(0), await idOf(1)]
  await boxes.first().check()
  const isDone = async () => (await todosOf(page)).find(({ id }) => id === ticked)?.checked
  await expect.poll(isDone).toBe(true)
  await boxes.nth(1).focus()

  letCome()
  const inList = (id: number) => page.getByRole('listitem').locator(`[data-todo="${id}"]`)
  await expect(inList(next)).toBeFocused()
  // It is done, so it is not among the open ones, until it is taken back.
  await expect(inList(ticked)).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(inList(ticked)).not.toBeChecked()
  await expect.poll(isDone).toBe(false)
  // A page whose scripts are not at work yet hears no click.
  expect(await (await page.request.get('/')).text()).toMatch(/<div inert[^>]*>(?:(?!<\/main>).)*data-todo/s)
})
