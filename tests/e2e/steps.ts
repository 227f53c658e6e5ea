import type { Locator, Page } from '@playwright/test'
import { demoReader } from '../screenshots/demo-reader.ts'
import { APP_URL, expect, freshEmail, NOTION_URL, PASSWORD } from './fixtures.ts'

/** Makes an account through the page and ends where a new person ends. */
export async function signUp(page: Page): Promise<string> {
  const email = freshEmail()
  await page.goto('/login')
  await page.getByRole('link', { name: 'New here? Create an account' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.waitForURL((url) => url.pathname === '/')
  return email
}

/** Goes through Notion's consent page and comes back connected, at the chooser. */
export async function connectNotion(page: Page): Promise<void> {
  await page.goto('/connect-notion')
  await page.getByRole('link', { name: 'Connect Notion' }).click()
  await page.waitForURL('**/v1/oauth/authorize**')
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.waitForURL((url) => url.pathname === '/databases')
}

/** Chooses every database and waits until all of them were read. */
export async function readEverything(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Choose databases' })).toBeVisible()
  // The likely ones are ticked once the databases are known.
  await expect(page.getByText(/[1-9]\d* of \d+ chosen/)).toBeVisible()
  for (const box of await page.getByRole('main').getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: 'Show my to-dos' }).click()
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.startsWith('/lists/'))
  await expect(page.getByRole('listitem').getByRole('checkbox').first()).toBeVisible()
  await readingEnds(page)
}

/** Until then rows move, and what one clicks may be another by then. The progress bar comes a moment after the list. */
export async function readingEnds(page: Page): Promise<void> {
  const state = () =>
    page.evaluate(
      async () => ((await (await fetch('/api/todos')).json()) as { sync: { state: string } }).sync.state,
    )
  await expect.poll(state, { timeout: 60_000 }).toBe('idle')
  await expect(page.getByRole('progressbar')).toBeHidden()
}

/** Somebody new before all of their to-dos. How they got there, other tests go through step by step. */
export async function signUpAndRead(page: Page): Promise<void> {
  await page.context().addCookies(await demoReader(APP_URL, NOTION_URL))
  await page.goto('/')
  await expect(page.getByRole('listitem').getByRole('checkbox').first()).toBeVisible()
}

/** Scrolls down to a to-do: of a long list only what is near the window is on the page. */
export async function scrollTo(page: Page, name: string): Promise<Locator> {
  const box = page.getByRole('checkbox', { name, exact: true }).first()
  // Once more where the rows that came with the page have just given way to the list.
  await expect(async () => {
    await page.evaluate(bringIntoView, name)
    await expect(box).toBeInViewport({ timeout: 1_000 })
  }).toPass({ intervals: [50] })
  return box
}

/** In the page itself, frame by frame: asking for a role from outside at every step takes ten times as long. */
async function bringIntoView(name: string): Promise<void> {
  const find = () =>
    [...document.querySelectorAll('input[type=checkbox]')].find(
      (box) =>
        document.getElementById(box.getAttribute('aria-labelledby') ?? '')?.textContent.trim() === name,
    )
  // A tab in the background draws no frames.
  const frame = () =>
    new Promise((resolve) => {
      requestAnimationFrame(resolve)
      setTimeout(resolve, 100)
    })
  for (let top = 0; !find() && top < document.documentElement.scrollHeight; top += window.innerHeight / 2) {
    window.scrollTo(0, top)
    // One hears of it, the next one draws, and what it has not drawn in time comes with the third.
    for (let waited = 0; waited < 3; waited += 1) await frame()
  }
  find()?.scrollIntoView({ block: 'center' })
}
