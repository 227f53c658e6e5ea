import type { AppContext } from '#server/context'
import { listConnectionsToProbe, recordProbe } from '#server/db/connection-health'
import { AppError } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import { readOwnBot } from '#server/notion/own-bot'
import { withConnection } from './vault'

const ROUND_MAX = 1_000
/** The probes of one round are spread over so many milliseconds: Notion need not feel the full hour. */
const SPREAD_MS = 10 * 60_000

/**
 * Has every connection asked after that nobody has for six hours, and those that wait for a refresh.
 *
 * @param random from 0 up to 1
 * @throws {DatabaseError}
 */
export async function startProbes(context: AppContext, random: () => number = Math.random): Promise<void> {
  for (const connectionId of await listConnectionsToProbe(context.db, ROUND_MAX)) {
    const startAfterMs = Math.floor(random() * SPREAD_MS)
    await context.sendJob('probe-connection', { connectionId }, { key: String(connectionId), startAfterMs })
  }
}

/**
 * Asks Notion whether a connection's token still works, refreshing it where that helps, and writes down the
 * answer for its owner.
 *
 * @throws {NotionError} `aborted` only
 * @throws {DatabaseError}
 */
export async function probeConnection(
  context: AppContext,
  connectionId: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withConnection(context, connectionId, 'background', ({ client }) => readOwnBot(client), signal)
    await recordProbe(context.db, connectionId, null)
  } catch (cause) {
    if (cause instanceof NotionError && cause.kind === 'aborted') throw cause
    // It ended meanwhile: there is nobody to tell.
    if (cause instanceof AppError && cause.code === 'NOTION_NOT_CONNECTED') return
    context.log.warn({ event: 'probe.failed', connectionId, ...describeError(cause) })
    await recordProbe(context.db, connectionId, toAppError(cause).code)
  }
}
