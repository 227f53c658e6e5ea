import type { Page } from '@playwright/test'
import { eventually } from './eventually.ts'

export type Theme = 'light' | 'dark'

/**
 * Has the page follow the system into this theme. One that is not alive yet misses the switch, so it is made until
 * the page has followed. Colours are then where they come to rest, not on their way.
 */
export async function switchTheme(page: Page, theme: Theme): Promise<void> {
  await eventually(`a ${theme} page`, async () => {
    if (await isIn(page, theme)) return true
    await page.emulateMedia({ colorScheme: theme === 'light' ? 'dark' : 'light' })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    return isIn(page, theme)
  })
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
    const drawn = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)))
    // One that is cut short is at rest too.
    return Promise.allSettled(ending.map(({ finished }) => finished))
      .then(drawn)
      .then(drawn)
  })
}

function isIn(page: Page, theme: Theme): Promise<boolean> {
  return page.evaluate((name) => document.documentElement.classList.contains(name), theme)
}
