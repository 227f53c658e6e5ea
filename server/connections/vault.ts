import type { AppContext } from '#server/context'
import type { SealedToken } from '#server/db/connections'
import { findSealedToken, markNeedsReauthorization } from '#server/db/connections'
import { AppError } from '#server/errors/app-error'
import { createNotionClient } from '#server/notion/client'
import { NotionError } from '#server/notion/errors'
import type { Gate, GatePriority } from '#server/notion/gate'
import { gateFor } from '#server/notion/gate'
import type { Client } from '@notionhq/client'

export interface NotionAccess {
  client: Client
  gate: Gate
}

/**
 * The only way to a stored token: `work` gets a client that can use it, never the token itself.
 * A token that Notion refuses is taken out of use at once.
 *
 * @param priority `interactive` when a person waits for the answer
 * @throws {AppError} NOTION_NOT_CONNECTED, or NOTION_TOKEN_INVALID when the person has to reconnect
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
  const sealed = await findSealedToken(context.db, connectionId)
  if (!sealed) throw new AppError('NOTION_NOT_CONNECTED')
  if (sealed.status !== 'connected') throw new AppError('NOTION_TOKEN_INVALID')
  try {
    return await work(await open(context, connectionId, sealed, priority, signal))
  } catch (error) {
    if (error instanceof NotionError && error.kind === 'token_invalid') {
      await markNeedsReauthorization(context.db, connectionId, sealed)
    }
    throw error
  }
}

async function open(
  context: AppContext,
  connectionId: number,
  sealed: SealedToken,
  priority: GatePriority,
  signal: AbortSignal | undefined,
): Promise<NotionAccess> {
  const token = await context.cipher.decrypt(sealed.accessToken, {
    userId: sealed.userId,
    workspaceId: sealed.workspaceId,
    purpose: 'access',
  })
  const gate = gateFor(String(connectionId))
  const client = createNotionClient({
    token,
    apiUrl: context.environment.NOTION_API_URL,
    gate,
    priority,
    ...(signal && { signal }),
    log: (level, message, details) => context.log[level]({ event: 'notion.sdk', message, ...details }),
  })
  return { client, gate }
}
