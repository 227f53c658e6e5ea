import type { ConnectionStatus } from '#shared/schemas/connection'
import { ConnectionStatusSchema } from '#shared/schemas/connection'
import type { Json } from '#shared/types/database.types'
import type { Db } from './client'
import { done, rows } from './client'

/** A checked token reply, both tokens already encrypted. */
export interface TokenRecord {
  botId: string
  accessToken: string
  refreshToken: string | null
  tokenFingerprint: string
  keyId: string
  tokenType: string
  kind: 'oauth' | 'internal' | 'personal'
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
  status: ConnectionStatus
  /** When the present token was stored. */
  connectedAt: string
}

const CONNECTION_COLUMNS = `id, user_id, workspace_id,
  token:notion_access_token!inner (workspace_name, workspace_icon, status, created_at)` as const

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
  const found = rows(
    'connections.list',
    await db
      .from('notion_access_token_user')
      .select(CONNECTION_COLUMNS)
      .eq('user_id', userId)
      .is('deleted_at', null)
      .order('id'),
  )
  return found.map((row) => ({
    id: row.id,
    userId: row.user_id,
    workspaceId: row.workspace_id,
    workspaceName: row.token.workspace_name ?? '',
    workspaceIcon: row.token.workspace_icon,
    status: ConnectionStatusSchema.parse(row.token.status),
    connectedAt: row.token.created_at,
  }))
}

/** A stored token, still encrypted, and what it belongs to. */
export interface SealedToken {
  tokenId: number
  userId: string
  workspaceId: string
  status: ConnectionStatus
  accessToken: string
}

/** What the vault needs to open a connection's token; null when it is not live. @throws {DatabaseError} */
export async function findSealedToken(db: Db, connectionId: number): Promise<SealedToken | null> {
  const found = rows(
    'connections.sealedToken',
    await db
      .from('notion_access_token_user')
      .select('user_id, workspace_id, token:notion_access_token!inner (id, access_token, status)')
      .eq('id', connectionId)
      .is('deleted_at', null),
  )[0]
  if (!found?.token.access_token) return null
  return {
    tokenId: found.token.id,
    userId: found.user_id,
    workspaceId: found.workspace_id,
    status: ConnectionStatusSchema.parse(found.token.status),
    accessToken: found.token.access_token,
  }
}

/**
 * Notion refused this token: nothing is sent with it until the person reconnects. A token that took its
 * place in the meantime is left alone.
 *
 * @throws {DatabaseError}
 */
export async function markNeedsReauthorization(db: Db, connectionId: number, token: SealedToken): Promise<void> {
  done(
    'connections.markNeedsReauthorization',
    await db
      .from('notion_access_token')
      .update({ status: 'needs_reauthorization' })
      .eq('id', token.tokenId)
      .eq('access_token', token.accessToken)
      .eq('status', 'connected'),
  )
  done(
    'connections.log',
    await db.from('integration_logs').insert({
      user_id: token.userId,
      connection_id: connectionId,
      event: 'error',
      outcome: 'failed',
      code: 'NOTION_TOKEN_INVALID',
    }),
  )
}
