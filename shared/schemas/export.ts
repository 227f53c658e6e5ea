import { z } from '../zod'
import { PersonSchema, TodoKindSchema } from './todo'
import {
  DEFAULT_VIEW,
  GroupBySchema,
  ScreenNameSchema,
  SortBySchema,
  STORED_QUERY_MAX_LENGTH,
  TodoViewSchema,
} from './view'
import { TimeZoneSchema } from './time-zone'

export const ExportFormatSchema = z.enum(['csv', 'json', 'markdown', 'obsidian-tasks'])
export type ExportFormat = z.infer<typeof ExportFormatSchema>

/** GET /api/export: a saved view by its id (`view`), or a view of its own (`q`, `group`, `sort`, `show`). */
export const ExportQuerySchema = z.strictObject({
  format: ExportFormatSchema,
  list: z.coerce.number().int().positive().optional(),
  /** Only what this screen is about, in its order; combines with a list. */
  screen: ScreenNameSchema.optional(),
  view: z.coerce.number().int().positive().optional(),
  q: z.string().max(STORED_QUERY_MAX_LENGTH).default(DEFAULT_VIEW.query),
  group: GroupBySchema.default(DEFAULT_VIEW.group),
  sort: SortBySchema.default(DEFAULT_VIEW.sort),
  show: TodoViewSchema.shape.show.default(DEFAULT_VIEW.show),
  timeZone: TimeZoneSchema.default('UTC'),
  locale: z.enum(['en', 'de']).default('en'),
  /** A byte order mark, without which Excel takes a CSV file for another alphabet. */
  bom: z.stringbool().default(false),
})
export type ExportQuery = z.output<typeof ExportQuerySchema>

/** One to-do in a JSON export: what it is and where, in words and Notion's ids. */
export const ExportedTodoSchema = z.strictObject({
  id: z.string(),
  kind: TodoKindSchema,
  text: z.string(),
  done: z.boolean(),
  due: z.strictObject({ start: z.string(), end: z.string().nullable() }).nullable(),
  people: z.array(PersonSchema),
  tags: z.array(z.string()),
  headings: z.array(z.string()),
  /** The to-do it stands below, if it does. */
  parent: z.string().nullable(),
  page: z.strictObject({ title: z.string(), url: z.string() }),
  database: z.strictObject({ id: z.string(), name: z.string() }),
  workspace: z.string(),
  url: z.string(),
})
export type ExportedTodo = z.infer<typeof ExportedTodoSchema>

export const JsonExportSchema = z.strictObject({
  exportedAt: z.iso.datetime(),
  view: TodoViewSchema.extend({ query: z.string() }),
  todos: z.array(ExportedTodoSchema),
})
