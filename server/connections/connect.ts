import type { Database } from '#shared/schemas/database'
import type { Json } from '#shared/types/database.types'
import type { AppContext } from '#server/context'
import type { Connection, TokenRecord } from '#server/db/connections'
import { listConnections, storeConnection } from '#server/db/connections'
import { listDatabases } from '#server/db/databases'
import type { ConsumedOAuthState } from '#server/db/oauth-states'
import { consumeOAuthState } from '#server/db/oauth-states'
import { AppError } from '#server/errors/app-error'
import { describeError } from '#server/logging/logger'
import { refreshDatabases } from './databases'
import { hashSecret, isSecret } from './oauth-state'
import type { OAuthProvider, ProviderToken } from './providers/provider'

/** What a browser brings back from the consent page, and whose session it is. */
interface Callback {
  provider: string
  userId: string
  state: string
  browserSecret: string | undefined
}

export interface ConnectOutcome {
  connection: Connection
  databases: Database[]
  /** Notion's search shows nothing yet; asking again in a moment will. */
  indexing: boolean
  returnTo: string
}

/**
 * Finishes a connect attempt. The state is used up before the code is looked at, so one state leads to one
 * exchange at the most, whatever else is wrong.
 *
 * @throws {AppError} OAUTH_STATE_INVALID before anything is sent; NOTION_OAUTH_FAILED when the exchange fails
 * @throws {DatabaseError} when the token cannot be stored: then it is given back
 */
export async function finishConnecting(
  context: AppContext,
  callback: Callback & { code: string },
): Promise<ConnectOutcome> {
  const { provider, state } = await takeState(context, callback)
  const token = await exchange(context, provider, state, callback.code)
  const connectionId = await store(context, provider, callback.userId, token)
  const found = await readDatabases(context, callback.userId, connectionId)
  const connection = (await listConnections(context.db, callback.userId)).find(
    ({ id }) => id === connectionId,
  )
  if (!connection) throw new AppError('CONFLICT')
  return { connection, ...found, returnTo: state.returnTo }
}

/**
 * The person, or Notion, said no: nothing is stored and the state is used up.
 *
 * @throws {AppError} OAUTH_STATE_INVALID
 */
export async function cancelConnecting(context: AppContext, callback: Callback): Promise<void> {
  await takeState(context, callback)
}

async function takeState(
  context: AppContext,
  callback: Callback,
): Promise<{ provider: OAuthProvider; state: ConsumedOAuthState }> {
  const provider = context.providers.get(callback.provider)
  if (!provider || !isSecret(callback.state) || !isSecret(callback.browserSecret)) {
    throw new AppError('OAUTH_STATE_INVALID')
  }
  const state = await consumeOAuthState(context.db, {
    stateHash: hashSecret(callback.state),
    userId: callback.userId,
    provider: provider.name,
    browserHash: hashSecret(callback.browserSecret),
  })
  if (!state) throw new AppError('OAUTH_STATE_INVALID')
  return { provider, state }
}

async function exchange(
  context: AppContext,
  provider: OAuthProvider,
  state: ConsumedOAuthState,
  code: string,
): Promise<ProviderToken> {
  try {
    const token = await provider.exchangeCode({
      code,
      redirectUri: state.redirectUri,
      codeVerifier: state.codeVerifier,
    })
    for (const warning of token.warnings) context.log.warn({ event: 'connect.warning', warning })
    return token
  } catch (cause) {
    context.log.warn({ event: 'connect.exchange_failed', ...describeError(cause) })
    throw new AppError('NOTION_OAUTH_FAILED', { cause })
  }
}

async function store(
  context: AppContext,
  provider: OAuthProvider,
  userId: string,
  token: ProviderToken,
): Promise<number> {
  try {
    return await storeConnection(context.db, userId, await seal(context, userId, token))
  } catch (cause) {
    // Nobody would ever use this token: better that it stops working.
    await provider.revoke(token.accessToken).catch((error: unknown) => {
      context.log.warn({ event: 'connect.revoke_failed', ...describeError(error) })
    })
    throw cause
  }
}

async function seal(context: AppContext, userId: string, token: ProviderToken): Promise<TokenRecord> {
  const { cipher } = context
  const owner = { userId, workspaceId: token.workspaceId }
  return {
    botId: token.botId,
    accessToken: await cipher.encrypt(token.accessToken, { ...owner, purpose: 'access' }),
    refreshToken:
      token.refreshToken && (await cipher.encrypt(token.refreshToken, { ...owner, purpose: 'refresh' })),
    tokenFingerprint: cipher.fingerprint(token.accessToken, userId),
    keyId: cipher.keyId,
    tokenType: token.tokenType,
    kind: 'oauth',
    workspaceId: token.workspaceId,
    workspaceName: token.workspaceName,
    workspaceIcon: token.workspaceIcon,
    requestId: token.requestId,
    // Parsed from JSON, so it is JSON.
    owner: token.owner as Json,
    duplicatedTemplateId: token.duplicatedTemplateId,
  }
}

/** The connection stands whatever happens here: Notion's search can fail or lag, the page offers to ask again. */
async function readDatabases(
  context: AppContext,
  userId: string,
  connectionId: number,
): Promise<{ databases: Database[]; indexing: boolean }> {
  try {
    await refreshDatabases(context, connectionId)
  } catch (cause) {
    context.log.warn({ event: 'connect.search_failed', connectionId, ...describeError(cause) })
  }
  const databases = await listDatabases(context.db, userId, connectionId)
  return { databases, indexing: databases.length === 0 }
}
