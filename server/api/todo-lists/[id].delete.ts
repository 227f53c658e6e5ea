import { TodoListParamsSchema } from '#shared/schemas/todo-list'
import { deleteTodoList } from '#server/db/todo-lists'
import { AppError } from '#server/errors/app-error'

/** Delete a list. Nothing changes in Notion. */
export default defineApiHandler(async (event, { user, context }) => {
  const { id } = paramsAs(event, TodoListParamsSchema)
  if (!(await deleteTodoList(context.db, user.id, id))) throw new AppError('NOT_FOUND')
  setResponseStatus(event, 204)
  return null
})
