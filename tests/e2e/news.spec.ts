import { expect, test } from './fixtures.ts'
import { todoNamed, todosOf, type KnownTodo } from './known-todos.ts'
import { scrollTo, signUpAndRead } from './steps.ts'

// One person's way through everything, on a machine that may be busy.
test.setTimeout(150_000)

const pageIdOf = (todo: KnownTodo) => /[0-9a-f]{32}/.exec(todo.page.url)?.[0] ?? ''
const NEWS = (text: string) => ({
  type: 'to_do',
  to_do: { rich_text: [{ type: 'text', text: { content: text } }] },
})

test('a conflict is shown with both versions, and settled in the row', async ({ page, notion }) => {
  await signUpAndRead(page)
  const { notionId } = await todoNamed(page, 'Fairy lights')
  const isSaved = async () => {
    const todo = (await todosOf(page)).find((one) => one.notionId === notionId)
    return todo?.checked === true && todo.write.state === 'saved'
  }
  await (await scrollTo(page, 'Fairy lights')).check()
  await expect.poll(isSaved).toBe(true)
  // Meanwhile somebody makes another to-do of it: what was done is not taken back without asking.
  await notion.edit({ op: 'set_text', block_id: notionId, text: 'Sell the house' })
  await page.keyboard.press('u')
  const row = page.getByRole('listitem').filter({ hasText: 'Notion was changed meanwhile' })
  await expect(row).toContainText('Open: Fairy lights')
  await expect(row).toContainText('Done: Sell the house')
  await row.getByRole('button', { name: 'Keep theirs' }).click()
  await expect(row).toHaveCount(0)
  await expect.poll(isSaved).toBe(true)
  expect((await todosOf(page)).find((one) => one.notionId === notionId)?.text).toBe('Sell the house')
  // All tests share one Notion.
  await notion.edit({ op: 'set_text', block_id: notionId, text: 'Fairy lights' })
  await notion.edit({ op: 'set_checked', block_id: notionId, checked: false })
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
