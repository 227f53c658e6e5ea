import type { TodoList } from '#shared/schemas/todo-list'
import { z } from 'zod'
import type { Db } from './client'
import { allRows, rows } from './client'

const LIST_COLUMNS = `id, name, created_at,
  sources:todo_list_source (position, database:notion_database!inner (data_source_id))` as const

const ChangeOutcomeSchema = z.enum(['done', 'no_list', 'no_database'])

/** A user's lists, oldest first. @throws {DatabaseError} */
export async function listTodoLists(db: Db, userId: string, id?: number): Promise<TodoList[]> {
  let query = db.from('todo_list').select(LIST_COLUMNS).eq('user_id', userId).order('id')
  if (id !== undefined) query = query.eq('id', id)
  return rows('todoLists.list', await query).map((row) => ({
    id: row.id,
    name: row.name,
    databaseIds: row.sources
      .sort((a, b) => a.position - b.position)
      .map((source) => source.database.data_source_id),
    createdAt: row.created_at,
  }))
}

/**
 * Makes a list.
 *
 * @param dataSourceIds as search-notion answers them
 * @returns its id, or null when one of the data sources is not the user's: then nothing is stored
 * @throws {DatabaseError}
 */
export async function createTodoList(
  db: Db,
  userId: string,
  name: string,
  dataSourceIds: string[],
): Promise<number | null> {
  const answer = await db.rpc('create_todo_list', {
    p_user: userId,
    p_name: name,
    p_data_sources: dataSourceIds,
  })
  // null is an answer here, which rows() would refuse.
  if (!answer.error && answer.data === null) return null
  return rows('todoLists.create', answer)
}

/**
 * Gives a list another name, and the data sources it reads from now on. Those of an ended connection may stay.
 *
 * @param change.databaseIds as search-notion answers them
 * @returns what is not the user's, the list or one of the data sources: then nothing has changed
 * @throws {DatabaseError}
 */
export async function changeTodoList(
  db: Db,
  userId: string,
  id: number,
  change: { name: string; databaseIds: string[] },
): Promise<'done' | 'no_list' | 'no_database'> {
  const outcome = rows(
    'todoLists.change',
    await db.rpc('change_todo_list', {
      p_user: userId,
      p_list: id,
      p_name: change.name,
      p_data_sources: change.databaseIds,
    }),
  )
  return ChangeOutcomeSchema.parse(outcome)
}

/** @returns whether there was such a list of this user @throws {DatabaseError} */
export async function deleteTodoList(db: Db, userId: string, id: number): Promise<boolean> {
  return rows('todoLists.delete', await db.rpc('delete_todo_list', { p_user: userId, p_list: id }))
}

/** Which connections a user's lists read, or one list's. @throws {DatabaseError} */
export async function listConnectionsRead(db: Db, userId: string, listId?: number): Promise<number[]> {
  const found = await allRows('todoLists.connections', (from, to) => {
    let query = db
      .from('todo_list_source')
      .select(
        'database:notion_database!inner (connection_id, link:notion_access_token_user!inner (deleted_at))',
      )
      .eq('user_id', userId)
      .is('database.link.deleted_at', null)
    if (listId !== undefined) query = query.eq('list_id', listId)
    return query.order('list_id').order('database_id').range(from, to)
  })
  return [...new Set(found.map((row) => row.database.connection_id))]
}
