import type { AppContext } from '#server/context'
import type { AppError } from '#server/errors/app-error'
import { invalidField } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { createNotionClient } from '#server/notion/client'
import { NotionError } from '#server/notion/errors'
import { createGate } from '#server/notion/gate'
import type { OwnBot } from '#server/notion/own-bot'
import { readOwnBot } from '#server/notion/own-bot'
import type { Settled } from './settle'
import { settle } from './settle'
import { link } from './user-token'

/** Somebody looks at the form meanwhile. */
const DEADLINE_MS = 10_000

/**
 * Connects a workspace with a token that the person pasted: that of an internal connection, or a personal
 * access token. Notion is asked whose it is before anything is stored.
 *
 * @throws {AppError} INVALID_REQUEST naming `token`: `refused` by Notion, or `no_workspace` behind it;
 * NOTION_UNAVAILABLE and the like when Notion cannot tell now
 * @throws {DatabaseError}
 */
export async function connectWithToken(
  context: AppContext,
  request: { userId: string; token: string },
): Promise<Settled> {
  const { userId, token: accessToken } = request
  const bot = await identify(context, accessToken)
  if (!bot) throw invalidField('token', 'no_workspace')
  const connectionId = await link(
    context,
    userId,
    {
      accessToken,
      refreshToken: null,
      tokenType: 'bearer',
      botId: bot.botId,
      workspaceId: bot.workspaceId,
      workspaceName: bot.workspaceName,
      workspaceIcon: null,
      requestId: null,
      owner: bot.owner,
      duplicatedTemplateId: null,
      expiresIn: null,
      warnings: [],
    },
    { kind: bot.ownerType === 'workspace' ? 'internal' : 'personal', provider: 'notion' },
  )
  return settle(context, userId, connectionId)
}

async function identify(context: AppContext, token: string): Promise<OwnBot | null> {
  const client = createNotionClient({
    token,
    apiUrl: context.environment.NOTION_API_URL,
    // It has no connection yet whose budget it could use.
    gate: createGate({ deadlineMs: { interactive: DEADLINE_MS, background: DEADLINE_MS } }),
    priority: 'interactive',
  })
  try {
    return await readOwnBot(client)
  } catch (cause) {
    context.log.warn({ event: 'connect.token_not_taken', ...describeError(cause) })
    throw cause instanceof NotionError ? refusalOf(cause) : cause
  }
}

function refusalOf(cause: NotionError): AppError {
  switch (cause.kind) {
    case 'token_invalid':
    case 'access_denied':
    case 'invalid_request':
    case 'not_found':
      return invalidField('token', 'refused')
    case 'aborted':
    case 'api_error':
    case 'blocked':
    case 'conflict':
    case 'invalid_reply':
    case 'oauth_refused':
    case 'plan_limit':
    case 'rate_limited':
    case 'unavailable':
      return toAppError(cause)
  }
}
