import { DueDateSchema } from '#shared/todo/due'
import { PersonSchema, TodoKindSchema } from '#shared/schemas/todo'
import type { MirroredTodo } from '#shared/todo/mirrored-todo'
import { blockUrl } from '#shared/todo/notion-id'
import { z } from 'zod'
import type { Db } from './client'
import { done, rows } from './client'
import type { MirrorRunKey } from './mirror-runs'

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

const TODO_COLUMNS = `id, notion_id, kind, text, checked, due, people, last_edited_time,
  page (title, url, created_time), database:notion_database (name)` as const

/** What a row of the map remembers. */
export interface MapRow {
  todoId: string
  pageId: string | null
  hash: string | null
  checked: boolean | null
}

/** The to-dos of some databases, a thousand at a time, oldest first. @throws {DatabaseError} */
export async function* mirroredTodos(
  db: Db,
  userId: string,
  databaseIds: number[],
): AsyncGenerator<MirroredTodo[]> {
  for (let after = 0; ;) {
    const batch = rows(
      'mirrors.todos',
      await db
        .from('todo')
        .select(TODO_COLUMNS)
        .eq('user_id', userId)
        .in('database_id', databaseIds)
        .is('removed_at', null)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    )
    yield batch.map(toMirroredTodo)
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return
    after = last.id
  }
}

/** How many to-dos these databases have. @throws {DatabaseError} */
export async function countMirroredTodos(db: Db, userId: string, databaseIds: number[]): Promise<number> {
  const answer = await db
    .from('todo')
    .select('id', { count: 'exact', head: true })
    .eq('user_id', userId)
    .in('database_id', databaseIds)
    .is('removed_at', null)
  done('mirrors.count', answer)
  return answer.count ?? 0
}

/** The map of a mirror. @throws {DatabaseError} */
export async function readMirrorMap(db: Db, mirrorId: number): Promise<MapRow[]> {
  const map: MapRow[] = []
  for (let after = ''; ;) {
    const batch = rows(
      'mirrors.map',
      await db
        .from('mirror_row')
        .select('todo_id, page_id, hash, checked')
        .eq('mirror_id', mirrorId)
        .gt('todo_id', after)
        .order('todo_id')
        .limit(BATCH_SIZE),
    )
    for (const row of batch)
      map.push({ todoId: row.todo_id, pageId: row.page_id, hash: row.hash, checked: row.checked })
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return map
    after = last.todo_id
  }
}

/**
 * Claims to-dos whose rows are to be made, so that no other run makes them.
 *
 * @returns those that are ours to make; `fresh` is false where somebody may have made the row already
 * @throws {DatabaseError}
 */
export async function claimMirrorRows(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  todoIds: string[],
): Promise<Map<string, { fresh: boolean }>> {
  const claimed = rows(
    'mirrors.claimRows',
    await db.rpc('claim_mirror_rows', { p_mirror: mirrorId, p_run: runId, p_todos: todoIds }),
  )
  return new Map(claimed.map((row) => [row.todo_id, { fresh: row.fresh }]))
}

/** Gives back a claim of this run whose row was certainly not made. @throws {DatabaseError} */
export async function releaseMirrorRow(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  todoId: string,
): Promise<void> {
  const claimed = db.from('mirror_row').delete().eq('mirror_id', mirrorId).eq('todo_id', todoId)
  done('mirrors.release', await claimed.eq('claimed_by', runId).is('page_id', null))
}

/**
 * Forgets which row it was, because it can be neither written nor restored. Another is looked for before one is made.
 * @throws {DatabaseError}
 */
export async function forgetMirrorPage(
  db: Db,
  mirrorId: number,
  { todoId, pageId }: { todoId: string; pageId: string },
): Promise<void> {
  const forgotten = { page_id: null, hash: null, checked: null }
  const ours = db.from('mirror_row').update(forgotten).eq('mirror_id', mirrorId).eq('todo_id', todoId)
  done('mirrors.forgetPage', await ours.eq('page_id', pageId))
}

/** Remembers what stands in a row. @returns false when another row stands for the to-do @throws {DatabaseError} */
export async function recordMirrorRow(
  db: Db,
  mirrorId: number,
  row: { todoId: string; pageId: string; hash: string; checked: boolean; outcome: 'created' | 'updated' },
): Promise<boolean> {
  return rows(
    'mirrors.recordRow',
    await db.rpc('record_mirror_row', {
      p_mirror: mirrorId,
      p_todo: row.todoId,
      p_page: row.pageId,
      p_hash: row.hash,
      p_checked: row.checked,
      p_outcome: row.outcome,
    }),
  )
}

/** Its row is in the trash. @throws {DatabaseError} */
export async function dropMirrorRow(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  todoId: string,
): Promise<void> {
  done(
    'mirrors.dropRow',
    await db.rpc('drop_mirror_row', { p_mirror: mirrorId, p_run: runId, p_todo: todoId }),
  )
}

interface TodoRow {
  notion_id: string
  kind: string
  text: string
  checked: boolean
  due: unknown
  people: unknown
  last_edited_time: string | null
  page: { title: string; url: string; created_time: string | null }
  database: { name: string }
}

function toMirroredTodo(row: TodoRow): MirroredTodo {
  const isRow = TodoKindSchema.parse(row.kind) === 'row'
  return {
    todoId: row.notion_id,
    text: row.text,
    checked: row.checked,
    due: DueDateSchema.nullable().parse(row.due),
    people: z
      .array(PersonSchema)
      .parse(row.people)
      .map(({ name }) => name),
    pageTitle: row.page.title,
    pageUrl: row.page.url,
    url: isRow ? row.page.url : blockUrl(row.page.url, row.notion_id),
    sourceName: row.database.name,
    // Of a box only the page's date is known, which is another thing.
    createdTime: isRow ? row.page.created_time : null,
    lastEditedTime: row.last_edited_time,
  }
}
