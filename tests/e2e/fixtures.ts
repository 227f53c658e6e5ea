import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test as base } from '@playwright/test'
import axe from 'axe-core'
import { alive } from '../support/alive.ts'
import { NotionControl } from '../support/notion-control.ts'
import { switchTheme, type Theme } from '../support/theme.ts'

export { expect }

export const APP_URL = process.env.E2E_APP_URL ?? ''
const SUPABASE_URL = process.env.E2E_SUPABASE_URL ?? ''
export const NOTION_URL = process.env.E2E_NOTION_URL ?? ''

declare global {
  interface Window {
    axe: typeof axe
  }
}

interface Fixtures {
  notion: NotionControl
  /** Paths of ours whose failure the test provokes. */
  provokes: string[]
  /** Fails the test on a console error, hydration mismatch, CSP violation, page error or foreign request. */
  cleanPage: null
}

export const test = base.extend<Fixtures>({
  context: async ({ context }, use) => {
    context.on('page', waitUntilAlive)
    await use(context)
  },
  notion: async ({}, use) => {
    const notion = new NotionControl(NOTION_URL)
    await notion.settings({ rate_limit: 'off' })
    await use(notion)
    await notion.clearFaults()
  },
  provokes: [[], { option: true }],
  cleanPage: [
    async ({ page, provokes }, use) => {
      const problems = watch(page, provokes)
      await use(null)
      expect(problems, 'the page and its console stay clean').toEqual([])
    },
    { auto: true },
  ],
})

/** Has going to a page take until it can be used, as it does for people, who see a moment longer than machines. */
function waitUntilAlive(page: Page): void {
  const thenAlive =
    <Args extends unknown[], Answer>(go: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      const answer = await go.apply(page, args)
      await alive(page)
      return answer
    }
  page.goto = thenAlive(page.goto)
  page.reload = thenAlive(page.reload)
  page.waitForURL = thenAlive(page.waitForURL)
}

function watch(page: Page, provokes: string[]): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    const isProblem = message.type() === 'error' || /hydrat|content security policy|mismatch/i.test(text)
    // Chromium writes every refused request to the console; tests that provoke one look at the page instead.
    const isRefusal = /Failed to load resource: the server responded with a status of 4\d\d/.test(text)
    // Only a test takes the network away, and no host but ours has an address (playwright.config.ts): icons in Notion
    // may be pictures from anywhere, the one thing a page loads from elsewhere.
    const isOffline = /net::ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED)/.test(text)
    const isProvoked = provokes.some((path) => message.location().url.endsWith(path))
    if (isProblem && !isRefusal && !isOffline && !isProvoked) {
      problems.push(`console ${message.type()}: ${text}`)
    }
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    const allowed = [APP_URL, NOTION_URL, SUPABASE_URL].includes(url.origin)
    if (!allowed && url.protocol.startsWith('http') && request.resourceType() !== 'image') {
      problems.push(`foreign request: ${url.origin}`)
    }
  })
  return problems
}

export const PASSWORD = 'correct horse battery'

/** An address nobody else in this run has. */
export function freshEmail(): string {
  return `${randomUUID()}@people.test`
}

/** What another theme can change. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong with the page: with everything in the first theme, with the colours in the others. */
export async function violationsOf(page: Page, themes: readonly Theme[]): Promise<string[]> {
  const found: string[] = []
  // Once for all themes: reading axe takes as long as having it look.
  await page.evaluate(axe.source)
  for (const [index, theme] of themes.entries()) {
    await switchTheme(page, theme)
    const violations = await page.evaluate(look, index === 0 ? undefined : COLOUR_RULES)
    found.push(...violations.map((violation) => `${theme}: ${violation}`))
  }
  return found
}

/** Has axe, which is on the page by then, look at it with these rules, or with all. */
async function look(runOnly: string[] | undefined): Promise<string[]> {
  // Nobody reads what is right, and describing it all takes longer than looking for what is wrong.
  const options = { resultTypes: ['violations' as const], ...(runOnly && { runOnly }) }
  const { violations } = await window.axe.run(options)
  return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** No accessibility violation that axe can find, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOf(page, ['light', 'dark'])).toEqual([])
}
