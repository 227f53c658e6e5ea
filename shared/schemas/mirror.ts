import { z } from '../zod'
import { NotionIdSchema } from '../todo/notion-id'
import { IconSchema } from './database'
import { ErrorCodeSchema } from './error'

/** What a run of a mirror did, row by row of the database in Notion. */
export const MirrorResultSchema = z.strictObject({
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  /** Rows put into Notion's trash because their to-do left the list, or because there were two of one. */
  removed: z.number().int(),
  /** To-dos ticked or unticked here because somebody did so in the mirror. */
  tickedBack: z.number().int(),
  /** Ticks in the mirror that were not taken over, because the to-do itself had changed meanwhile. */
  conflicts: z.number().int(),
  /** Rows that could not be written, by reason. */
  errors: z.array(z.strictObject({ code: ErrorCodeSchema, count: z.number().int() })),
})
export type MirrorResult = z.infer<typeof MirrorResultSchema>

/**
 * `missing`: the database was deleted in Notion or is no longer shared. `paused`: its workspace is not connected.
 */
export const MirrorStateSchema = z.enum(['waiting', 'running', 'ready', 'failed', 'missing', 'paused'])
export type MirrorState = z.infer<typeof MirrorStateSchema>

/** A list that is mirrored into Notion. */
export const MirrorSchema = z.strictObject({
  id: z.number().int(),
  listId: z.number().int(),
  workspace: z.strictObject({ connectionId: z.number().int(), name: z.string() }),
  parent: z.strictObject({ id: z.string(), title: z.string() }),
  /** Opens the database in Notion; null until it is there. */
  url: z.string().nullable(),
  state: MirrorStateSchema,
  /** Of the run under way; null without one. */
  progress: z.strictObject({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** Of the last run that ended. */
  result: MirrorResultSchema.nullable(),
  /** Why the last run did not get everything done. */
  code: ErrorCodeSchema.nullable(),
  lastRunAt: z.iso.datetime({ offset: true }).nullable(),
  /** When mirror and list were last in step: only a run without any failure counts. */
  lastSyncDate: z.iso.datetime({ offset: true }).nullable(),
  /** Ticking in the mirror ticks the to-do. */
  tickBack: z.boolean(),
})
export type Mirror = z.infer<typeof MirrorSchema>

/** GET /api/mirrors */
export const MirrorsReplySchema = z.strictObject({ mirrors: z.array(MirrorSchema) })
export type MirrorsReply = z.infer<typeof MirrorsReplySchema>

export const MirrorReplySchema = z.strictObject({ mirror: MirrorSchema })
export type MirrorReply = z.infer<typeof MirrorReplySchema>

/** POST /api/mirrors */
export const MirrorBodySchema = z.strictObject({
  listId: z.number().int().positive(),
  /** The page under which the database is made, and the connection that can write there. */
  connectionId: z.number().int().positive(),
  parentPageId: NotionIdSchema,
  tickBack: z.boolean().optional(),
})
export type MirrorBody = z.input<typeof MirrorBodySchema>

/** GET, PUT and DELETE /api/mirrors/:id, POST /api/mirrors/:id/sync */
export const MirrorParamsSchema = z.strictObject({ id: z.coerce.number().int().positive() })

/** PUT /api/mirrors/:id */
export const MirrorChangeBodySchema = z.strictObject({ tickBack: z.boolean() })
export type MirrorChangeBody = z.input<typeof MirrorChangeBodySchema>

/** DELETE /api/mirrors/:id: what becomes of the database in Notion. */
export const MirrorEndQuerySchema = z.strictObject({ database: z.enum(['keep', 'trash']) })
export type MirrorEnd = z.infer<typeof MirrorEndQuerySchema>['database']

/** GET /api/mirror-parents */
export const MirrorParentsQuerySchema = z.strictObject({ query: z.string().max(2_000).optional() })

/** A page in Notion under which a mirror can be made. */
export const MirrorParentSchema = z.strictObject({
  id: z.string(),
  connectionId: z.number().int(),
  workspaceName: z.string(),
  /** Empty when untitled. */
  title: z.string(),
  icon: IconSchema.nullable(),
})
export type MirrorParent = z.infer<typeof MirrorParentSchema>

export const MirrorParentsReplySchema = z.strictObject({
  parents: z.array(MirrorParentSchema),
  /** Workspaces that could not be asked. */
  failed: z.array(z.strictObject({ connectionId: z.number().int(), code: ErrorCodeSchema })),
})
export type MirrorParentsReply = z.infer<typeof MirrorParentsReplySchema>
