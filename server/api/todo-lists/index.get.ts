import type { TodoListsReply } from '#shared/schemas/todo-list'
import { listTodoLists } from '#server/db/todo-lists'

/** This person's lists. */
export default defineApiHandler<TodoListsReply>(async (event, { user }) => ({
  lists: await listTodoLists(sessionDb(event), user.id),
}))
