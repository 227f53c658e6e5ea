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
