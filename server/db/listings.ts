import { DonePropertySchema } from '#shared/schemas/database'
import type { SelectedDatabase } from './databases'
import type { Db } from './client'
import { done, rows } from './client'
import type { PageRecord } from './pages'
import { toPageJson } from './pages'

/** A data source that a run reads, and how its rows are listed. */
export interface Listing extends SelectedDatabase {
  /** Only rows edited since are asked for; null: all of them. */
  editedSince: string | null
  /** This run has listed it already: it was interrupted afterwards. */
  listed: boolean
}

/** What a listing has come to. */
export interface ListingEnd {
  /** Every row that was asked for was seen. */
  whole: boolean
  startedAt: Date
  requests: number
}

/** The data sources a run reads: those that lists of its connection choose. @throws {DatabaseError} */
export async function planListings(db: Db, jobId: number): Promise<Listing[]> {
  return rows('listings.plan', await db.rpc('plan_listings', { p_job: jobId })).map((row) => ({
    id: row.database_id,
    dataSourceId: row.data_source_id,
    countsBoxes: row.count_boxes,
    countsRows: row.count_rows,
    doneProperty: DonePropertySchema.nullable().parse(row.done_property),
    editedSince: row.edited_since,
    listed: row.listed,
  }))
}

/**
 * Stores the last rows of a listing and, when it is whole, how far the data source is known from now on: both or
 * neither.
 *
 * @throws {DatabaseError}
 */
export async function finishListing(
  db: Db,
  jobId: number,
  databaseId: number,
  lastPages: PageRecord[],
  { whole, startedAt, requests }: ListingEnd,
): Promise<void> {
  done(
    'listings.finish',
    await db.rpc('finish_listing', {
      p_job: jobId,
      p_database: databaseId,
      p_pages: lastPages.map(toPageJson),
      p_whole: whole,
      p_started_at: startedAt.toISOString(),
      p_requests: requests,
    }),
  )
}

/**
 * Notes rows met by a listing of ids alone.
 *
 * @returns whether one of them is new or newer than what is stored
 * @throws {DatabaseError}
 */
export async function markListed(
  db: Db,
  jobId: number,
  databaseId: number,
  found: { notionPageId: string; lastEditedTime: string }[],
): Promise<boolean> {
  return rows(
    'listings.mark',
    await db.rpc('mark_listed', {
      p_job: jobId,
      p_database: databaseId,
      p_rows: found.map((row) => ({
        notion_page_id: row.notionPageId,
        last_edited_time: row.lastEditedTime,
      })),
    }),
  )
}

/** Has all rows of a data source listed by the next listing. @throws {DatabaseError} */
export async function forgetListing(db: Db, databaseId: number): Promise<void> {
  done(
    'listings.forget',
    await db
      .from('notion_database')
      .update({ listed_as: null, listed_by_job: null, watermark: null })
      .eq('id', databaseId),
  )
}

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

/** Rows stored for a data source that this run, having listed all, did not come across. @throws {DatabaseError} */
export async function listUnlistedRows(db: Db, jobId: number, databaseId: number): Promise<string[]> {
  const unlisted: string[] = []
  for (let after = 0; ;) {
    const batch = rows(
      'listings.unlisted',
      await db
        .from('page')
        .select('id, notion_page_id')
        .eq('database_id', databaseId)
        .eq('is_row', true)
        .is('trashed_at', null)
        .or(`listed_by_job.is.null,listed_by_job.neq.${jobId}`)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    )
    unlisted.push(...batch.map((row) => row.notion_page_id))
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return unlisted
    after = last.id
  }
}

/** How far back search has to look for changed pages that are no rows; null: there are none. @throws {DatabaseError} */
export async function findSearchStart(db: Db, connectionId: number): Promise<string | null> {
  const answer = await db.rpc('search_since', { p_connection: connectionId })
  // null is an answer here, which rows() would refuse.
  if (!answer.error && answer.data === null) return null
  return rows('listings.searchSince', answer)
}

/** Takes what search says about pages that are no rows, and moves the search on. @throws {DatabaseError} */
export async function applySearch(
  db: Db,
  connectionId: number,
  found: Pick<PageRecord, 'notionPageId' | 'title' | 'icon' | 'url' | 'lastEditedTime'>[],
  watermark: string,
): Promise<void> {
  done(
    'listings.applySearch',
    await db.rpc('apply_search', {
      p_connection: connectionId,
      p_pages: found.map((page) => ({
        notion_page_id: page.notionPageId,
        title: page.title,
        icon: page.icon,
        url: page.url,
        last_edited_time: page.lastEditedTime,
      })),
      p_watermark: watermark,
    }),
  )
}

/** Marks the pages not read for longest, to be walked again. @returns how many @throws {DatabaseError} */
export async function markOldestRead(db: Db, jobId: number, limit: number): Promise<number> {
  return rows('listings.markOldest', await db.rpc('mark_oldest_read', { p_job: jobId, p_limit: limit }))
}
