import { setTimeout as wait } from 'node:timers/promises'
import { NotionError } from '#server/notion/errors'

/** Waits. @throws {NotionError} `aborted` */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(Math.max(0, ms), undefined, { signal })
  } catch {
    throw new NotionError('aborted')
  }
}
