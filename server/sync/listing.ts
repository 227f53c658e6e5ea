import type { PageObjectResponse } from '@notionhq/client'
import type { SelectedDatabase } from '#server/db/databases'
import { setDatabaseAccess } from '#server/db/databases'
import type { PageRecord } from '#server/db/pages'
import { applyListing, listUnlistedPages, trashPage } from '#server/db/pages'
import type { TodoRecord } from '#server/db/todos'
import { NotionError } from '#server/notion/errors'
import { findPage } from '#server/notion/pages'
import { pageSummary, rowToTodo } from '#server/notion/rows'
import { fetchAllDatabasePages } from '#server/utils/notion-pagination'
import type { Run } from './run'

/** `lost`: Notion no longer lets us read it. Its cached to-dos stay, and the run is not complete. */
export type ListingOutcome = 'complete' | 'partial' | 'lost'

/**
 * Stores every row of a data source as it arrives, and its to-do where rows count; then looks after rows
 * that did not come up again.
 *
 * @throws {NotionError} for everything but a database that is gone or closed
 */
export async function listRows(run: Run, database: SelectedDatabase): Promise<ListingOutcome> {
  const { db } = run.context
  try {
    const { wasLimited } = await fetchAllDatabasePages(run.client, database.dataSourceId, {
      signal: run.signal,
      onBatch: (pages) =>
        applyListing(
          db,
          run.job.id,
          database.id,
          pages.map((page) => toPageRecord(page, database)),
        ),
    })
    await setDatabaseAccess(db, database.id, 'ok')
    if (wasLimited) return 'partial'
    await removeVanishedRows(run, database)
    return 'complete'
  } catch (cause) {
    if (!(cause instanceof NotionError) || (cause.kind !== 'not_found' && cause.kind !== 'access_denied'))
      throw cause
    await setDatabaseAccess(db, database.id, 'lost')
    return 'lost'
  }
}

/**
 * Not being listed is one sign; being in the trash, unreachable or in another database is the second.
 * Only both together remove a row's to-dos.
 */
async function removeVanishedRows(run: Run, database: SelectedDatabase): Promise<void> {
  const unlisted = await listUnlistedPages(run.context.db, run.job.id, database.id, 'rows')
  for (const { notionPageId } of unlisted) {
    const page = await findPage(run.client, notionPageId)
    const isHere =
      page !== null &&
      !page.inTrash &&
      page.parent.type === 'data_source' &&
      page.parent.id === database.dataSourceId
    if (!isHere) await trashPage(run.context.db, run.job.connectionId, notionPageId)
  }
}

function toPageRecord(page: PageObjectResponse, database: SelectedDatabase): PageRecord {
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
    todo: database.countsRows ? toRowTodo(page, database) : null,
  }
}

function toRowTodo(page: PageObjectResponse, database: SelectedDatabase): TodoRecord | null {
  const todo = database.doneProperty && rowToTodo(page, database.doneProperty)
  if (!todo) return null
  // A row is its own top: no parent, no heading above it, first on its page.
  const place = { parentNotionId: null, position: -1, depth: 0, headingPath: [], viaCopy: false }
  return { ...todo, ...place, kind: 'row' }
}
