import type { Page } from '@playwright/test'
import { eventually } from './eventually.ts'

/** Waits until the page that came from the server is alive: before, what one clicks is only a picture. */
export async function alive(page: Page): Promise<void> {
  await eventually('a page that is alive', () => page.evaluate(isAlive).catch(() => false))
}

/** Whether a page of ours has been taken over by its scripts; anybody else's always has. */
function isAlive(): boolean {
  if (!document.getElementById('__nuxt')) return true
  const nuxt: unknown = Reflect.get(window, 'useNuxtApp')
  if (typeof nuxt !== 'function') return false
  const app: unknown = nuxt()
  return typeof app === 'object' && app !== null && Reflect.get(app, 'isHydrating') === false
}
