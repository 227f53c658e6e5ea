import { z } from '../zod'
import { DueDateSchema } from '../todo/due'
import { NotionIdSchema } from '../todo/notion-id'
import { RichTextSpanSchema } from '../todo/rich-text'
import { SeenTextSchema } from '../todo/seen-text'
import { IconSchema } from './database'
import { ErrorCodeSchema } from './error'

export const TodoKindSchema = z.enum(['block', 'row'])

/**
 * What Notion has where it contradicts what the person wants; and what they saw when they decided, where that is
 * not what stands here by now.
 */
export const TheirsSchema = z.strictObject({
  text: z.string(),
  checked: z.boolean(),
  seen: z.string().optional(),
})
export type Theirs = z.infer<typeof TheirsSchema>

/** Where a tick stands: in step with Notion, on its way, refused (with the reason), or up to the person. */
export const WriteStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('saved') }),
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({ state: z.literal('failed'), code: ErrorCodeSchema }),
  z.strictObject({ state: z.literal('conflict'), theirs: TheirsSchema }),
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

/** As many of the pages below as are named. When so many are, there may be more. */
export const INCOMPLETE_PAGES_SHOWN = 50

/** A page that could not be read whole: the list is never shown as complete when it is not. */
export const IncompletePageSchema = z.strictObject({
  title: z.string(),
  url: z.string(),
  /** Why, each once; what a reader does not know may come (`INCOMPLETE_REASONS`). */
  reasons: z.array(z.string()),
})
export type IncompletePage = z.infer<typeof IncompletePageSchema>

/** The reasons that there are sentences for. */
export const INCOMPLETE_REASONS = [
  'not_shared',
  'access_denied',
  'malformed',
  'cursor',
  'failed',
  'truncated',
] as const

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
  /** Connections that are being read, or wait for their turn. */
  reading: z.array(z.number().int()),
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
  /** Removals since are forgotten: these are all to-dos, and what is not among them is gone. */
  whole: z.literal(true).optional(),
})
export type TodosReply = z.infer<typeof TodosReplySchema>

/** POST /api/toggle-checkbox */
export const ToggleCheckboxBodySchema = z.strictObject({
  id: NotionIdSchema,
  to_do: z.strictObject({ checked: z.boolean() }),
  /** The browser's own name for this click: sent twice, it is still one change. */
  clientId: z.uuid().optional(),
})
export type ToggleCheckboxBody = z.input<typeof ToggleCheckboxBodySchema>

export const ToggleCheckboxReplySchema = z.strictObject({
  id: z.string(),
  to_do: z.strictObject({ checked: z.boolean() }),
  /** The tick is durable here and on its way to Notion. */
  write: WriteStateSchema,
})
export type ToggleCheckboxReply = z.infer<typeof ToggleCheckboxReplySchema>

/** As many to-dos as one action may take. */
export const CHANGES_MAX = 500
/** Room for all of them with what was seen of each: two hundred characters of four bytes (`clipSeenText`). */
export const CHANGES_MAX_BYTES = 512 * 1_024

/** POST /api/todos/changes: one action on one to-do or many, one entry of the history. */
export const ChangesBodySchema = z.strictObject({
  /** The browser's own name for this action: sent twice, it is still one. */
  clientId: z.uuid(),
  /** Of a to-do that is named twice the last one counts. */
  changes: z
    .array(
      z.strictObject({
        id: NotionIdSchema,
        checked: z.boolean(),
        /** What the person saw; without it, what is known here when the request arrives. */
        text: SeenTextSchema.optional(),
      }),
    )
    .min(1)
    .max(CHANGES_MAX),
  /** Where it was done; what was done offline does not overwrite what contradicts it. */
  source: z.enum(['list', 'offline']).optional(),
})
export type ChangesBody = z.input<typeof ChangesBodySchema>

export const ChangesReplySchema = z.strictObject({
  /** The entry of the history. When nothing was accepted there is none by this name. */
  entry: z.uuid(),
  /** Notion ids; durable here and on their way to Notion. */
  accepted: z.array(z.string()),
  refused: z.array(z.strictObject({ id: z.string(), code: ErrorCodeSchema })),
})
export type ChangesReply = z.infer<typeof ChangesReplySchema>

/** What can be decided about a to-do whose change did not get through. */
export const WriteActionSchema = z.enum(['retry', 'give-up', 'keep-mine', 'keep-theirs', 'remove'])
export type WriteAction = z.infer<typeof WriteActionSchema>

/** POST /api/todos/write */
export const WriteBodySchema = z.strictObject({ id: NotionIdSchema, action: WriteActionSchema })
export type WriteBody = z.input<typeof WriteBodySchema>

/** The to-do as it is now follows with the next delta. */
export const WriteReplySchema = z.strictObject({ id: z.string(), action: WriteActionSchema })
export type WriteReply = z.infer<typeof WriteReplySchema>

/** POST /api/sync */
export const SyncBodySchema = z.strictObject({ full: z.boolean().optional() })
