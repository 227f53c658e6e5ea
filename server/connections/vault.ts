import type { Client } from '@notionhq/client'
import type { AppContext } from '#server/context'
import type { SealedToken } from '#server/db/connections'
import { findSealedToken, requireReauthorization } from '#server/db/connections'
import { AppError } from '#server/errors/app-error'
import { describeError } from '#server/logging/logger'
import { createNotionClient } from '#server/notion/client'
import { NotionError } from '#server/notion/errors'
import type { Gate, GatePriority } from '#server/notion/gate'
import { gateFor } from '#server/gate/gates'
import type { Renewal } from './refresh'
import { renewToken } from './refresh'
import { openAccessToken } from './tokens'

export interface NotionAccess {
  client: Client
  /** The same token with another place in the queue. */
  clientFor: (priority: GatePriority) => Client
  gate: Gate
}

/** A token this near its end is refreshed before it is used. */
const AHEAD_MS = 5 * 60_000
/** What was stored meanwhile may be refused in its turn; after so many it is no coincidence. */
const MAX_RENEWALS = 3

/**
 * The only way to a stored token: `work` gets a client that can use it, never the token itself.
 * When Notion refuses the token it is refreshed and `work` runs once more, so it has to bear that. When that
 * does not help, this connection is taken out of use, and no other.
 *
 * @param priority `interactive` when a person waits for the answer
 * @throws {AppError} NOTION_NOT_CONNECTED, or NOTION_TOKEN_INVALID when the person has to reconnect
 * @throws {NotionError} `unavailable` while the token cannot be refreshed but may be later
 * @throws {TokenCipherError} when the ciphertext cannot be opened
 * @throws whatever `work` throws
 */
export async function withConnection<T>(
  context: AppContext,
  connectionId: number,
  priority: GatePriority,
  work: (access: NotionAccess) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let { token, how } = await usableToken(context, connectionId)
  for (let renewals = 0; ; renewals += 1) {
    try {
      return await work(await open(context, connectionId, token, priority, signal))
    } catch (error) {
      if (!(error instanceof NotionError && error.kind === 'token_invalid')) throw error
      if (how === 'refreshed' || renewals === MAX_RENEWALS) {
        await requireReauthorization(context.db, token, 'revoked_remotely')
        throw error
      }
      ;({ token, how } = await renewToken(context, { connectionId, token, refused: true }))
    }
  }
}

/** The stored token, refreshed first when it has expired or is about to. */
async function usableToken(context: AppContext, connectionId: number): Promise<Renewal> {
  const token = await findSealedToken(context.db, connectionId)
  if (!token) throw new AppError('NOTION_NOT_CONNECTED')
  switch (token.status) {
    case 'connected':
      return isEnding(token) ? refreshAhead(context, connectionId, token) : { token, how: 'adopted' }
    case 'expired':
      return renewToken(context, { connectionId, token, refused: true })
    case 'needs_reauthorization':
      throw new AppError('NOTION_TOKEN_INVALID')
    case 'disconnected':
      throw new AppError('NOTION_NOT_CONNECTED')
  }
}

function isEnding({ expiresAt, refreshToken }: SealedToken): boolean {
  return refreshToken !== null && expiresAt !== null && expiresAt.getTime() - Date.now() < AHEAD_MS
}

/** A token that is not over yet is good enough when its refresh has to wait. */
async function refreshAhead(context: AppContext, connectionId: number, token: SealedToken): Promise<Renewal> {
  try {
    return await renewToken(context, { connectionId, token, refused: false })
  } catch (cause) {
    const isOver = token.expiresAt !== null && token.expiresAt.getTime() <= Date.now()
    if (isOver || !(cause instanceof NotionError && cause.kind === 'unavailable')) throw cause
    context.log.warn({ event: 'refresh.put_off', connectionId, ...describeError(cause) })
    return { token, how: 'adopted' }
  }
}

async function open(
  context: AppContext,
  connectionId: number,
  token: SealedToken,
  priority: GatePriority,
  signal: AbortSignal | undefined,
): Promise<NotionAccess> {
  const gate = gateFor(context, connectionId)
  const plain = await openAccessToken(context, token)
  const clientFor = (place: GatePriority) =>
    createNotionClient({
      token: plain,
      apiUrl: context.environment.NOTION_API_URL,
      gate,
      priority: place,
      ...(signal && { signal }),
      log: (level, message, details) => context.log[level]({ event: 'notion.sdk', message, ...details }),
    })
  return { client: clientFor(priority), clientFor, gate }
}
