import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from '@playwright/test'

interface Look {
  name: string
  width: number
  height: number
  colorScheme: 'light' | 'dark'
  locale: 'en-GB' | 'de-DE'
}

const DESKTOP = { width: 1280, height: 860 }
const PHONE = { width: 390, height: 844 }

export const FIRST_LOOK: Look = { name: 'light', ...DESKTOP, colorScheme: 'light', locale: 'en-GB' }

export const LOOKS: readonly Look[] = [
  FIRST_LOOK,
  { name: 'dark', ...DESKTOP, colorScheme: 'dark', locale: 'en-GB' },
  { name: 'phone', ...PHONE, colorScheme: 'light', locale: 'en-GB' },
  { name: 'phone-dark', ...PHONE, colorScheme: 'dark', locale: 'en-GB' },
  { name: 'german', ...DESKTOP, colorScheme: 'light', locale: 'de-DE' },
  { name: 'german-phone', ...PHONE, colorScheme: 'dark', locale: 'de-DE' },
]

/** Opens a window of that look, signed in as whoever these cookies belong to. */
export async function openWindow(
  browser: Browser,
  look: Look,
  baseURL: string,
  cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [],
): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colorScheme,
    locale: look.locale,
    timezoneId: 'Europe/Berlin',
    hasTouch: look.width < 500,
    reducedMotion: 'reduce',
  })
  const language = { name: 'roundup_locale', value: look.locale.slice(0, 2), url: baseURL }
  await context.addCookies([...cookies.filter(({ name }) => name !== language.name), language])
  return context.newPage()
}

/** Keeps what the window shows now as `<folder>/<scene>.<look>.png`. */
export async function photograph(page: Page, folder: string, scene: string, look: Look): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${scene}.${look.name}.png`) })
}
