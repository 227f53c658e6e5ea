import type { Browser, Locator, Page } from '@playwright/test'
import { Pool } from 'pg'
import { demoReader } from '../screenshots/demo-reader.ts'
import type { Cookies } from '../screenshots/person.ts'
import { startApart } from './apart.ts'
import { centreOf, EVENTS_REPORTED_MS, HELD_MS } from './hand.ts'
import { fillWithTodos } from './snapshot.ts'
import { longTasksIn, mainThreadOf } from './trace.ts'

const VIEWPORT = { width: 1_280, height: 900 }
const TICKS = 60
/** Nobody's hand goes from box to box in less. */
const TICK_PAUSE_MS = 200
/** Until everything that came of a letter is on the screen: none of it must count as the next letter's. */
const LETTER_PAUSE_MS = 400
const OPENINGS = 5
/** What somebody looks for, key by key: matches get fewer, and with the last key there are many again. */
const TYPED = ['plan the garden', 'call doctor']
const LONG_TASK_MS = 50
/** Event Timing says nothing of what is quicker. */
const SILENT_BELOW_MS = 16
const TICK_TODOS = 10_000
const ALL_TODOS = 20_000

type Note = (what: string, ours: string, bound: string) => void

/** What the page itself has seen. Set up before any script of ours runs. */
interface Seen {
  /** To be read. */
  firstBox: number
  /** To be ticked. */
  firstLiveBox: number
  /** From each tick or letter to the first change in the list, and to the last that came of it. */
  paints: number[]
  wholes: number[]
  clicks: number[]
  letters: number[]
}

/** The list in real Chromium, against the production build and a database full of to-dos. */
export async function browserFigures(note: Note): Promise<void> {
  const { browser, stack } = await startApart()
  const pool = new Pool({ connectionString: stack.environment.DATABASE_URL, max: 2 })
  try {
    const cookies = await demoReader(stack.app.url, stack.environment.NOTION_API_URL)
    const { rows } = await pool.query<{ user_id: string; id: string }>(
      'select user_id, id from public.notion_access_token_user limit 1',
    )
    const reader = { userId: rows[0]?.user_id ?? '', connectionId: Number(rows[0]?.id) }
    await bareFigures(browser, note)
    const page = await openPage(browser, stack.app.url, cookies)
    await fillWithTodos({ pool }, reader, TICK_TODOS)
    await openList(page)
    await tickFigures(page, note)
    await fillWithTodos({ pool }, reader, ALL_TODOS - TICK_TODOS)
    await openList(page)
    await keepOnDevice(page)
    await openingFigures(page, note)
    await filterFigures(page, note)
    await scrollFigures(browser, page, note)
    await memoryFigures(page, note)
  } finally {
    await browser.close()
    await pool.end()
    await stack.stop()
  }
}

async function openPage(browser: Browser, baseURL: string, cookies: Cookies): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: VIEWPORT, locale: 'en-GB' })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await page.addInitScript(watchPage)
  return page
}

/**
 * Notes when the first box is on the screen and when it can be ticked, for each click and letter what the browser itself
 * says of it (Event Timing: from the event until the next frame is shown, in steps of 8 ms; below 16 ms it is silent),
 * and for each key the time until the frames are drawn that show the first and the last of what came of it in the list.
 */
function watchPage(): void {
  const seen: Seen = { firstBox: 0, firstLiveBox: 0, paints: [], wholes: [], clicks: [], letters: [] }
  Object.assign(window, { seen })
  // Right behind the frame: what the page itself puts off until then would count as part of it otherwise.
  const painted = (done: (at: number) => void) =>
    requestAnimationFrame(() => {
      void scheduler.postTask(() => done(performance.now()), { priority: 'user-blocking' })
    })
  // The types do not know the threshold yet.
  const events: PerformanceObserverInit & { durationThreshold: number } = {
    type: 'event',
    durationThreshold: 16,
  }
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'click') seen.clicks.push(duration)
      if (name === 'input') seen.letters.push(duration)
    }
  }).observe(events)
  let asked: number | null = null
  let isFirst = false
  const begin = (event: Event) => {
    asked = event.timeStamp
    isFirst = true
  }
  addEventListener('input', begin, { capture: true })
  addEventListener('change', begin, { capture: true })
  new MutationObserver((changes) => {
    for (const [what, box] of [
      ['firstBox', 'input[data-todo]'],
      ['firstLiveBox', 'input[data-todo]:not([inert] *)'],
    ] as const) {
      if (seen[what] > 0 || !document.querySelector(box)) continue
      seen[what] = Number.EPSILON
      painted((at) => (seen[what] = at))
    }
    const isInList = ({ target }: MutationRecord) => target instanceof Element && target.closest('.todo-list')
    if (asked === null || !changes.some(isInList)) return
    const from = asked
    const isNew = isFirst
    isFirst = false
    painted((at) => {
      if (isNew) seen.paints.push(at - from)
      seen.wholes[seen.paints.length - 1] = at - from
    })
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
}

const seenBy = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen }).seen)

const forget = (page: Page) =>
  page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen }
    seen.paints.length = 0
    seen.wholes.length = 0
    seen.clicks.length = 0
    seen.letters.length = 0
  })

async function openList(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator('.todo-list input[data-todo]').first().waitFor()
  await page.waitForLoadState('networkidle').catch(() => undefined)
}

const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

function spread(values: readonly number[]): string {
  const [half, most] = [percentile(values, 0.5), percentile(values, 0.95)]
  return `p50 ${half.toFixed(0)} ms, p95 ${most.toFixed(0)} ms (${values.length})`
}

/** Of what was too quick to be told, the most it can have been. */
function withSilent(told: readonly number[], all: number): number[] {
  return [...told, ...Array.from({ length: Math.max(0, all - told.length) }, () => SILENT_BELOW_MS)]
}

/** The same clicks on nothing but boxes: what the browser itself takes here, whatever the page does. */
async function bareFigures(browser: Browser, note: Note): Promise<void> {
  const page = await openPage(browser, 'about:blank', [])
  const box = (at: number) => `<p><label><input type="checkbox"> To-do ${at}</label></p>`
  const html = Array.from({ length: TICKS }, (_, at) => box(at)).join('')
  await page.goto(`data:text/html,<!doctype html>${html}`)
  for (let tick = 0; tick < TICKS; tick += 1) {
    await press(page, page.locator('input:not(:checked)').first())
    await page.waitForTimeout(TICK_PAUSE_MS)
  }
  await page.waitForTimeout(EVENTS_REPORTED_MS)
  const { clicks } = await seenBy(page)
  note('Tick → paint, nothing but boxes', spread(withSilent(clicks, TICKS)), 'the floor here')
  await page.context().close()
}

async function press(page: Page, box: Locator): Promise<void> {
  await box.scrollIntoViewIfNeeded()
  await page.mouse.click(...(await centreOf(box)))
}

async function tickFigures(page: Page, note: Note): Promise<void> {
  await forget(page)
  for (let tick = 0; tick < TICKS; tick += 1) {
    // A row that leaves just then takes the box away from under the pointer.
    do await press(page, page.locator('input[data-todo]:not(:checked)').first())
    while (!(await isPainted(page, tick + 1)))
    await page.waitForTimeout(TICK_PAUSE_MS)
  }
  await page.waitForTimeout(EVENTS_REPORTED_MS)
  const { clicks } = await seenBy(page)
  note(`Tick → paint, ${TICK_TODOS} to-dos`, spread(withSilent(clicks, TICKS)), 'p95 < 50 ms')
}

function isPainted(page: Page, count: number): Promise<boolean> {
  const hasCome = (least: number) => (window as unknown as { seen: Seen }).seen.paints.length >= least
  return page.waitForFunction(hasCome, count, { timeout: 1_000 }).then(
    () => true,
    () => false,
  )
}

async function keepOnDevice(page: Page): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('switch', { name: 'Keep my to-dos on this device' }).click()
  await openList(page)
  await page.waitForFunction(
    () =>
      new Promise<boolean>((resolve) => {
        const opening = indexedDB.open('roundup')
        opening.onsuccess = () => {
          const looking = opening.result.transaction('todos').objectStore('todos').get('head')
          looking.onsuccess = () => {
            opening.result.close()
            resolve(looking.result !== undefined)
          }
        }
      }),
    undefined,
    { timeout: 60_000, polling: 500 },
  )
}

async function openingFigures(page: Page, note: Note): Promise<void> {
  const [shown, live]: [number[], number[]] = [[], []]
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    await openList(page)
    const { firstBox, firstLiveBox } = await seenBy(page)
    shown.push(firstBox)
    live.push(firstLiveBox)
  }
  note(`Warm open of ${ALL_TODOS}, from the click to the first box`, spread(shown), '≤ 1 000 ms')
  note(`Warm open of ${ALL_TODOS}, from the click to a box that can be ticked`, spread(live), 'printed')
}

async function filterFigures(page: Page, note: Note): Promise<void> {
  const line = page.getByRole('searchbox').or(page.getByRole('combobox')).first()
  const times: number[] = []
  const wholes: number[] = []
  const letters: number[] = []
  for (const text of TYPED) {
    await line.fill('')
    await page.waitForTimeout(LETTER_PAUSE_MS)
    await forget(page)
    for (const key of text) {
      await page.keyboard.press(key === ' ' ? 'Space' : key, { delay: HELD_MS })
      await page.waitForTimeout(LETTER_PAUSE_MS)
    }
    await page.waitForTimeout(EVENTS_REPORTED_MS)
    const seen = await seenBy(page)
    times.push(...seen.paints)
    wholes.push(...seen.wholes)
    letters.push(...withSilent(seen.letters, text.length))
  }
  await line.fill('')
  note(`Key in the filter line → letter, ${ALL_TODOS} to-dos`, spread(letters), 'p95 ≤ 50 ms')
  note(`Key in the filter line → list, ${ALL_TODOS} to-dos`, spread(times), 'p95 ≤ 50 ms')
  note(`Key in the filter line → all rows and counts, ${ALL_TODOS} to-dos`, spread(wholes), 'printed')
}

/** By the clock on the wall, as the browser tells it to a page, and by what the page's thread itself took of that. */
async function scrollFigures(browser: Browser, page: Page, note: Note): Promise<void> {
  await page.waitForTimeout(500)
  await browser.startTracing(page, { categories: ['toplevel', 'v8', 'devtools.timeline'] })
  await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2)
  for (let step = 0; step < 150; step += 1) {
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(16)
  }
  const events = mainThreadOf(await browser.stopTracing())
  for (const [clock, what] of [
    ['wall', 'by the clock'],
    ['thread', 'by its own work'],
  ] as const) {
    const tasks = longTasksIn(events, clock, LONG_TASK_MS)
    note(`Scrolling ${ALL_TODOS}: tasks over ${LONG_TASK_MS} ms, ${what}`, tasks, '0')
  }
}

async function memoryFigures(page: Page, note: Note): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0
  note(
    `Memory with ${ALL_TODOS} to-dos`,
    `${(of('JSHeapUsedSize') / 1_000_000).toFixed(0)} MB of heap, ${of('Nodes')} nodes`,
    'printed',
  )
}
