import { z } from '../zod'
import { ErrorCodeSchema } from './error'
import { DatabaseSchema } from './database'

export const ConnectionStatusSchema = z.enum([
  'connected',
  'expired',
  'needs_reauthorization',
  'disconnected',
])
export type ConnectionStatus = z.infer<typeof ConnectionStatusSchema>

/** How the token came to us: through Notion's consent page, or pasted (a connection's own, or a person's). */
export const ConnectionKindSchema = z.enum(['oauth', 'internal', 'personal'])
export type ConnectionKind = z.infer<typeof ConnectionKindSchema>

/** Why a connection is not in use. */
export const DisconnectReasonSchema = z.enum([
  'user_request',
  'revoked_remotely',
  'refresh_failed',
  'replaced',
])
export type DisconnectReason = z.infer<typeof DisconnectReasonSchema>

/** A connected workspace as its owner sees it. Never carries a token. */
export const WorkspaceSchema = z.strictObject({
  connectionId: z.number().int(),
  workspaceId: z.string(),
  name: z.string(),
  /** An emoji, an http(s) URL of a picture, or nothing. */
  icon: z.string().nullable(),
  kind: ConnectionKindSchema,
  status: ConnectionStatusSchema,
  /** Why it needs the person, or has ended; null otherwise. */
  reason: DisconnectReasonSchema.nullable(),
  connectedAt: z.iso.datetime({ offset: true }),
  /** When Notion was last asked whether the token works, by itself and in the background. */
  checkedAt: z.iso.datetime({ offset: true }).nullable(),
})
export type Workspace = z.infer<typeof WorkspaceSchema>

/** GET /api/auth/notion/start */
export const StartQuerySchema = z.strictObject({ returnTo: z.string().max(2_000).optional() })

/** POST /api/connect-notion: what Notion put into our URL. */
export const ConnectBodySchema = z.strictObject({
  code: z.string().min(1).max(2_000),
  state: z.string().min(1).max(500),
})
export type ConnectBody = z.infer<typeof ConnectBodySchema>

export const ConnectReplySchema = z.strictObject({
  workspace: WorkspaceSchema,
  databases: z.array(DatabaseSchema),
  /** Notion's search lags after connecting: an empty answer may only mean "not yet". */
  indexing: z.boolean(),
  /** A local path: where the person was going before they connected. */
  returnTo: z.string(),
})
export type ConnectReply = z.infer<typeof ConnectReplySchema>

/** POST /api/connect-notion/cancel: the person (or Notion) said no; the state is used up. */
export const ConnectCancelBodySchema = z.strictObject({
  error: z.string().min(1).max(200),
  state: z.string().min(1).max(500),
})
export type ConnectCancelBody = z.infer<typeof ConnectCancelBodySchema>

export const ConnectCancelReplySchema = z.strictObject({ outcome: z.enum(['cancelled', 'refused']) })
export type ConnectCancelReply = z.infer<typeof ConnectCancelReplySchema>

/** POST /api/connect-notion/token: the token of an internal connection, or a personal access token. */
export const ConnectTokenBodySchema = z.strictObject({
  // Opaque, as RFC 6750 §2.1 writes bearer tokens; how they begin is Notion's business.
  token: z
    .string()
    .trim()
    .max(500)
    .regex(/^[A-Za-z0-9\-._~+/]+=*$/),
})
export type ConnectTokenBody = z.input<typeof ConnectTokenBodySchema>

/** What becomes of the lists over a workspace that is disconnected: gone, or readable as they are. */
export const ListsChoiceSchema = z.enum(['remove', 'freeze'])
export type ListsChoice = z.infer<typeof ListsChoiceSchema>

/** POST /api/disconnect-notion */
export const DisconnectBodySchema = z.strictObject({
  connectionId: z.number().int().positive(),
  lists: ListsChoiceSchema,
})
export type DisconnectBody = z.infer<typeof DisconnectBodySchema>

export const DisconnectReplySchema = z.strictObject({
  connectionId: z.number().int(),
  status: z.literal('disconnected'),
})
export type DisconnectReply = z.infer<typeof DisconnectReplySchema>

/** GET /api/connections/:id/log */
export const ConnectionParamsSchema = z.strictObject({ id: z.coerce.number().int().positive() })

export const ConnectionLogReplySchema = z.strictObject({
  /** Newest first. */
  entries: z.array(
    z.strictObject({
      at: z.iso.datetime({ offset: true }),
      event: z.enum(['connect', 'refresh', 'revoke', 'disconnect', 'health', 'sync', 'error']),
      outcome: z.enum(['ok', 'failed']),
      /** A code of ours; for a disconnect what became of the lists, for a connect whether it replaced. */
      code: z.string().nullable(),
    }),
  ),
})
export type ConnectionLogReply = z.infer<typeof ConnectionLogReplySchema>

/** GET /api/auth-notion */
export const AuthNotionReplySchema = z.strictObject({
  connected: z.boolean(),
  workspaces: z.array(WorkspaceSchema),
})
export type AuthNotionReply = z.infer<typeof AuthNotionReplySchema>

export const ConnectionProblemSchema = z.strictObject({
  connectionId: z.number().int(),
  code: ErrorCodeSchema,
})
export type ConnectionProblem = z.infer<typeof ConnectionProblemSchema>
