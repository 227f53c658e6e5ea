import { promiseTimeout } from '@vueuse/core'

/** So long a step may hold up the page; with what the browser draws in between it stays below what is felt. */
const STEP_MS = 12

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
