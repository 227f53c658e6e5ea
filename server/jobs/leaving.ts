import { NotionError } from '#server/notion/errors'

/** Work that is told to stop stays live: recovery, here or elsewhere, takes it up where it was. */
export async function leavingQuietly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof NotionError && error.kind === 'aborted')) throw error
  }
}
