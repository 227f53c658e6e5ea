import { randomUUID } from 'node:crypto'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { eventually } from '../support/eventually.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { TestStack } from '../support/stack.ts'
import { FIRST_LOOK, openWindow } from './camera.ts'

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** What the scenes play on: an installation, its Notion, somebody new and somebody with a full list. */
export interface Stage {
  notion: NotionControl
  cookies: { newcomer: Cookies; reader: Cookies }
}

interface Scene {
  name: string
  as: 'stranger' | 'newcomer' | 'reader'
  /** Ends with the window showing what is to be photographed. */
  play: (page: Page, stage: Stage) => Promise<unknown>
}

/** Makes the people of the scenes. */
export async function prepare(browser: Browser, stack: TestStack): Promise<Stage> {
  const notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  await notion.settings({ rate_limit: 'off' })
  const newcomer = await signUp(browser, stack.app.url)
  const reader = await signUp(browser, stack.app.url)
  await connect(reader)
  await readEverything(reader)
  return {
    notion,
    cookies: { newcomer: await newcomer.context().cookies(), reader: await reader.context().cookies() },
  }
}

async function signUp(browser: Browser, appUrl: string): Promise<Page> {
  const page = await openWindow(browser, FIRST_LOOK, appUrl)
  await page.goto('/privacy')
  await post(page, '/api/session/sign-up', {
    email: `${randomUUID().slice(0, 8)}@people.test`,
    password: 'correct horse battery',
  })
  return page
}

async function connect(page: Page): Promise<void> {
  await page.goto('/connect-notion')
  await page.getByRole('link', { name: 'Connect Notion' }).click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.waitForURL('**/databases')
}

async function readEverything(page: Page): Promise<void> {
  const { databases } = (await get(page, '/api/search-notion')) as { databases: { id: string }[] }
  await post(page, '/api/todo-lists', { name: 'Everything', databaseIds: databases.map(({ id }) => id) })
  await eventually(
    'everything is read',
    async () => {
      const { sync } = (await get(page, '/api/todos')) as { sync: { state: string; pagesTotal: number } }
      return sync.state === 'idle' && sync.pagesTotal > 0
    },
    120_000,
  )
}

/** From inside the page, so that the request comes from our own origin. */
function post(page: Page, path: string, body: unknown): Promise<unknown> {
  return page.evaluate(
    async ([to, data]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(String(to), { method: 'POST', headers, body: JSON.stringify(data) })
      if (!answer.ok) throw new Error(`${String(to)}: ${answer.status} ${await answer.text()}`)
    },
    [path, body],
  )
}

function get(page: Page, path: string): Promise<unknown> {
  return page.evaluate(async (to) => (await fetch(to)).json() as Promise<unknown>, path)
}

const at = (path: string) => (page: Page) => page.goto(path, { waitUntil: 'networkidle' })

async function atList(page: Page, path = '/'): Promise<void> {
  await page.goto(path)
  await page.getByRole('checkbox').first().waitFor()
}

export const SCENES: readonly Scene[] = [
  { name: 'start', as: 'stranger', play: at('/') },
  { name: 'sign-in', as: 'stranger', play: at('/login') },
  { name: 'sign-up', as: 'stranger', play: at('/login?mode=sign-up') },
  { name: 'privacy', as: 'stranger', play: at('/privacy') },
  { name: 'not-found', as: 'stranger', play: at('/no-such-page') },
  { name: 'first-run', as: 'newcomer', play: at('/') },
  { name: 'connect', as: 'newcomer', play: at('/connect-notion') },
  { name: 'connect-token', as: 'newcomer', play: at('/connect-notion?with=token') },
  { name: 'choose', as: 'reader', play: at('/databases') },
  { name: 'list', as: 'reader', play: (page) => atList(page) },
  { name: 'today', as: 'reader', play: (page) => atList(page, '/today') },
  { name: 'settings', as: 'reader', play: at('/settings') },
]
