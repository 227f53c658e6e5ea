import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { scrollTo, signUpAndRead } from './steps.ts'

/** What the page fetches ahead, it has to have by now: without a network nothing can follow. */
async function goOffline(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  // Nuxt's list of what was built comes last, a second later.
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('/_nuxt/builds/meta/')),
  )
  await page.context().setOffline(true)
}

// Everybody here reads the same Notion, so each test ticks to-dos of its own.

/** Where Notion was told to tick this box, once for each time. */
async function writesTo(notion: { ledger: () => Promise<{ entries: { method: string; path: string }[] }> }) {
  const { entries } = await notion.ledger()
  return entries.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/v1/blocks/'))
}

test('what is ticked without a network is ticked in Notion once when it is back', async ({
  page,
  context,
  notion,
}) => {
  await signUpAndRead(page)
  const before = (await writesTo(notion)).length

  await goOffline(page)
  await (await scrollTo(page, 'Invite the neighbours')).check()
  await expect(page.getByText('Offline: 1 change waiting')).toBeVisible()
  await (await scrollTo(page, 'Bake three versions')).check()
  await expect(page.getByText('Offline: 2 changes waiting')).toBeVisible()
  await (await scrollTo(page, 'Bake three versions')).uncheck()
  await expect(page.getByText('Offline: 1 change waiting')).toBeVisible()

  await context.setOffline(false)
  await expect(page.getByText(/^Offline/)).toBeHidden()
  await expect.poll(async () => (await writesTo(notion)).length - before).toBe(1)
  await page.reload()
  await expect(await scrollTo(page, 'Bake three versions')).not.toBeChecked()
})

test.describe('kept on this device', () => {
  test.beforeEach(async ({ page }) => {
    await signUpAndRead(page)
    await page.goto('/settings')
    const choice = page.getByRole('switch', { name: 'Keep my to-dos on this device' })
    await choice.click()
    await expect(choice).toBeChecked()
    await page.goto('/')
    await scrollTo(page, 'Invite the neighbours')
    await expect.poll(() => keptRecords(page)).toBeGreaterThan(2)
  })

  test('the list opens without waiting for the server, and nothing readable lies about', async ({ page }) => {
    await page.route('**/api/todos/snapshot*', () => undefined)
    await page.reload()
    await scrollTo(page, 'Invite the neighbours')
    expect(await page.evaluate(dump)).not.toContain('Invite the neighbours')
  })

  test('what was ticked in a tab that was closed is sent once by the next one', async ({
    page,
    context,
    notion,
  }) => {
    const before = (await writesTo(notion)).length
    await goOffline(page)
    await (await scrollTo(page, 'Bread subscription')).check()
    await expect(page.getByText('Offline: 1 change waiting')).toBeVisible()
    await expect.poll(() => keptRecords(page, 'outbox')).toBe(1)
    await page.close()
    await context.setOffline(false)
    const next = await context.newPage()
    await next.goto('/')
    await expect.poll(async () => (await writesTo(notion)).length - before).toBe(1)
    await expect.poll(() => keptRecords(next, 'outbox')).toBe(0)
  })

  test('signing out removes it', async ({ page }) => {
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL((url) => url.pathname === '/login')
    expect(await keptRecords(page)).toBe(0)
    expect(await page.evaluate(() => localStorage.getItem('roundup:kept-for'))).toBeNull()
  })
})

test('two tabs have one queue', async ({ page, context, notion }) => {
  await signUpAndRead(page)
  const other = await context.newPage()
  await other.goto('/')
  await scrollTo(other, 'A bicycle for deliveries')
  // The rows that came with the page are no list yet, and without a network none can follow.
  await other.waitForLoadState('networkidle')
  const before = (await writesTo(notion)).length
  await goOffline(page)
  await (await scrollTo(page, 'A bicycle for deliveries')).check()
  await expect(other.getByRole('checkbox', { name: 'A bicycle for deliveries' })).toBeChecked()
  await expect(other.getByText('Offline: 1 change waiting')).toBeVisible()
  // The tab that knows it from the other one sends it, should that one be gone.
  await page.close()
  await context.setOffline(false)
  await expect.poll(async () => (await writesTo(notion)).length - before).toBe(1)
  await expect(other.getByText(/^Offline/)).toBeHidden()
})

/** How many records lie in a store of this browser. */
function keptRecords(page: Page, store = 'todos'): Promise<number> {
  return page.evaluate((name) => {
    const count = () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('roundup')
        opening.onerror = () => resolve(0)
        opening.onsuccess = () => {
          const database = opening.result
          if (!database.objectStoreNames.contains(name)) {
            database.close()
            return resolve(0)
          }
          const transaction = database.transaction(name)
          const counting = transaction.objectStore(name).count()
          counting.onsuccess = () => {
            database.close()
            resolve(counting.result)
          }
          // Signing out clears all storage (Clear-Site-Data), which breaks off whatever is being read.
          transaction.onabort = () => {
            database.close()
            resolve(count())
          }
        }
      })
    return count()
  }, store)
}

/** Everything in this browser's storage that can be read as text. */
function dump(): Promise<string> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('roundup')
    opening.onsuccess = () => {
      const reading = opening.result.transaction('todos').objectStore('todos').getAll()
      reading.onsuccess = () => {
        const values = reading.result as { data: ArrayBuffer }[]
        opening.result.close()
        resolve(values.map(({ data }) => new TextDecoder().decode(data)).join('\n'))
      }
    }
  })
}
