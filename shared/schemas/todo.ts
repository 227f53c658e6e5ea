import { z } from '../zod'
import { DueDateSchema } from '../todo/due'
import { NotionIdSchema } from '../todo/notion-id'
import { RichTextSpanSchema } from '../todo/rich-text'
import { IconSchema } from './database'
import { ErrorCodeSchema } from './error'

export const TodoKindSchema = z.enum(['block', 'row'])

/** Where a tick stands: in step with Notion, on its way, or refused (with the reason). */
export const WriteStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('saved') }),
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({ state: z.literal('failed'), code: ErrorCodeSchema }),
])
export type WriteState = z.infer<typeof WriteStateSchema>

export const PersonSchema = z.strictObject({ id: z.string(), name: z.string() })

export const TodoSchema = z.strictObject({
  id: z.number().int(),
  /** Notion's id of the block, or of the row: what toggle-checkbox takes. */
  notionId: z.string(),
  kind: TodoKindSchema,
  text: z.string(),
  richText: z.array(RichTextSpanSchema),
  checked: z.boolean(),
  page: z.strictObject({
    id: z.number().int(),
    title: z.string(),
    icon: IconSchema.nullable(),
    url: z.string(),
    lastEditedTime: z.iso.datetime({ offset: true }).nullable(),
  }),
  /** The data source it belongs to, by the id that search-notion answers. */
  databaseId: z.string(),
  parentId: z.number().int().nullable(),
  depth: z.number().int(),
  position: z.number().int(),
  headingPath: z.array(z.string()),
  due: DueDateSchema.nullable(),
  people: z.array(PersonSchema),
  tags: z.array(z.string()),
  /** Opens the exact block in Notion. */
  url: z.string(),
  write: WriteStateSchema,
})
export type Todo = z.infer<typeof TodoSchema>

/** A page that could not be read whole: the list is never shown as complete when it is not. */
export const IncompletePageSchema = z.strictObject({
  title: z.string(),
  url: z.string(),
  reasons: z.array(z.string()),
})
export type IncompletePage = z.infer<typeof IncompletePageSchema>

/** Notion's request budget of the busiest workspace that is read. */
export const BudgetSchema = z.strictObject({
  /** Requests of the last minute. */
  used: z.number().int().nonnegative(),
  limit: z.number().int().positive(),
  /** When the first of them comes back. */
  resetsAt: z.iso.datetime({ offset: true }).nullable(),
  /** Until when Notion asked us to wait. */
  pausedUntil: z.iso.datetime({ offset: true }).nullable(),
})
export type Budget = z.infer<typeof BudgetSchema>

export const SyncStatusSchema = z.strictObject({
  state: z.enum(['idle', 'running', 'failed']),
  /** True only when everything that counts was read whole in the last run. */
  complete: z.boolean(),
  pagesDone: z.number().int(),
  pagesTotal: z.number().int(),
  requestsUsed: z.number().int(),
  lastFinishedAt: z.iso.datetime({ offset: true }).nullable(),
  /** Why the last run failed, or what a running one waits for. */
  code: ErrorCodeSchema.nullable(),
  /** When a paused run goes on by itself. */
  retryAt: z.iso.datetime({ offset: true }).nullable(),
  /** Null when nothing was asked of Notion lately. */
  budget: BudgetSchema.nullable(),
  /** An estimate; null when nothing is being read, or how much is not known yet. */
  estimatedFinishAt: z.iso.datetime({ offset: true }).nullable(),
  incompletePages: z.array(IncompletePageSchema),
})
export type SyncStatus = z.infer<typeof SyncStatusSchema>

/** GET /api/todos */
export const TodosQuerySchema = z.strictObject({
  list: z.coerce.number().int().positive().optional(),
  since: z.coerce.number().int().nonnegative().optional(),
})

export const TodosReplySchema = z.strictObject({
  todos: z.array(TodoSchema),
  /** Ids that left since `since`; empty without it. */
  removed: z.array(z.number().int()),
  seq: z.number().int(),
  sync: SyncStatusSchema,
})
export type TodosReply = z.infer<typeof TodosReplySchema>

/** POST /api/toggle-checkbox */
export const ToggleCheckboxBodySchema = z.strictObject({
  id: NotionIdSchema,
  to_do: z.strictObject({ checked: z.boolean() }),
})
export type ToggleCheckboxBody = z.input<typeof ToggleCheckboxBodySchema>

export const ToggleCheckboxReplySchema = z.strictObject({
  id: z.string(),
  to_do: z.strictObject({ checked: z.boolean() }),
  /** The tick is durable here and on its way to Notion. */
  write: WriteStateSchema,
})
export type ToggleCheckboxReply = z.infer<typeof ToggleCheckboxReplySchema>

/** POST /api/sync */
export const SyncBodySchema = z.strictObject({ full: z.boolean().optional() })
