import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { post, todoNamed, todosOf } from './known-todos.ts'
import { scrollTo, signUp, signUpAndRead } from './steps.ts'

// One person's way through everything, on a machine that may be busy.
test.setTimeout(150_000)

test('a page is hidden from its to-do, and brought back', async ({ page }) => {
  await signUpAndRead(page)
  await page.goto('/')
  const box = await scrollTo(page, 'A loyalty card?')
  const allOpen = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^All to-dos/ })
  await expect(allOpen).toContainText('open')
  const before = await allOpen.textContent()

  await box.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Why is it here?' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('A loyalty card?')).toBeVisible()
  await expect(dialog.getByText('in this list', { exact: true })).toBeVisible()
  await page.keyboard.press('Escape')

  await box.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Hide this page from all lists' }).click()
  await expect(box).toHaveCount(0)
  await expect(page.getByRole('status').filter({ hasText: 'is hidden from all lists' })).toHaveCount(1)
  expect(await allOpen.textContent(), 'the count leaves it out').not.toBe(before)

  await page.keyboard.press('u')
  await expect(page.getByRole('status').filter({ hasText: 'is in your lists again' })).toHaveCount(1)
  await expect(await scrollTo(page, 'A loyalty card?')).toBeVisible()
  await expect(allOpen).toHaveText(before ?? '')
})

test('a saved view is renamed where it stands', async ({ page }) => {
  await signUpAndRead(page)
  await page.evaluate(async () => {
    const view = { query: 'butter', group: 'page', sort: 'document', show: 'open' }
    const headers = { 'content-type': 'application/json' }
    await fetch('/api/views', { method: 'POST', headers, body: JSON.stringify({ name: 'Butter', view }) })
  })
  await page.goto('/?q=butter')
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await expect(page.getByRole('heading', { level: 1, name: 'Butter' })).toBeVisible()
  await page.keyboard.press('F2')
  await expect(name).toBeFocused()
  await name.fill('Bread')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { level: 1, name: 'Butter' })).toBeVisible()

  const pencil = page.getByRole('button', { name: 'Rename “Butter”' })
  await expect(pencil).toBeFocused()
  await page.keyboard.press('Enter')
  await name.fill('Bread and butter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bread and butter' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Bread and butter' })).toBeVisible()
  await expect(page).toHaveTitle(/^Bread and butter/)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Bread and butter' })).toBeVisible()
})

test('the navigation folds, and comes folded', async ({ page }) => {
  await signUp(page)
  await page.goto('/history')
  const navigation = page.getByRole('complementary').filter({ has: page.getByRole('navigation') })
  const fold = page.getByRole('button', { name: 'Fold the navigation' })
  const unfold = page.getByRole('button', { name: 'Unfold the navigation' })
  // It comes with the page, and is alive a moment later.
  await expect(async () => {
    if (await fold.isVisible()) await fold.click()
    await expect(unfold).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await expect(page.getByRole('link', { name: 'History' })).toBeVisible()
  expect((await navigation.boundingBox())?.width).toBeLessThan(80)

  const html = await (await page.request.get('/history')).text()
  expect(html, 'no flash: the server knows').toContain('data-folded')
  await page.reload()
  await expect(async () => {
    if (await unfold.isVisible()) await page.keyboard.press('Control+b')
    await expect(fold).toBeVisible({ timeout: 1_000 })
  }).toPass()
})

test('undo from the drawer, with the key and with the button', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 800 })
  await signUpAndRead(page)
  const box = await scrollTo(page, 'A bicycle for deliveries')
  await box.focus()
  await page.keyboard.press('e')
  const drawer = page.getByRole('dialog', { name: 'To-do' })
  await drawer.getByRole('button', { name: 'Tick', exact: true }).click()
  await expect(drawer.getByRole('button', { name: 'Open again' })).toBeFocused()
  await page.keyboard.press('u')
  await expect(drawer.getByRole('button', { name: 'Tick', exact: true })).toBeFocused()

  await drawer.getByRole('button', { name: 'Tick', exact: true }).click()
  await drawer.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(drawer.getByRole('button', { name: 'Tick', exact: true })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  await expect(page.getByRole('checkbox', { name: 'A bicycle for deliveries' })).toBeFocused()
  const { notionId } = await todoNamed(page, 'A bicycle for deliveries')
  await expect
    .poll(async () => (await todosOf(page)).find((one) => one.notionId === notionId)?.checked)
    .toBe(false)
})

test('what was done in one go unfolds among the days', async ({ page }) => {
  await signUpAndRead(page)
  const open = (await todosOf(page)).filter(({ kind, checked }) => kind === 'block' && !checked).slice(0, 5)
  const ids = new Set(open.map(({ id }) => id))
  const changes = open.map(({ notionId }) => ({ id: notionId, checked: true }))
  const { entry } = await post<{ entry: string }>(page, '/api/todos/changes', { changes })
  await page.goto('/completed')
  const day = page.getByRole('main').getByRole('list')
  await expect(day.getByRole('link')).toHaveCount(3)
  await expect(page.getByText('5 done')).toBeAttached()
  await page.getByRole('button', { name: 'and 2 more' }).click()
  await expect(day.getByRole('link')).toHaveCount(5)

  // The pane tells of it too, although the entry tells only of its first three by itself.
  await page.goto('/?q=is:done')
  const last = open.at(-1)?.text ?? ''
  await (await scrollTo(page, last)).focus()
  await page.keyboard.press('e')
  const pane = page.getByRole('complementary', { name: 'To-do' })
  await expect(pane.getByRole('listitem').filter({ hasText: /^Done/ })).toHaveCount(1)
  // All tests share one Notion.
  await post(page, `/api/history/${entry}/undo`, {})
  const ticked = async () => (await todosOf(page)).filter(({ id, checked }) => checked && ids.has(id)).length
  await expect.poll(ticked).toBe(0)
})

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

  async function swipe(page: Page, name: string, by: number): Promise<void> {
    const box = await scrollTo(page, name)
    const place = await box.boundingBox()
    if (!place) throw new Error(`“${name}” is nowhere`)
    const cdp = await page.context().newCDPSession(page)
    const at = { x: 195, y: place.y + place.height / 2 }
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x?: number) =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y: at.y }] })
    await touch('touchStart', at.x)
    for (let step = 1; step <= 8; step += 1) await touch('touchMove', at.x + (by * step) / 8)
    await touch('touchEnd')
    await cdp.detach()
  }

  test('right ticks, left opens, a little does nothing', async ({ page }) => {
    await signUpAndRead(page)
    await swipe(page, 'Cash box', 40)
    await expect(page.getByRole('checkbox', { name: 'Cash box' })).not.toBeChecked()
    await swipe(page, 'Cash box', -140)
    const drawer = page.getByRole('dialog', { name: 'To-do' })
    await expect(drawer).toContainText('Cash box')
    await page.keyboard.press('Escape')
    await expect(drawer).toHaveCount(0)
    await swipe(page, 'Cash box', 140)
    await expect(page.getByRole('status').filter({ hasText: 'Done: Cash box' })).toHaveCount(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('checkbox', { name: 'Cash box' })).not.toBeChecked()
  })
})
