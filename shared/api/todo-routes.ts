import { z } from '../zod'
import { FirstTodosReplySchema, SnapshotQuerySchema, SnapshotReplySchema } from '../schemas/snapshot'
import { SyncBodySchema, TodosQuerySchema, TodosReplySchema } from '../schemas/todo'
import {
  TodoListBodySchema,
  TodoListParamsSchema,
  TodoListReplySchema,
  TodoListsReplySchema,
} from '../schemas/todo-list'
import { defineRoutes } from './contract'

/** Lists, to-dos, staying in step. */
export const TODO_ROUTES = defineRoutes({
  'GET /api/todo-lists': {
    summary: 'The lists of the caller',
    reply: { status: 200, json: TodoListsReplySchema },
  },
  'POST /api/todo-lists': {
    summary: 'Make a list; its reading starts at once',
    body: TodoListBodySchema,
    reply: { status: 201, json: TodoListReplySchema },
    errors: ['NOTION_DATABASE_NOT_FOUND', 'CONFLICT'],
  },
  'PUT /api/todo-lists/:id': {
    summary: 'Give a list another name or other databases; new ones are read at once',
    params: TodoListParamsSchema,
    body: TodoListBodySchema,
    reply: { status: 200, json: TodoListReplySchema },
    errors: ['NOT_FOUND', 'NOTION_DATABASE_NOT_FOUND', 'CONFLICT'],
  },
  'DELETE /api/todo-lists/:id': {
    summary: 'Delete a list; nothing changes in Notion',
    params: TodoListParamsSchema,
    reply: { status: 204 },
    errors: ['NOT_FOUND'],
  },
  'GET /api/todos': {
    summary: 'To-dos: all, of one list, or what changed since a number',
    query: TodosQuerySchema,
    reply: { status: 200, json: TodosReplySchema },
    errors: ['NOT_FOUND'],
  },
  'GET /api/todos/first': {
    summary: 'What the list begins with, for a page that comes with its first rows',
    reply: { status: 200, json: FirstTodosReplySchema },
  },
  'GET /api/todos/snapshot': {
    summary: 'The same in a compact form, for tens of thousands of to-dos',
    query: SnapshotQuerySchema,
    reply: { status: 200, json: SnapshotReplySchema },
  },
  'POST /api/sync': {
    summary: 'Bring the lists up to date now',
    body: SyncBodySchema,
    reply: { status: 202, json: z.strictObject({ accepted: z.literal(true) }) },
  },
  'GET /api/sync/events': {
    summary: 'Server-sent events: something has changed',
    reply: { status: 200, contentTypes: ['text/event-stream'] },
  },
})
