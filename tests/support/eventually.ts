const INTERVAL_MS = 50

/** Asks again until the answer is there; fails with the last reason once the deadline has passed. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  deadlineMs = 15_000,
  intervalMs = INTERVAL_MS,
): Promise<T> {
  const until = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > until) throw new Error(`${what} did not happen within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, intervalMs))
  }
}
