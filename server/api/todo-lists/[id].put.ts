import type { TodoListReply } from '#shared/schemas/todo-list'
import { TodoListBodySchema, TodoListParamsSchema } from '#shared/schemas/todo-list'
import { changeList } from '#server/todos/lists'

/** Give a list another name or other databases; what it did not read before is read now. */
export default defineApiHandler<TodoListReply>(async (event, { user, context }) => {
  const { id } = paramsAs(event, TodoListParamsSchema)
  const body = await readBodyAs(event, TodoListBodySchema)
  return { list: await changeList(context, { userId: user.id, id, ...body }) }
})
