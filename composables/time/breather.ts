import { promiseTimeout } from '@vueuse/core'

/** So long steps may hold up the page: half of what counts as long (w3c.github.io/longtasks), since one more may follow. */
const STEP_MS = 24

/**
 * For long work in small steps: wait for it after each of them, and it lets keys, fingers and frames in as soon as the
 * steps since the last time have taken their time. A promise that is resolved already lets in nothing.
 */
export function breather(): () => Promise<void> {
  let begunAt = performance.now()
  return async () => {
    if (performance.now() - begunAt < STEP_MS) return
    await promiseTimeout(0)
    begunAt = performance.now()
  }
}
