import type { Icon } from '#shared/schemas/database'
import type { Json } from '#shared/types/database.types'
import type { Db } from './client'
import { done, rows } from './client'
import type { TodoRecord } from './todos'

/** A page met while listing a data source or walking a body. */
export interface PageRecord {
  notionPageId: string
  parentNotionId: string | null
  isRow: boolean
  title: string
  icon: Icon | null
  url: string
  createdTime: string | null
  lastEditedTime: string | null
  /** The row itself as a to-do, where rows count. */
  todo: TodoRecord | null
}

/** A page whose body a run still has to read. */
export interface UnreadPage {
  id: number
  notionPageId: string
  /** Its body was read whole before, and Notion says nothing changed since. */
  unchanged: boolean
}

/** Stores listed pages with their row to-dos, and the run's new total. @throws {DatabaseError} */
export async function applyListing(
  db: Db,
  jobId: number,
  databaseId: number,
  pages: PageRecord[],
): Promise<void> {
  done(
    'pages.applyListing',
    await db.rpc('apply_listing', {
      p_job: jobId,
      p_database: databaseId,
      p_pages: pages.map((page) => ({
        notion_page_id: page.notionPageId,
        parent_notion_id: page.parentNotionId,
        is_row: page.isRow,
        title: page.title,
        icon: page.icon,
        url: page.url,
        created_time: page.createdTime,
        last_edited_time: page.lastEditedTime,
        todo: page.todo && toTodoJson(page.todo),
      })),
    }),
  )
}

/** Stores what the walk of one body found; removes what left only when `complete`. @throws {DatabaseError} */
export async function applyPage(
  db: Db,
  jobId: number,
  connectionId: number,
  reading: {
    notionPageId: string
    todos: TodoRecord[]
    completeness: Json
    complete: boolean
    requests: number
  },
): Promise<void> {
  done(
    'pages.apply',
    await db.rpc('apply_page', {
      p_job: jobId,
      p_connection: connectionId,
      p_notion_page_id: reading.notionPageId,
      p_todos: reading.todos.map(toTodoJson),
      p_completeness: reading.completeness,
      p_complete: reading.complete,
      p_requests: reading.requests,
    }),
  )
}

/** Counts an unchanged page as read. @throws {DatabaseError} */
export async function skipPage(db: Db, jobId: number, pageId: number): Promise<void> {
  done('pages.skip', await db.rpc('skip_page', { p_job: jobId, p_page: pageId }))
}

/** A page proved gone: its to-dos leave. @throws {DatabaseError} */
export async function trashPage(db: Db, connectionId: number, notionPageId: string): Promise<void> {
  done(
    'pages.trash',
    await db.rpc('trash_page', { p_connection: connectionId, p_notion_page_id: notionPageId }),
  )
}

/**
 * The pages of a run that it has listed and not read yet, newest edit first.
 *
 * @param limit how many at the most; asking again continues, since read pages drop out
 * @throws {DatabaseError}
 */
export async function listUnreadPages(
  db: Db,
  jobId: number,
  databaseIds: number[],
  limit: number,
): Promise<UnreadPage[]> {
  const found = rows(
    'pages.unread',
    await db
      .from('page')
      .select('id, notion_page_id, is_row, complete, last_edited_time, walked_edited_time, read_at')
      .in('database_id', databaseIds)
      .eq('listed_by_job', jobId)
      .or(`read_by_job.is.null,read_by_job.neq.${jobId}`)
      .is('trashed_at', null)
      .order('last_edited_time', { ascending: false, nullsFirst: false })
      .order('id')
      .limit(limit),
  )
  return found.map((row) => ({
    id: row.id,
    notionPageId: row.notion_page_id,
    unchanged:
      row.is_row &&
      row.complete === true &&
      isSettled(row.last_edited_time, row.read_at) &&
      row.walked_edited_time === row.last_edited_time,
  }))
}

/** Pages stored for a data source that this run did not come across. @throws {DatabaseError} */
export async function listUnlistedPages(
  db: Db,
  jobId: number,
  databaseId: number,
  which: 'rows' | 'child pages',
): Promise<{ notionPageId: string; parentNotionId: string | null }[]> {
  const found = rows(
    'pages.unlisted',
    await db
      .from('page')
      .select('notion_page_id, parent_notion_id')
      .eq('database_id', databaseId)
      .eq('is_row', which === 'rows')
      .is('trashed_at', null)
      .or(`listed_by_job.is.null,listed_by_job.neq.${jobId}`),
  )
  return found.map((row) => ({ notionPageId: row.notion_page_id, parentNotionId: row.parent_notion_id }))
}

const MINUTE_ROUNDING_MS = 2 * 60_000

/** Notion rounds edit times to the minute: a page read right after its edit may have been edited again. */
function isSettled(lastEditedTime: string | null, readAt: string | null): boolean {
  if (!lastEditedTime || !readAt) return false
  return Date.parse(readAt) - Date.parse(lastEditedTime) > MINUTE_ROUNDING_MS
}

function toTodoJson(todo: TodoRecord): Record<string, Json> {
  return {
    notion_id: todo.notionId,
    kind: todo.kind,
    text: todo.text,
    rich_text: todo.richText,
    checked: todo.checked,
    parent_notion_id: todo.parentNotionId,
    position: todo.position,
    depth: todo.depth,
    heading_path: todo.headingPath,
    due: todo.due,
    people: todo.people,
    tags: todo.tags,
    via_copy: todo.viaCopy,
    last_edited_time: todo.lastEditedTime,
  }
}
