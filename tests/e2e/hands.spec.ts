import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './fixtures.ts'
import { connectNotion, readEverything, scrollTo, signUp } from './steps.ts'

// One person's way through everything, on a machine that may be busy.
test.setTimeout(150_000)

interface KnownTodo {
  id: number
  notionId: string
  kind: string
  text: string
  checked: boolean
  parentId: number | null
  page: { title: string; url: string }
}

/** Somebody new, and all of their to-dos: the progress bar comes a moment after the list. */
async function signUpAndRead(page: Page): Promise<void> {
  await signUp(page)
  await connectNotion(page)
  await readEverything(page)
  const sync = () =>
    page.evaluate(
      async () => ((await (await fetch('/api/todos')).json()) as { sync: { state: string } }).sync.state,
    )
  await expect.poll(sync, { timeout: 60_000 }).toBe('idle')
}

async function todosOf(page: Page): Promise<KnownTodo[]> {
  const { todos } = await page.evaluate(
    async () => (await (await fetch('/api/todos')).json()) as { todos: KnownTodo[] },
  )
  return todos
}

/** From inside the page, so that the request comes from our own origin. */
function post<Reply>(page: Page, path: string, body: object): Promise<Reply> {
  return page.evaluate(
    async ([to, data]) => {
      const headers = { 'content-type': 'application/json' }
      const sent = JSON.stringify({ clientId: crypto.randomUUID(), ...data })
      return (await (await fetch(to, { method: 'POST', headers, body: sent })).json()) as Reply
    },
    [path, body] as const,
  )
}

async function todoNamed(page: Page, text: string): Promise<KnownTodo> {
  const todo = (await todosOf(page)).find((one) => one.text === text)
  if (!todo) throw new Error(`There is no to-do “${text}”`)
  return todo
}

const pageIdOf = (todo: KnownTodo) => /[0-9a-f]{32}/.exec(todo.page.url)?.[0] ?? ''
const NEWS = (text: string) => ({
  type: 'to_do',
  to_do: { rich_text: [{ type: 'text', text: { content: text } }] },
})

test('a page is hidden from its to-do, and brought back', async ({ page }) => {
  await signUpAndRead(page)
  await page.goto('/')
  const box = await scrollTo(page, 'A loyalty card?')
  const allOpen = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^All to-dos/ })
  const before = await allOpen.textContent()

  await box.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Why is it here?' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('A loyalty card?')).toBeVisible()
  await expect(dialog.getByText('in this list', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  await box.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Hide this page from all lists' }).click()
  await expect(box).toHaveCount(0)
  await expect(page.getByRole('status').filter({ hasText: 'is hidden from all lists' })).toHaveCount(1)
  expect(await allOpen.textContent(), 'the count leaves it out').not.toBe(before)
  await expectAccessible(page)

  await page.keyboard.press('u')
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
  await expectAccessible(page)
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
  await expectAccessible(page)

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
  await expectAccessible(page)
  await drawer.getByRole('button', { name: 'Undo' }).click()
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
  await expectAccessible(page)
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

test('a conflict is shown with both versions, and settled in the row', async ({ page, notion }) => {
  await signUpAndRead(page)
  const { notionId } = await todoNamed(page, 'Fairy lights')
  await notion.edit({ op: 'set_text', block_id: notionId, text: 'Sell the house' })
  await (await scrollTo(page, 'Fairy lights')).check()
  const row = page.getByRole('listitem').filter({ hasText: 'Notion was changed meanwhile' })
  await expect(row).toContainText('Fairy lights')
  await expect(row).toContainText('Sell the house')
  await expectAccessible(page)
  await row.getByRole('button', { name: 'Keep theirs' }).click()
  await expect(page.getByRole('checkbox', { name: 'Sell the house' })).not.toBeChecked()
  await expect(row).toHaveCount(0)
  // All tests share one Notion.
  await notion.edit({ op: 'set_text', block_id: notionId, text: 'Fairy lights' })
})

test.describe('while news arrive', () => {
  test('the focus stays on its to-do, also when what stands above it is drawn anew', async ({
    page,
    notion,
  }) => {
    await signUpAndRead(page)
    const todo = await todoNamed(page, 'Baking class for children')
    const box = await scrollTo(page, 'Baking class for children')
    await box.focus()
    // First of its page: the list that the to-do stands in begins with another one now.
    await notion.edit({
      op: 'add_block',
      parent_id: pageIdOf(todo),
      block: NEWS('Before all'),
      after_id: null,
    })
    await page.keyboard.press('r')
    await expect(page.getByRole('checkbox', { name: 'Before all' }).first()).toBeAttached()
    await expect(box).toBeFocused()
    await page.keyboard.press('j')
    await expect(box).not.toBeFocused()
    await expect(page.locator('input[data-todo]:focus'), 'the hand goes on from there').toHaveCount(1)
    await notion.edit({ op: 'trash', id: (await todoNamed(page, 'Before all')).notionId })
  })

  test('what is looked at stays where it is', async ({ page, notion }) => {
    await signUpAndRead(page)
    const first = await page.getByRole('main').locator('input[data-todo]').first().getAttribute('data-todo')
    const todo = (await todosOf(page)).find(({ id }) => String(id) === first)
    if (!todo) throw new Error('The list is empty')
    const last = page.getByRole('main').locator('input[data-todo]').last()
    await expect(async () => {
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
      await expect(last).toBeInViewport({ timeout: 500 })
    }).toPass()
    const seen = page.locator(`input[data-todo="${await last.getAttribute('data-todo')}"]`)
    const before = (await seen.boundingBox())?.y ?? 0
    const { length } = await todosOf(page)
    const news = ['News one', 'News two', 'News three']
    for (const text of news)
      await notion.edit({ op: 'add_block', parent_id: pageIdOf(todo), block: NEWS(text), after_id: null })
    await page.keyboard.press('r')
    await expect.poll(async () => (await todosOf(page)).length).toBe(length + 3)
    const name = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^All to-dos/ })
    const open = (await todosOf(page)).filter(({ checked }) => !checked).length
    await expect(name).toContainText(`${open} open`)
    expect(Math.abs(((await seen.boundingBox())?.y ?? 0) - before)).toBeLessThanOrEqual(2)
    for (const text of news) await notion.edit({ op: 'trash', id: (await todoNamed(page, text)).notionId })
  })
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
