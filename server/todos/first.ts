import { FIRST_ROWS } from '#shared/todo/first-rows'
import type { FirstTodosReply } from '#shared/schemas/snapshot'
import type { Db } from '#server/db/client'
import { listFirstPages } from '#server/db/first-pages'
import { listTodosOnPages } from '#server/db/todos'
import type { Meter } from '#server/gate/meter'
import { readStatus } from './snapshot'

/**
 * The to-dos that a person's plain list begins with, whole pages of them; none when that takes the whole list to say.
 *
 * @param db.service passes row level security; the one function it is used for names the owner throughout
 * @param db.user sees only the user's own rows
 * @param userId from the session, never from the request
 * @throws {DatabaseError}
 */
export async function firstTodos(
  db: { service: Db; user: Db },
  userId: string,
  readMeters: (connectionIds: readonly number[]) => Promise<Meter[]>,
): Promise<FirstTodosReply> {
  const [sync, pages] = await Promise.all([
    readStatus(db.user, userId, readMeters),
    listFirstPages(db.service, userId, FIRST_ROWS),
  ])
  const todos = await listTodosOnPages(
    db.user,
    userId,
    pages.map(({ pageId }) => pageId),
  )
  const open = new Map(pages.map((page) => [page.databaseId, page.open]))
  return { todos, open: [...open].map(([databaseId, count]) => ({ databaseId, count })), sync }
}
