import type { PageObjectResponse } from '@notionhq/client'
import type { Listing } from '#server/db/listings'
import { finishListing, listUnlistedRows } from '#server/db/listings'
import { setDatabaseAccess } from '#server/db/databases'
import type { PageRecord } from '#server/db/pages'
import { applyListing } from '#server/db/pages'
import type { TodoRecord } from '#server/db/todos'
import { NotionError } from '#server/notion/errors'
import { PAGE_SIZE } from '#server/notion/pagination'
import { pageSummary, rowToTodo } from '#server/notion/rows'
import { fetchAllDatabasePages } from '#server/utils/notion-pagination'
import type { Run } from './run'
import { removeIfGone } from './vanished'

/** `lost`: Notion no longer lets us read it. Its cached to-dos stay, and the run is not complete. */
export type ListingOutcome = 'complete' | 'partial' | 'lost'

/**
 * Stores the rows of a data source, all or those edited since the last time, as they arrive, and their to-dos where
 * rows count; then, if all were listed, looks after rows that did not come up again.
 *
 * @param onStored called when rows have been stored whose bodies can be walked
 * @throws {NotionError} for everything but a data source that is gone or closed
 */
export async function listRows(run: Run, database: Listing, onStored: () => void): Promise<ListingOutcome> {
  if (database.listed) return 'complete'
  const { db } = run.context
  const startedAt = new Date()
  // The last rows are stored together with what the whole listing means. A full batch is hardly ever the last.
  let last: PageRecord[] = []
  let count = 0
  try {
    const { wasLimited } = await fetchAllDatabasePages(run.client, database.dataSourceId, {
      signal: run.signal,
      ...(database.editedSince !== null && { editedOnOrAfter: database.editedSince }),
      onBatch: async (pages) => {
        const records = pages.map((page) => toPageRecord(page, database, run.timeZone))
        count += records.length
        if (records.length < PAGE_SIZE) {
          last = records
          return
        }
        // Bodies can begin while the rest is still being listed.
        await applyListing(db, run.job.id, database.id, records)
        onStored()
      },
    })
    const requests = Math.max(1, Math.ceil(count / PAGE_SIZE))
    await finishListing(db, run.job.id, database.id, last, { whole: !wasLimited, startedAt, requests })
    onStored()
    if (wasLimited) return 'partial'
    if (database.editedSince === null) await removeVanishedRows(run, database)
    return 'complete'
  } catch (cause) {
    if (!(cause instanceof NotionError) || (cause.kind !== 'not_found' && cause.kind !== 'access_denied'))
      throw cause
    await setDatabaseAccess(db, database.id, 'lost')
    return 'lost'
  }
}

/**
 * Not being listed is one sign; being in the trash, unreachable or in another data source is the second.
 * Only both together remove a row's to-dos.
 */
export async function removeVanishedRows(run: Run, database: Listing): Promise<void> {
  for (const notionPageId of await listUnlistedRows(run.context.db, run.job.id, database.id)) {
    await removeIfGone(
      run,
      notionPageId,
      ({ type, id }) => type !== 'data_source' || id !== database.dataSourceId,
    )
  }
}

function toPageRecord(page: PageObjectResponse, database: Listing, timeZone: string): PageRecord {
  const summary = pageSummary(page)
  return {
    notionPageId: summary.notionId,
    parentNotionId: null,
    isRow: true,
    title: summary.title,
    icon: summary.icon,
    url: summary.url,
    createdTime: summary.createdTime,
    lastEditedTime: summary.lastEditedTime,
    todo: database.countsRows ? toRowTodo(page, database, timeZone) : null,
  }
}

function toRowTodo(page: PageObjectResponse, database: Listing, timeZone: string): TodoRecord | null {
  const todo = database.doneProperty && rowToTodo(page, database.doneProperty, timeZone)
  if (!todo) return null
  // A row is its own top: no parent, no heading above it, first on its page.
  const place = { parentNotionId: null, position: -1, depth: 0, headingPath: [], viaCopy: false }
  return { ...todo, ...place, kind: 'row' }
}
