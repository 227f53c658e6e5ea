import type { AppContext } from '#server/context'
import type { Connection, TokenRecord } from '#server/db/connections'
import { findSealedToken, listConnections, storeConnection } from '#server/db/connections'
import { disconnect } from './disconnect'
import type { ProviderToken } from './providers/provider'
import { isUsable } from './status'
import { openAccessToken, sealToken } from './tokens'

/**
 * The token of a user, in the four words of the domain model: link, isConnected, getToken, removeToken.
 * A user has one token per workspace. Everything outside this folder works through `withConnection`.
 */

/**
 * Stores a token, encrypted, as the one of its user and workspace. A former one is erased in the same
 * transaction, and everything that was built on it works on.
 *
 * @returns the connection's id, the same as before when the workspace was connected earlier
 * @throws {DatabaseError} then nothing is stored
 */
export async function link(
  context: AppContext,
  userId: string,
  token: ProviderToken,
  origin: Pick<TokenRecord, 'kind' | 'provider'>,
): Promise<number> {
  return storeConnection(context.db, userId, await sealToken(context, userId, token, origin))
}

/** Does the user have a token that can be used, or will be again by itself? @throws {DatabaseError} */
export async function isConnected({ db }: AppContext, userId: string): Promise<boolean> {
  return (await listConnections(db, userId)).some(({ status }) => isUsable(status))
}

/**
 * The user's token, of this workspace or of the one connected first; null when there is none to use.
 *
 * @throws {TokenCipherError} when it cannot be opened
 * @throws {DatabaseError}
 */
export async function getToken(
  context: AppContext,
  userId: string,
  workspaceId?: string,
): Promise<string | null> {
  const connection = (await ofWorkspace(context, userId, workspaceId)).find(({ status }) => isUsable(status))
  const sealed = connection && (await findSealedToken(context.db, connection.id))
  return sealed ? openAccessToken(context, sealed) : null
}

/**
 * Ends the user's use of a workspace, or of all of them. What was read stays readable.
 *
 * @throws {DatabaseError}
 */
export async function removeToken(context: AppContext, userId: string, workspaceId?: string): Promise<void> {
  for (const { id } of await ofWorkspace(context, userId, workspaceId)) {
    await disconnect(context, { userId, connectionId: id, lists: 'freeze' })
  }
}

async function ofWorkspace(
  { db }: AppContext,
  userId: string,
  workspaceId: string | undefined,
): Promise<Connection[]> {
  const connections = await listConnections(db, userId)
  return workspaceId === undefined
    ? connections
    : connections.filter((connection) => connection.workspaceId === workspaceId)
}
