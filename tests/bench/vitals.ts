import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { brotliCompressSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { demoReader } from '../screenshots/demo-reader.ts'
import type { Cookies } from '../screenshots/person.ts'
import { startApart } from './apart.ts'
import { centreOf, EVENTS_REPORTED_MS, HELD_MS } from './hand.ts'

/** A mid-range phone on a slow mobile network, as Lighthouse simulates it: 1.6 Mbit/s, 150 ms, a quarter of this CPU. */
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1_024 * 1_024) / 8,
  uploadThroughput: (750 * 1_024) / 8,
}
const CPU_SLOWDOWN = 4
const VISITS = 8
/** From one key to the next: with the time it is held, five letters a second. */
const PAUSE_MS = 120
const PHONE = { width: 412, height: 823 }

/** What the browser itself observes, in milliseconds; layout shift has no unit. */
interface Vitals {
  lcp: number
  cls: number
  inp: number
}

type Note = (what: string, ours: string, bound: string) => void

/**
 * Core Web Vitals of the production build: the start page as a stranger sees it, and a person's list, as they are
 * judged: by three visits of four (web.dev/articles/vitals), the worst beside it. Before them, in the same run, what this
 * machine takes for next to nothing: the start page without a script, and boxes and a line with nothing behind them.
 */
export async function vitals(note: Note): Promise<void> {
  const { browser, stack } = await startApart()
  try {
    const cookies = await demoReader(stack.app.url, stack.environment.NOTION_API_URL)
    const bare = await serveBare(stack.app.url)
    const floor = await visits(browser, bare.url, [], false)
    const bareBoxes = await visits(browser, `${bare.url}/boxes`, [], true)
    bare.server.close()
    // The first list that a server renders has its modules loaded: once after a start, so it is told by itself.
    const [first, second] = [await timeOf(stack.app.url, cookies), await timeOf(stack.app.url, cookies)]
    note('List without a browser, first of a new server and second', `${first} ms, ${second} ms`, 'printed')
    const where = `4 × slower, Slow 4G, p75 and worst of ${VISITS}`
    note(`Start page without scripts, ${where}: LCP`, ms(floor, 'lcp'), 'the floor here')
    note(`Nothing but boxes and a line, ${where}: INP`, ms(bareBoxes, 'inp'), 'the floor here')
    for (const [what, held] of [
      ['Start page', []],
      ['List', cookies],
    ] as const) {
      const seen = await visits(browser, stack.app.url, [...held], what === 'List')
      const ratio = (p75(seen, 'lcp') / p75(floor, 'lcp')).toFixed(2)
      note(`${what}, ${where}: LCP`, `${ms(seen, 'lcp')}, ${ratio} × the floor`, '≤ 1 500 ms')
      note(`${what}: CLS`, `${p75(seen, 'cls').toFixed(3)}, ${worst(seen, 'cls').toFixed(3)}`, '≤ 0.02')
      if (what === 'List') note(`${what}: INP (keys, ticks, typing)`, ms(seen, 'inp'), '≤ 100 ms')
    }
  } finally {
    await browser.close()
    await stack.stop()
  }
}

async function visits(browser: Browser, url: string, cookies: Cookies, isList: boolean): Promise<Vitals[]> {
  const all: Vitals[] = []
  for (let visit = 0; visit < VISITS; visit += 1) all.push(await visitOnce(browser, url, cookies, isList))
  return all
}

function worst(visits: readonly Vitals[], key: keyof Vitals): number {
  return Math.max(...visits.map((one) => one[key]))
}

function p75(visits: readonly Vitals[], key: keyof Vitals): number {
  const values = visits.map((one) => one[key]).sort((a, b) => a - b)
  return values[Math.ceil(values.length * 0.75) - 1] ?? NaN
}

function ms(visits: readonly Vitals[], key: 'lcp' | 'inp'): string {
  return `${p75(visits, key).toFixed(0)} ms, ${worst(visits, key).toFixed(0)} ms`
}

async function timeOf(url: string, cookies: Cookies): Promise<string> {
  const begunAt = performance.now()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  await (await fetch(url, { headers: { cookie } })).text()
  return (performance.now() - begunAt).toFixed(0)
}

/** Boxes, and a line to type in, at the places where a list has them. */
const BOXES = `<!doctype html><meta name="viewport" content="width=device-width"><title>Boxes</title>
<input role="combobox" aria-label="Line"><div class="todo-list">${'<p><label><input type="checkbox"> To-do</label></p>'.repeat(30)}</div>`

/** The start page as the app sends it, but for its scripts, compressed once; and a page of nothing but boxes. */
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
    ['/boxes', { type: 'text/html; charset=utf-8', body: brotliCompressSync(BOXES) }],
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

async function visitOnce(browser: Browser, url: string, cookies: Cookies, isList: boolean): Promise<Vitals> {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await observe(page)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', NETWORK)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  await page.goto(url)
  if (isList) await page.locator('.todo-list').getByRole('checkbox').first().waitFor()
  await page.waitForLoadState('networkidle')
  if (isList) await useHands(page)
  const seen = await page.evaluate(() => (window as unknown as { seen: Vitals }).seen)
  await context.close()
  return seen
}

/**
 * What a person does first: tick, take it back, move, look for something, at the pace of a quick hand. The pointer is there
 * before it presses.
 */
async function useHands(page: Page): Promise<void> {
  await page.mouse.move(...(await centreOf(page.locator('.todo-list').getByRole('checkbox').nth(1))))
  for (let click = 0; click < 2; click += 1) {
    await page.waitForTimeout(PAUSE_MS)
    await page.mouse.down()
    await page.waitForTimeout(HELD_MS)
    await page.mouse.up()
  }
  const press = async (key: string) => {
    await page.waitForTimeout(PAUSE_MS)
    await page.keyboard.press(key, { delay: HELD_MS })
  }
  for (const key of ['j', 'j', 'k', '/']) await press(key)
  await page.getByRole('combobox').first().focus()
  for (const letter of 'plan') await press(letter)
  // Until the last entry has been reported.
  await page.waitForTimeout(EVENTS_REPORTED_MS)
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
