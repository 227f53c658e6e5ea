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

/** A page whose body a run has to walk. */
export interface OwedPage {
  id: number
  databaseId: number
  notionPageId: string
  parentNotionId: string | null
  isRow: boolean
  /** The child pages it is known to have. */
  childPageIds: string[]
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
      p_pages: pages.map(toPageJson),
    }),
  )
}

/** What the walk of one body found. */
export interface BodyReading {
  notionPageId: string
  todos: TodoRecord[]
  completeness: Json
  /** Every list was read to its end, so that what is not in it may go. Without it: as `complete`. */
  safeToRemove?: boolean
  /** Nothing at all was left out; otherwise the page is named as incomplete. */
  complete: boolean
  requests: number
  /** What was edited or marked later is not in it. */
  startedAt?: Date
}

/** Stores what the walk of one body found, and removes what it proves gone. @throws {DatabaseError} */
export async function applyPage(
  db: Db,
  jobId: number,
  connectionId: number,
  reading: BodyReading,
): Promise<void> {
  done(
    'pages.apply',
    await db.rpc('apply_page', {
      p_job: jobId,
      p_connection: connectionId,
      p_notion_page_id: reading.notionPageId,
      p_todos: reading.todos.map(toTodoJson),
      p_completeness: reading.completeness,
      p_safe: reading.safeToRemove ?? reading.complete,
      p_complete: reading.complete,
      p_requests: reading.requests,
      p_started_at: (reading.startedAt ?? new Date()).toISOString(),
    }),
  )
}

/** A page proved gone: its to-dos leave. @throws {DatabaseError} */
export async function trashPage(db: Db, connectionId: number, notionPageId: string): Promise<void> {
  done(
    'pages.trash',
    await db.rpc('trash_page', { p_connection: connectionId, p_notion_page_id: notionPageId }),
  )
}

/**
 * The pages whose bodies a run still has to walk: those that Notion marked first, then newest edit first.
 *
 * @param limit how many at the most; asking again continues, since read pages drop out
 * @throws {DatabaseError}
 */
export async function listOwedPages(db: Db, jobId: number, limit: number): Promise<OwedPage[]> {
  const found = rows('pages.owed', await db.rpc('list_owed_pages', { p_job: jobId, p_limit: limit }))
  return found.map((row) => ({
    id: row.page_id,
    databaseId: row.database_id,
    notionPageId: row.notion_page_id,
    parentNotionId: row.parent_notion_id,
    isRow: row.is_row,
    childPageIds: row.children,
  }))
}

/** The live child pages of a page, by their Notion ids. @throws {DatabaseError} */
export async function listChildPages(
  db: Db,
  connectionId: number,
  parentNotionId: string,
): Promise<string[]> {
  const found = rows(
    'pages.children',
    await db
      .from('page')
      .select('notion_page_id')
      .eq('connection_id', connectionId)
      .eq('parent_notion_id', parentNotionId)
      .eq('is_row', false)
      .is('trashed_at', null),
  )
  return found.map((row) => row.notion_page_id)
}

/** A listed page as the SQL functions take it. */
export function toPageJson(page: PageRecord): Record<string, Json> {
  return {
    notion_page_id: page.notionPageId,
    parent_notion_id: page.parentNotionId,
    is_row: page.isRow,
    title: page.title,
    icon: page.icon,
    url: page.url,
    created_time: page.createdTime,
    last_edited_time: page.lastEditedTime,
    todo: page.todo && toTodoJson(page.todo),
  }
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
