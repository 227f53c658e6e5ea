import type { IncompletePage, Todo } from '#shared/schemas/todo'
import { PersonSchema, TheirsSchema, TodoKindSchema } from '#shared/schemas/todo'
import { IconSchema } from '#shared/schemas/database'
import { ErrorCodeSchema } from '#shared/schemas/error'
import type { DueDate } from '#shared/todo/due'
import { DueDateSchema } from '#shared/todo/due'
import { blockUrl } from '#shared/todo/notion-id'
import type { RichTextSpan } from '#shared/todo/rich-text'
import { RichTextSpanSchema } from '#shared/todo/rich-text'
import { z } from 'zod'
import type { Db } from './client'
import { allRows, rows } from './client'

/** A to-do as read from Notion, ready to be stored. */
export interface TodoRecord {
  notionId: string
  kind: 'block' | 'row'
  text: string
  richText: RichTextSpan[]
  checked: boolean
  parentNotionId: string | null
  position: number
  depth: number
  headingPath: string[]
  due: DueDate | null
  people: { id: string; name: string }[]
  tags: string[]
  viaCopy: boolean
  lastEditedTime: string
}

// Page and database are always there, so an inner join would find the same rows; but it keeps the planner from
// stopping at the end of a batch.
const TODO_COLUMNS =
  `id, notion_id, kind, text, rich_text, checked, parent_id, depth, position, heading_path, due,
  people, tags, write_state, write_error, write_theirs, removed_at,
  page (id, title, icon, url, last_edited_time),
  database:notion_database (data_source_id)` as const

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

/** The change counter of a user: everything up to it is visible to whoever reads it. @throws {DatabaseError} */
export async function readChangeSeq(db: Db, userId: string): Promise<number> {
  const found = rows('todos.seq', await db.from('profiles').select('change_seq').eq('id', userId))[0]
  return found?.change_seq ?? 0
}

/** Removals up to this count of the change counter may be forgotten: a delta since earlier is not whole. @throws {DatabaseError} */
export async function readPrunedSeq(db: Db, userId: string): Promise<number> {
  const found = rows('todos.pruned', await db.from('profiles').select('pruned_seq').eq('id', userId))[0]
  return found?.pruned_seq ?? 0
}

/** The data sources (our ids) a user's lists read, or one list's. @throws {DatabaseError} */
export async function listSourceIds(db: Db, userId: string, listId?: number): Promise<number[]> {
  const found = await allRows('todos.sources', (from, to) => {
    let query = db.from('todo_list_source').select('database_id').eq('user_id', userId)
    if (listId !== undefined) query = query.eq('list_id', listId)
    return query.order('list_id').order('database_id').range(from, to)
  })
  return [...new Set(found.map((row) => row.database_id))]
}

/**
 * To-dos of some data sources: all that are there, or all that changed or left after `since`.
 *
 * @throws {DatabaseError}
 */
export async function listTodos(
  db: Db,
  userId: string,
  databaseIds: number[],
  since?: number,
): Promise<{ todos: Todo[]; removed: number[] }> {
  const todos: Todo[] = []
  const removed: number[] = []
  const samePage = sharedPages()
  for (let after = 0; ;) {
    let query = db
      .from('todo')
      .select(TODO_COLUMNS)
      .eq('user_id', userId)
      .in('database_id', databaseIds)
      .gt('id', after)
      .order('id')
      .limit(BATCH_SIZE)
    query = since === undefined ? query.is('removed_at', null) : query.gt('seq', since)
    const batch = rows('todos.list', await query)
    for (const row of batch) {
      if (row.removed_at === null) todos.push(toTodo(row, samePage(row)))
      else removed.push(row.id)
    }
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return { todos, removed }
    after = last.id
  }
}

/** All to-dos of some pages. @throws {DatabaseError} */
export async function listTodosOnPages(db: Db, userId: string, pageIds: readonly number[]): Promise<Todo[]> {
  if (pageIds.length === 0) return []
  const samePage = sharedPages()
  const found = await allRows('todos.onPages', (from, to) =>
    db
      .from('todo')
      .select(TODO_COLUMNS)
      .eq('user_id', userId)
      .in('page_id', pageIds)
      .is('removed_at', null)
      .order('id')
      .range(from, to),
  )
  return found.map((row) => toTodo(row, samePage(row)))
}

/** Pages that could not be read whole, at most `limit`. @throws {DatabaseError} */
export async function listIncompletePages(
  db: Db,
  userId: string,
  databaseIds: number[],
  limit: number,
): Promise<IncompletePage[]> {
  const found = rows(
    'pages.incomplete',
    await db
      .from('page')
      .select('title, url, completeness')
      .eq('user_id', userId)
      .in('database_id', databaseIds)
      .eq('complete', false)
      .is('trashed_at', null)
      .order('id')
      .limit(limit),
  )
  return found.map((row) => ({ title: row.title, url: row.url, reasons: reasonsOf(row.completeness) }))
}

const ReportSchema = z.object({
  unreadable: z.array(z.object({ reason: z.string() })),
  truncated: z.boolean(),
})

function reasonsOf(report: unknown): string[] {
  const parsed = ReportSchema.safeParse(report)
  if (!parsed.success) return []
  const reasons = parsed.data.unreadable.map((part) => part.reason)
  return [...new Set(parsed.data.truncated ? [...reasons, 'truncated'] : reasons)]
}

interface TodoRow {
  id: number
  notion_id: string
  kind: string
  text: string
  rich_text: unknown
  checked: boolean
  parent_id: number | null
  depth: number
  position: number
  heading_path: string[]
  due: unknown
  people: unknown
  tags: string[]
  write_state: string
  write_error: string | null
  write_theirs: unknown
  page: { id: number; title: string; icon: unknown; url: string; last_edited_time: string | null }
  database: { data_source_id: string }
}

/**
 * To-dos of a page share its object, as in the browser: what is worked out about a page (its folded title, its
 * groups) is remembered by it, and a page has many to-dos.
 */
function sharedPages(): (row: TodoRow) => Todo['page'] {
  const pages = new Map<number, Todo['page']>()
  return ({ page: { id, title, icon, url, last_edited_time: lastEditedTime } }) => {
    let page = pages.get(id)
    if (!page) {
      page = { id, title, icon: IconSchema.nullable().parse(icon), url, lastEditedTime }
      pages.set(id, page)
    }
    return page
  }
}

function toTodo(row: TodoRow, page: Todo['page']): Todo {
  const kind = TodoKindSchema.parse(row.kind)
  return {
    id: row.id,
    notionId: row.notion_id,
    kind,
    text: row.text,
    richText: z.array(RichTextSpanSchema).parse(row.rich_text),
    checked: row.checked,
    page,
    databaseId: row.database.data_source_id,
    parentId: row.parent_id,
    depth: row.depth,
    position: row.position,
    headingPath: row.heading_path,
    due: DueDateSchema.nullable().parse(row.due),
    people: z.array(PersonSchema).parse(row.people),
    tags: row.tags,
    url: kind === 'row' ? row.page.url : blockUrl(row.page.url, row.notion_id),
    write: toWriteState(row.write_state, row.write_error, row.write_theirs),
  }
}

/** The write state as it is stored: a word, the code of a failure, and in a conflict what Notion has. */
export function toWriteState(state: string, error: string | null, theirs: unknown): Todo['write'] {
  switch (state) {
    case 'waiting':
      return { state: 'waiting' }
    case 'failed':
      return { state: 'failed', code: ErrorCodeSchema.catch('NOTION_API_ERROR').parse(error) }
    case 'conflict':
      return { state: 'conflict', theirs: TheirsSchema.parse(theirs) }
    default:
      return { state: 'saved' }
  }
}
