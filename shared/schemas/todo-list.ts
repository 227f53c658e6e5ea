import { z } from '../zod'
import { NotionIdSchema } from '../todo/notion-id'

export const LIST_NAME_MAX_LENGTH = 200
export const LIST_DATABASES_MAX = 200
/** Of one person; the database holds them to it. */
export const LISTS_MAX = 100

export const TodoListSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  /** Data source ids, as search-notion answers them. */
  databaseIds: z.array(z.string()),
  createdAt: z.iso.datetime({ offset: true }),
})
export type TodoList = z.infer<typeof TodoListSchema>

/** GET /api/todo-lists */
export const TodoListsReplySchema = z.strictObject({ lists: z.array(TodoListSchema) })
export type TodoListsReply = z.infer<typeof TodoListsReplySchema>

/** POST /api/todo-lists, PUT /api/todo-lists/:id */
export const TodoListBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(LIST_NAME_MAX_LENGTH),
  databaseIds: z.array(NotionIdSchema).min(1).max(LIST_DATABASES_MAX),
})
export type TodoListBody = z.input<typeof TodoListBodySchema>

export const TodoListReplySchema = z.strictObject({ list: TodoListSchema })
export type TodoListReply = z.infer<typeof TodoListReplySchema>

/** PUT /api/todo-lists/:id, DELETE /api/todo-lists/:id */
export const TodoListParamsSchema = z.strictObject({ id: z.coerce.number().int().positive() })
