import { z } from '../zod'
import { NotionIdSchema } from '../todo/notion-id'
import { ErrorCodeSchema } from './error'
import { CHANGES_MAX } from './todo'

/** Where a change was asked for. */
export const ChangeSourceSchema = z.enum(['list', 'offline', 'undo', 'mirror', 'share', 'api'])
export type ChangeSource = z.infer<typeof ChangeSourceSchema>

/**
 * What became of a change: on its way, in Notion, refused, up to the person, overtaken by a later click on the
 * same to-do, or given up by the person.
 */
export const ChangeStateSchema = z.enum([
  'pending',
  'sending',
  'saved',
  'failed',
  'conflict',
  'superseded',
  'given_up',
])
export type ChangeState = z.infer<typeof ChangeStateSchema>

/** One to-do in an entry of the history, as it was when it was changed. */
export const HistoryChangeSchema = z.strictObject({
  /** Notion's id of the block or row. */
  id: z.string(),
  text: z.string(),
  pageTitle: z.string(),
  /** Opens it in Notion, if it is still there. */
  url: z.string(),
  databaseName: z.string(),
  before: z.boolean(),
  after: z.boolean(),
  state: ChangeStateSchema,
  /** Why it was refused. */
  code: ErrorCodeSchema.nullable(),
  attempts: z.number().int(),
  /** What Notion said the to-do was, last time it was asked or told. */
  notion: z.strictObject({ checked: z.boolean(), text: z.string().nullable() }).nullable(),
  finishedAt: z.iso.datetime({ offset: true }).nullable(),
  /** It is still as this change left it, so that it can be taken back. */
  undoable: z.boolean(),
})
export type HistoryChange = z.infer<typeof HistoryChangeSchema>

const count = z.number().int().nonnegative()

/** One tick, or one action on many. */
export const HistoryEntrySchema = z.strictObject({
  entry: z.uuid(),
  at: z.iso.datetime({ offset: true }),
  source: ChangeSourceSchema,
  /** The entry that this one takes back. */
  undoOf: z.uuid().nullable(),
  size: z.number().int().positive(),
  /** How many of its changes are in which state. */
  counts: z.strictObject({
    waiting: count,
    saved: count,
    failed: count,
    conflict: count,
    superseded: count,
    givenUp: count,
  }),
  /** Some of it can be taken back. */
  undoable: z.boolean(),
  /** The first few; all of them are asked for with GET /api/history/:entry. */
  preview: z.array(HistoryChangeSchema),
})
export type HistoryEntry = z.infer<typeof HistoryEntrySchema>

/** GET /api/history */
export const HistoryQuerySchema = z.strictObject({
  /** What the last answer called `next`. */
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})

export const HistoryReplySchema = z.strictObject({
  entries: z.array(HistoryEntrySchema),
  /** Where the next page begins; null at the end. */
  next: z.string().nullable(),
})
export type HistoryReply = z.infer<typeof HistoryReplySchema>

/** GET /api/history/:entry */
export const HistoryEntryReplySchema = z.strictObject({
  entry: HistoryEntrySchema,
  changes: z.array(HistoryChangeSchema),
})
export type HistoryEntryReply = z.infer<typeof HistoryEntryReplySchema>

export const EntryParamsSchema = z.strictObject({ entry: z.uuid() })

/** POST /api/history/:entry/undo; all of it, or the to-dos that are named. */
export const UndoBodySchema = z.strictObject({
  ids: z.array(NotionIdSchema).min(1).max(CHANGES_MAX).optional(),
  /** As in POST /api/todos/changes. */
  clientId: z.uuid().optional(),
})
export type UndoBody = z.input<typeof UndoBodySchema>
