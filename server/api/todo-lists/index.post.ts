import type { TodoListReply } from '#shared/schemas/todo-list'
import { TodoListBodySchema } from '#shared/schemas/todo-list'
import { createList } from '#server/todos/lists'

/** Make a list; its reading starts at once. */
export default defineApiHandler<TodoListReply>(async (event, { user, context }) => {
  const body = await readBodyAs(event, TodoListBodySchema)
  const list = await createList(context, { userId: user.id, ...body })
  setResponseStatus(event, 201)
  return { list }
})
