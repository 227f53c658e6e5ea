import { z } from 'zod'
import { ErrorCodeSchema } from './error'
import { DatabaseSchema } from './database'

export const ConnectionStatusSchema = z.enum(['connected', 'expired', 'needs_reauthorization', 'disconnected'])
export type ConnectionStatus = z.infer<typeof ConnectionStatusSchema>

/** A connected workspace as its owner sees it. Never carries a token. */
export const WorkspaceSchema = z.strictObject({
  connectionId: z.number().int(),
  workspaceId: z.string(),
  name: z.string(),
  /** An emoji, an http(s) URL of a picture, or nothing. */
  icon: z.string().nullable(),
  status: ConnectionStatusSchema,
  connectedAt: z.iso.datetime({ offset: true }),
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

/** GET /api/auth-notion */
export const AuthNotionReplySchema = z.strictObject({
  connected: z.boolean(),
  workspaces: z.array(WorkspaceSchema),
})
export type AuthNotionReply = z.infer<typeof AuthNotionReplySchema>

export const ConnectionProblemSchema = z.strictObject({ connectionId: z.number().int(), code: ErrorCodeSchema })
export type ConnectionProblem = z.infer<typeof ConnectionProblemSchema>
