import { setTimeout as wait } from 'node:timers/promises'

const INTERVAL_MS = 25

/**
 * Asks again and again until `probe` answers something other than undefined.
 * @returns that answer, or undefined when `timeoutMs` have passed.
 */
export async function poll<T>(
  probe: () => Promise<T | undefined> | T | undefined,
  timeoutMs: number,
): Promise<T | undefined> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await probe()
    if (answer !== undefined) return answer
    if (Date.now() >= deadline) return undefined
    await wait(INTERVAL_MS)
  }
}
