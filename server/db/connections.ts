import type { ConnectionKind, ConnectionStatus, DisconnectReason } from '#shared/schemas/connection'
import {
  ConnectionKindSchema,
  ConnectionStatusSchema,
  DisconnectReasonSchema,
} from '#shared/schemas/connection'
import type { Json } from '#shared/types/database.types'
import type { Db } from './client'
import { rows } from './client'

/** A checked token reply, both tokens already encrypted. */
export interface TokenRecord {
  botId: string
  accessToken: string
  refreshToken: string | null
  tokenFingerprint: string
  keyId: string
  tokenType: string
  kind: ConnectionKind
  /** Whose token it is, by the provider's name; Notion's without it. */
  provider?: string
  /** Seconds the access token lives from now, where the provider tells. */
  expiresIn?: number | null
  workspaceId: string
  workspaceName: string | null
  workspaceIcon: string | null
  requestId: string | null
  owner: Json
  duplicatedTemplateId: string | null
}

/** A connection without its secrets. */
export interface Connection {
  id: number
  userId: string
  workspaceId: string
  workspaceName: string
  workspaceIcon: string | null
  kind: ConnectionKind
  status: ConnectionStatus
  /** Why it is not in use; null while it is, or will be again by itself. */
  reason: DisconnectReason | null
  /** When the present token was stored. */
  connectedAt: string
  /** When Notion was last asked whether the token works. */
  probedAt: string | null
}

const CONNECTION_COLUMNS = `id, user_id, workspace_id, token:notion_access_token!inner (
    workspace_name, workspace_icon, kind, status, disconnect_reason, created_at, last_probed_at
  )` as const

/**
 * Makes a token the one live token of its user and workspace, in one transaction.
 *
 * @returns the connection's id, the same as before when the workspace was connected earlier
 * @throws {DatabaseError}
 */
export async function storeConnection(db: Db, userId: string, token: TokenRecord): Promise<number> {
  return rows(
    'connections.store',
    await db.rpc('connect_workspace', {
      p_user: userId,
      p_token: {
        bot_id: token.botId,
        access_token: token.accessToken,
        refresh_token: token.refreshToken,
        token_fingerprint: token.tokenFingerprint,
        key_id: token.keyId,
        token_type: token.tokenType,
        kind: token.kind,
        provider: token.provider ?? 'notion',
        expires_in: token.expiresIn ?? null,
        workspace_id: token.workspaceId,
        workspace_name: token.workspaceName,
        workspace_icon: token.workspaceIcon,
        request_id: token.requestId,
        owner: token.owner,
        duplicated_template_id: token.duplicatedTemplateId,
      },
    }),
  )
}

/** The live connections of a user, oldest first. Works under row level security. @throws {DatabaseError} */
export async function listConnections(db: Db, userId: string): Promise<Connection[]> {
  return rows('connections.list', await selectConnections(db, userId).is('deleted_at', null)).map(
    toConnection,
  )
}

/** The same, and the frozen ones: ended, but what was read through them is still shown. @throws {DatabaseError} */
export async function listShownConnections(db: Db, userId: string): Promise<Connection[]> {
  return rows(
    'connections.listShown',
    await selectConnections(db, userId).or('deleted_at.is.null,frozen_at.not.is.null'),
  ).map(toConnection)
}

/** Is it this user's, live or not? Works under row level security. @throws {DatabaseError} */
export async function isOwnConnection(db: Db, userId: string, connectionId: number): Promise<boolean> {
  const found = rows(
    'connections.isOwn',
    await db.from('notion_access_token_user').select('id').eq('user_id', userId).eq('id', connectionId),
  )
  return found.length > 0
}

function selectConnections(db: Db, userId: string) {
  return db.from('notion_access_token_user').select(CONNECTION_COLUMNS).eq('user_id', userId).order('id')
}

interface ConnectionRow {
  id: number
  user_id: string
  workspace_id: string
  token: {
    workspace_name: string | null
    workspace_icon: string | null
    kind: string
    status: string
    disconnect_reason: string | null
    created_at: string
    last_probed_at: string | null
  }
}

function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    userId: row.user_id,
    workspaceId: row.workspace_id,
    workspaceName: row.token.workspace_name ?? '',
    workspaceIcon: row.token.workspace_icon,
    kind: ConnectionKindSchema.parse(row.token.kind),
    status: ConnectionStatusSchema.parse(row.token.status),
    reason: DisconnectReasonSchema.nullable().parse(row.token.disconnect_reason),
    connectedAt: row.token.created_at,
    probedAt: row.token.last_probed_at,
  }
}

/** A stored token, still encrypted, and what it belongs to. */
export interface SealedToken {
  tokenId: number
  userId: string
  workspaceId: string
  provider: string
  kind: ConnectionKind
  status: ConnectionStatus
  accessToken: string
  refreshToken: string | null
  /** Which token this is: a newer one in the same row has another. */
  fingerprint: string
  expiresAt: Date | null
}

/** What the vault needs to open a connection's token; null when it is not live. @throws {DatabaseError} */
export async function findSealedToken(db: Db, connectionId: number): Promise<SealedToken | null> {
  const found = rows(
    'connections.sealedToken',
    await db
      .from('notion_access_token_user')
      .select(
        `user_id, workspace_id, token:notion_access_token!inner (
          id, provider, kind, access_token, refresh_token, token_fingerprint, status, expires_at
        )`,
      )
      .eq('id', connectionId)
      .is('deleted_at', null),
  )[0]
  if (!found?.token.access_token) return null
  return {
    tokenId: found.token.id,
    userId: found.user_id,
    workspaceId: found.workspace_id,
    provider: found.token.provider,
    kind: ConnectionKindSchema.parse(found.token.kind),
    status: ConnectionStatusSchema.parse(found.token.status),
    accessToken: found.token.access_token,
    refreshToken: found.token.refresh_token,
    fingerprint: found.token.token_fingerprint,
    expiresAt: found.token.expires_at === null ? null : new Date(found.token.expires_at),
  }
}

/**
 * Only the person can help from here on. A token that took this one's place in the meantime is left alone.
 *
 * @returns whether the status moved
 * @throws {DatabaseError}
 */
export async function requireReauthorization(
  db: Db,
  token: Pick<SealedToken, 'tokenId' | 'fingerprint'>,
  reason: 'revoked_remotely' | 'refresh_failed',
): Promise<boolean> {
  return rows(
    'connections.requireReauthorization',
    await db.rpc('move_token_status', {
      p_token: token.tokenId,
      p_fingerprint: token.fingerprint,
      p_to: 'needs_reauthorization',
      p_reason: reason,
      p_event: reason === 'refresh_failed' ? 'refresh' : 'error',
      p_outcome: 'failed',
      p_code: 'NOTION_TOKEN_INVALID',
    }),
  )
}
