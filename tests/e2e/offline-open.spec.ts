import type { Page } from '@playwright/test'
import type { NotionControl } from '../support/notion-control.ts'
import { expect, expectAccessible, test } from './fixtures.ts'
import { scrollTo, signUp, signUpAndRead } from './steps.ts'

/** Turns "Keep my to-dos on this device" on and waits until everything that takes is there. */
async function keepHere(page: Page): Promise<void> {
  await page.goto('/settings')
  const choice = page.getByRole('switch', { name: 'Keep my to-dos on this device' })
  await choice.click()
  await expect(choice).toBeChecked()
  await page.goto('/')
  await scrollTo(page, 'Invite the neighbours')
  await expect.poll(() => isOpenable(page)).toBe(true)
  await expect.poll(() => page.evaluate(keptParts)).toBeGreaterThan(2)
}

/** A worker is at work, and has the page that it shows without a network. */
function isOpenable(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    const shell = await caches.match('/offline-shell', { ignoreVary: true })
    return registration?.active?.state === 'activated' && shell !== undefined
  })
}

/** What of the app lies in this browser. */
function keptApp(page: Page): Promise<{ registrations: number; caches: string[] }> {
  return page.evaluate(async () => ({
    registrations: (await navigator.serviceWorker.getRegistrations()).length,
    caches: await caches.keys(),
  }))
}

function keptParts(): Promise<number> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('roundup')
    opening.onsuccess = () => {
      const counting = opening.result.transaction('todos').objectStore('todos').count()
      counting.onsuccess = () => {
        opening.result.close()
        resolve(counting.result)
      }
    }
  })
}

/** Everything that the worker keeps: where it came from, and all of it as text. */
function keptOnPage(page: Page): Promise<{ paths: string[]; text: string }> {
  return page.evaluate(async () => {
    const kept = { paths: [] as string[], text: '' }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request, { ignoreVary: true })
        kept.paths.push(new URL(request.url).pathname)
        kept.text += [...(response?.headers ?? [])].join('\n') + (await response?.text())
      }
    }
    return { ...kept, paths: kept.paths.sort() }
  })
}

/** What an address shows without a network, in the only tab there is; afterwards the network is back. */
async function shownOffline(page: Page): Promise<string> {
  await page.goto('about:blank')
  await page.context().setOffline(true)
  await page.goto('/').catch(() => undefined)
  const text = await page.locator('body').innerText()
  await page.goto('about:blank')
  await page.context().setOffline(false)
  return text
}

async function expectNothingOpens(page: Page): Promise<void> {
  await expect.poll(() => keptApp(page)).toEqual({ registrations: 0, caches: [] })
  expect(await shownOffline(page)).not.toMatch(/neighbours|Roundup/)
}

// Each connects, reads and opens several times.
test.describe.configure({ timeout: 120_000 })

test.beforeEach(async ({ page }) => {
  await signUpAndRead(page)
})

test('the list opens without a network, and what is ticked there is ticked in Notion once', async ({
  page,
  context,
  notion,
}) => {
  await keepHere(page)
  const before = await writes(notion)
  await page.goto('about:blank')
  await context.setOffline(true)
  await page.goto('/')
  await (await scrollTo(page, 'Learn to make pretzels')).check()
  await expect(page.getByText('Offline: 1 change waiting')).toBeVisible()
  await expectAccessible(page)
  await page.goto('/today')
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible()
  await page.goto('/history')
  await expect(page.getByText('Check your connection and try again.').first()).toBeVisible()
  await page.goto('/')
  await expect(page.getByText('Offline: 1 change waiting')).toBeVisible()

  await context.setOffline(false)
  await expect(page.getByText(/^Offline/)).toBeHidden()
  await expect.poll(async () => (await writes(notion)) - before).toBe(1)
  await page.reload()
  await scrollTo(page, 'Invite the neighbours')
  expect((await writes(notion)) - before).toBe(1)
})

test('only those who ask for it keep the app here, and it is the same for everybody', async ({ page }) => {
  await page.goto('/settings')
  expect(await keptApp(page)).toEqual({ registrations: 0, caches: [] })
  const email = (await page.locator('aside').getByText('@').textContent()) ?? ''
  expect(email).toContain('@')
  await keepHere(page)
  const kept = await keptOnPage(page)
  expect(kept.paths.filter((path) => !/^\/_(nuxt|i18n)\//.test(path))).toEqual([
    '/icon.svg',
    '/offline-shell',
  ])
  for (const personal of [email, 'Invite the neighbours', 'set-cookie'])
    expect(kept.text.includes(personal), personal).toBe(false)
})

test('turning it off, and signing out, leave nothing that opens', async ({ page }) => {
  await keepHere(page)
  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Keep my to-dos on this device' }).click()
  await expectNothingOpens(page)

  await keepHere(page)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL((url) => url.pathname === '/login')
  await expectNothingOpens(page)
})

test('a session that ran out, and somebody else who signs in: nothing of the first person opens', async ({
  page,
  context,
}) => {
  await keepHere(page)
  await context.clearCookies()
  await page.goto('/login')
  await expectNothingOpens(page)

  const other = await signUp(page)
  await expect(page.locator('aside').getByText(other)).toBeVisible()
  await expect.poll(() => page.evaluate(keptParts)).toBe(0)
  await expectNothingOpens(page)
})

/** How often Notion was told to tick a box. */
async function writes(notion: NotionControl): Promise<number> {
  const { entries } = await notion.ledger()
  return entries.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/v1/blocks/')).length
}
