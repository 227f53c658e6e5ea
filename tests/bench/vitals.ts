import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { brotliCompressSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { demoReader } from '../screenshots/demo-reader.ts'
import type { Cookies } from '../screenshots/person.ts'
import { startApart } from './apart.ts'

/** A mid-range phone on a slow mobile network, as Lighthouse simulates it: 1.6 Mbit/s, 150 ms, a quarter of this CPU. */
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1_024 * 1_024) / 8,
  uploadThroughput: (750 * 1_024) / 8,
}
const CPU_SLOWDOWN = 4
const VISITS = 5
const PHONE = { width: 412, height: 823 }

/** What the browser itself observes, in milliseconds; layout shift has no unit. */
interface Vitals {
  lcp: number
  cls: number
  inp: number
}

type Note = (what: string, ours: string, bound: string) => void

/**
 * Core Web Vitals of the production build: the start page as a stranger sees it, and a person's list. Before them the
 * start page without a script, in the same run: what this machine takes for the same words and the same style sheet.
 */
export async function vitals(note: Note): Promise<void> {
  const { browser, stack } = await startApart()
  try {
    const cookies = await demoReader(stack.app.url, stack.environment.NOTION_API_URL)
    const bare = await serveBare(stack.app.url)
    const floor = await worstOf(browser, bare.url, [], false)
    bare.server.close()
    // The first list that a server renders has its modules loaded: once after a start, so it is told by itself.
    const [first, second] = [await timeOf(stack.app.url, cookies), await timeOf(stack.app.url, cookies)]
    note('List without a browser, first of a new server and second', `${first} ms, ${second} ms`, 'printed')
    note(
      `Start page without scripts, 4 × slower, Slow 4G, worst of ${VISITS}: LCP`,
      `${floor.lcp.toFixed(0)} ms`,
      'the floor here',
    )
    for (const [what, held] of [
      ['Start page', []],
      ['List', cookies],
    ] as const) {
      const worst = await worstOf(browser, stack.app.url, [...held], what === 'List')
      note(
        `${what}, 4 × slower, Slow 4G, worst of ${VISITS}: LCP`,
        `${worst.lcp.toFixed(0)} ms, ${(worst.lcp / floor.lcp).toFixed(2)} × the floor`,
        '≤ 1 500 ms',
      )
      note(`${what}: CLS`, worst.cls.toFixed(3), '≤ 0.02')
      if (what === 'List')
        note(`${what}: INP (keys, ticks, typing)`, `${worst.inp.toFixed(0)} ms`, '≤ 100 ms')
    }
  } finally {
    await browser.close()
    await stack.stop()
  }
}

async function worstOf(browser: Browser, url: string, cookies: Cookies, isList: boolean): Promise<Vitals> {
  const visits: Vitals[] = []
  for (let visit = 0; visit < VISITS; visit += 1) visits.push(await visitOnce(browser, url, cookies, isList))
  const worst = (key: keyof Vitals) => Math.max(...visits.map((one) => one[key]))
  return { lcp: worst('lcp'), cls: worst('cls'), inp: worst('inp') }
}

async function timeOf(url: string, cookies: Cookies): Promise<string> {
  const begunAt = performance.now()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  await (await fetch(url, { headers: { cookie } })).text()
  return (performance.now() - begunAt).toFixed(0)
}

/** The start page as the app sends it, but for its scripts, compressed once. */
async function serveBare(appUrl: string): Promise<{ url: string; server: Server }> {
  const html = await (await fetch(appUrl)).text()
  const bare = html.replaceAll(
    /<script\b[\s\S]*?<\/script>|<link (?=[^>]*rel="(?:modulepreload|prefetch|preload)")[^>]*>/g,
    '',
  )
  const [, sheet = ''] = /<link (?=[^>]*rel=stylesheet)[^>]*href="([^"]+)"/.exec(bare) ?? []
  if (sheet === '') throw new Error('The start page names no style sheet')
  const css = await (await fetch(new URL(sheet, appUrl))).text()
  const parts = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: brotliCompressSync(bare) }],
    [sheet, { type: 'text/css', body: brotliCompressSync(css) }],
  ])
  const server = createServer((request, answer) => {
    const part = parts.get(request.url ?? '')
    if (!part) return void answer.writeHead(404).end()
    answer.writeHead(200, { 'content-type': part.type, 'content-encoding': 'br' }).end(part.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://localhost:${port}`, server }
}

async function visitOnce(
  browser: Browser,
  appUrl: string,
  cookies: Cookies,
  isList: boolean,
): Promise<Vitals> {
  const context = await browser.newContext({ baseURL: appUrl, viewport: PHONE, hasTouch: true })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await observe(page)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', NETWORK)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.goto('/')
  if (isList) await page.locator('.todo-list').getByRole('checkbox').first().waitFor()
  await page.waitForLoadState('networkidle')
  if (isList) await useHands(page)
  const seen = await page.evaluate(() => (window as unknown as { seen: Vitals }).seen)
  await context.close()
  return seen
}

/** What a person does first: move, tick, take it back, look for something. */
async function useHands(page: Page): Promise<void> {
  const boxes = page.getByRole('checkbox')
  await boxes.nth(1).click()
  await boxes.nth(1).click()
  for (const key of ['j', 'j', 'k']) await page.keyboard.press(key)
  await page.keyboard.press('/')
  await page.keyboard.type('plan', { delay: 120 })
  // Two frames after the last key, so that its entry has been reported.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

async function observe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { lcp: 0, cls: 0, inp: 0 }
    Object.assign(window, { seen })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.lcp = entry.startTime
    }).observe({ type: 'largest-contentful-paint', buffered: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number
        hadRecentInput: boolean
      })[]) {
        if (!entry.hadRecentInput) seen.cls += entry.value
      }
    }).observe({ type: 'layout-shift', buffered: true })
    new PerformanceObserver((list) => {
      // A pointer that only passes over the page is no interaction (web.dev/articles/inp).
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
        if (entry.interactionId > 0) seen.inp = Math.max(seen.inp, entry.duration)
    }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit)
  })
}
