import type { Browser, Page } from '@playwright/test'
import { eventually } from '../support/eventually.ts'
import type { Cookies } from './person.ts'
import type { Language } from './words.ts'

export interface Device {
  width: number
  height: number
  isPhone: boolean
}

export const DESKTOP: Device = { width: 1280, height: 720, isPhone: false }
export const PHONE: Device = { width: 390, height: 844, isPhone: true }

/** Icons in Notion may be pictures from anywhere; the scenes need no network. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="1" y="1" width="18" height="18" rx="4" fill="#448361"/>' +
  '<path d="m5.5 10.5 3 3 6-7" fill="none" stroke="#fff" stroke-width="2"/></svg>'

/** Longer than anything in a scene takes; the test runner itself would wait for ever. */
const PATIENCE_MS = 30_000

const busy = new WeakMap<Page, Set<unknown>>()

/** Opens a window of somebody's, in their language, on their device. */
export async function openWindow(
  browser: Browser,
  baseURL: string,
  { device, language, cookies }: { device: Device; language: Language; cookies: Cookies },
): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: device.width, height: device.height },
    locale: language === 'de' ? 'de-DE' : 'en-GB',
    timezoneId: 'Europe/Berlin',
    hasTouch: device.isPhone,
    isMobile: device.isPhone,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const spoken = { name: 'roundup_locale', value: language, url: baseURL }
  await context.addCookies([...cookies.filter(({ name }) => name !== spoken.name), spoken])
  const isForeign = (url: URL) => url.hostname !== 'localhost'
  await context.route(isForeign, (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }))
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  watch(page)
  return page
}

function watch(page: Page): void {
  const open = new Set<unknown>()
  busy.set(page, open)
  page.on('request', (request) => request.resourceType() !== 'eventsource' && open.add(request))
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
}

const QUIET_MS = 120

/** Waits until nothing is asked for any more, except for so many requests that the scene itself holds back. */
export async function quiet(page: Page, held = 0): Promise<void> {
  let quietSince = Date.now()
  await eventually('a quiet page', () => {
    const isBusy = (busy.get(page)?.size ?? 0) > held
    if (isBusy) quietSince = Date.now()
    return Promise.resolve(!isBusy && Date.now() - quietSince >= QUIET_MS)
  })
}
