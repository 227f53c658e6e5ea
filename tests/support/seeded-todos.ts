import { randomUUID } from 'node:crypto'
import type { Todo } from '#shared/schemas/todo'
import type { Inspector } from './inspector.ts'
import type { Reader } from './reader.ts'

/**
 * Puts to-dos straight into the database, in place of those that were read: of one page, in document order.
 * Everything that a query can ask about is as given; ids are made here.
 */
export async function seedTodos(
  database: Inspector,
  reader: Pick<Reader, 'userId' | 'connectionId'>,
  todos: readonly Todo[],
): Promise<void> {
  await database.rows('delete from public.page where user_id = $1', [reader.userId])
  const databases = await database.rows<{ id: string; data_source_id: string }>(
    'select id, data_source_id from public.notion_database where user_id = $1 order by id',
    [reader.userId],
  )
  const pages = new Map<string, string>()
  const ids = new Map<number, string>()
  for (const todo of todos) {
    const databaseId = databases.find((one) => one.data_source_id === todo.databaseId)?.id
    const key = `${databaseId} ${todo.page.title}`
    let page = pages.get(key)
    if (page === undefined) {
      const [made] = await database.rows<{ id: string }>(
        `insert into public.page (user_id, connection_id, database_id, notion_page_id, title, url, last_edited_time)
         values ($1, $2, $3, $4, $5, 'https://www.notion.so/a-page', $6) returning id`,
        [
          reader.userId,
          reader.connectionId,
          databaseId,
          randomUUID(),
          todo.page.title,
          todo.page.lastEditedTime,
        ],
      )
      page = made?.id ?? ''
      pages.set(key, page)
    }
    const parent = todo.parentId === null ? null : (ids.get(todo.parentId) ?? null)
    const [stored] = await database.rows<{ id: string }>(
      `insert into public.todo (user_id, connection_id, database_id, page_id, notion_id, kind, text, checked,
         parent_id, position, heading_path, due, people, tags, write_state, write_error, seq)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1) returning id`,
      [
        reader.userId,
        reader.connectionId,
        databaseId,
        page,
        randomUUID(),
        todo.kind,
        todo.text,
        todo.checked,
        parent,
        todo.position,
        todo.headingPath,
        todo.due && JSON.stringify(todo.due),
        JSON.stringify(todo.people),
        todo.tags,
        todo.write.state,
        todo.write.state === 'failed' ? todo.write.code : null,
      ],
    )
    ids.set(todo.id, stored?.id ?? '')
  }
}
