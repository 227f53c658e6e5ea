import type { FirstTodosReply } from '#shared/schemas/snapshot'
import { meterReader } from '#server/gate/meter'
import { firstTodos } from '#server/todos/first'

/** What the list of the session's person begins with, for a page that comes with its first rows. */
export default defineApiHandler<FirstTodosReply>(async (event, { user, context }) => {
  const db = { service: context.db, user: sessionDb(event) }
  return firstTodos(db, user.id, meterReader(context.sql))
})
