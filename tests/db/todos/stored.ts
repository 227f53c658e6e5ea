import type { Pool } from 'pg'
import type { Db } from '../../../server/db/client.ts'
import { applyListing, applyPage } from '../../../server/db/pages.ts'
import type { TodoRecord } from '../../../server/db/todos.ts'
import type { Tables } from '../../../shared/types/database.types.ts'
import type { Workspace } from '../../support/database.ts'
import { pageRecord } from '../../support/database.ts'

/** The stored row of a to-do, by its Notion id. */
export async function storedTodo(db: Db, notionId: string): Promise<Tables<'todo'>> {
  const { data, error } = await db.from('todo').select('*').eq('notion_id', notionId).single()
  if (error) throw error
  return data
}

/** The stored row of a page, by its Notion id. */
export async function storedPage(db: Db, notionPageId: string): Promise<Tables<'page'>> {
  const { data, error } = await db.from('page').select('*').eq('notion_page_id', notionPageId).single()
  if (error) throw error
  return data
}

/** The changes of a to-do, oldest first. */
export async function storedChanges(db: Db, notionId: string): Promise<Tables<'todo_change'>[]> {
  const { data, error } = await db
    .from('todo_change')
    .select('*, todo!inner (notion_id)')
    .eq('todo.notion_id', notionId)
    .order('id')
  if (error) throw error
  return data
}

/** Progress of a run. */
export async function storedJob(db: Db, jobId: number): Promise<Tables<'integration_sync_jobs'>> {
  const { data, error } = await db.from('integration_sync_jobs').select('*').eq('id', jobId).single()
  if (error) throw error
  return data
}

/** Lists one page, and answers its Notion id. */
export async function listPage(
  db: Db,
  workspace: Workspace,
  overrides: Parameters<typeof pageRecord>[0] = {},
): Promise<string> {
  const page = pageRecord(overrides)
  await applyListing(db, workspace.jobId, workspace.databaseId, [page])
  return page.notionPageId
}

/** Stores what a walk of a page found. */
export function readPage(
  db: Db,
  { jobId, connectionId }: Pick<Workspace, 'jobId' | 'connectionId'>,
  notionPageId: string,
  todos: TodoRecord[],
  complete = true,
): Promise<void> {
  const completeness = { complete, unreadable: [], truncated: !complete }
  return applyPage(db, jobId, connectionId, { notionPageId, todos, completeness, complete, requests: 1 })
}

/** Makes a claim look as old as that of a sender that was killed this many seconds ago. */
export async function letSenderDie(pool: Pool, changeId: number, secondsAgo: number): Promise<void> {
  await pool.query(
    'update public.todo_change set sent_at = now() - make_interval(secs => $2) where id = $1',
    [changeId, secondsAgo],
  )
}
