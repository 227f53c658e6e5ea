import type { TodosReply } from '#shared/schemas/todo'
import { meterReader } from '#server/gate/meter'
import { TodosQuerySchema } from '#shared/schemas/todo'
import { listTodosOf } from '#server/todos/list'

/** To-dos of all lists or of one, whole or what changed since, and how far reading has come. */
export default defineApiHandler<TodosReply>(async (event, { user, context }) => {
  const { list, since } = queryAs(event, TodosQuerySchema)
  return listTodosOf(sessionDb(event), { userId: user.id, listId: list, since }, meterReader(context.sql))
})
