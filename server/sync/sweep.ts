import { setTimeout as sleep } from 'node:timers/promises'
import type { Listing } from '#server/db/listings'
import { forgetListing, markListed, markOldestRead, planListings } from '#server/db/listings'
import { isSyncWantedAgain } from '#server/db/sync-jobs'
import { NotionError } from '#server/notion/errors'
import { fetchAllDatabasePages } from '#server/utils/notion-pagination'
import { startBodies } from './bodies'
import { listRows, removeVanishedRows } from './listing'
import type { Run } from './run'

/** Pages walked again in one sweep at the most, how many in one go, and the rest after each. */
const REREAD_MAX = 200
const REREAD_STEP = 10
const REST_MS = 15_000

/**
 * What an incremental run cannot see: rows that are gone, and edits through Notion's API that left the edit time as
 * it was. Rows are listed by id; then the pages not read for longest are walked again, slowly enough to leave most of the budget to others.
 *
 * @throws {NotionError} when Notion cannot be used at all
 */
export async function sweep(run: Run): Promise<void> {
  for (const database of await planListings(run.context.db, run.job.id)) {
    // What was listed whole in this run has been looked after already.
    if (database.editedSince !== null && !(await sweepRows(run, database))) return
  }
  for (let reread = 0; reread < REREAD_MAX; reread += REREAD_STEP) {
    if (await isSyncWantedAgain(run.context.db, run.job.id)) return
    const marked = await markOldestRead(run.context.db, run.job.id, REREAD_STEP)
    if (marked > 0) await walkOwed(run)
    if (marked < REREAD_STEP) return
    await rest(run)
  }
}

/** @returns false when the data source cannot be read any more, or somebody waits for a run of their own */
async function sweepRows(run: Run, database: Listing): Promise<boolean> {
  const { db } = run.context
  let missed = false
  const { wasLimited } = await fetchAllDatabasePages(run.client, database.dataSourceId, {
    signal: run.signal,
    filterProperties: ['title'],
    onBatch: async (pages) => {
      const found = pages.map((page) => ({ notionPageId: page.id, lastEditedTime: page.last_edited_time }))
      missed = (await markListed(db, run.job.id, database.id, found)) || missed
    },
  })
  if (missed) {
    await forgetListing(db, database.id)
    await listRows(run, { ...database, editedSince: null, listed: false }, () => {})
    await walkOwed(run)
  } else if (!wasLimited) {
    await removeVanishedRows(run, database)
  }
  return !(await isSyncWantedAgain(db, run.job.id))
}

async function walkOwed(run: Run): Promise<void> {
  const bodies = startBodies(run)
  bodies.close()
  await bodies.done
}

/** Leaves time for others, and does not press where Notion has asked to wait. */
async function rest({ gate, signal }: Run): Promise<void> {
  const pausedMs = (gate.state().pausedUntil ?? 0) - Date.now()
  try {
    await sleep(Math.max(REST_MS, pausedMs), undefined, { signal })
  } catch {
    throw new NotionError('aborted')
  }
}
