import type { Client } from '@notionhq/client'
import type { ErrorCode } from '#shared/schemas/error'
import type { AppContext } from '#server/context'
import { withConnection } from '#server/connections/vault'
import type { ClaimedTick } from '#server/db/todo-changes'
import { claimTicks, finishTick } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import { setBlockChecked, setRowDone } from '#server/notion/write'

const BATCH_SIZE = 10
/** After this many tries the person is told and may try again themselves. */
const MAX_ATTEMPTS = 6
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Sends the unsent ticks of a connection, oldest first. Each write sets a value, so one that was cut off
 * half-way is simply sent again.
 *
 * @returns milliseconds until it makes sense to go on, or null when nothing is left
 * @throws {DatabaseError}
 */
export async function writeTicks(
  context: AppContext,
  connectionId: number,
  signal: AbortSignal,
): Promise<number | null> {
  for (;;) {
    const ticks = await claimTicks(context.db, connectionId, BATCH_SIZE)
    if (ticks.length === 0) return null
    const pauses = await sendAll(context, connectionId, ticks, signal)
    const longest = Math.max(0, ...pauses)
    if (longest > 0) return longest
  }
}

async function sendAll(
  context: AppContext,
  connectionId: number,
  ticks: ClaimedTick[],
  signal: AbortSignal,
): Promise<number[]> {
  return Promise.all(
    ticks.map(async (tick) => {
      try {
        await withConnection(context, connectionId, 'interactive', ({ client }) => send(client, tick), signal)
        await finishTick(context.db, tick, { state: 'saved' })
        return 0
      } catch (cause) {
        return handleFailure(context, tick, cause)
      }
    }),
  )
}

async function send(client: Client, tick: ClaimedTick): Promise<void> {
  switch (tick.kind) {
    case 'block':
      await setBlockChecked(client, tick.notionId, tick.checked)
      return
    case 'row':
      // The database's choice of a done property may have been taken back meanwhile.
      if (!tick.doneProperty) throw new AppError('CONFLICT')
      await setRowDone(client, tick.notionId, tick.doneProperty, tick.checked)
  }
}

/** @returns milliseconds to wait before the next attempt, 0 when this tick is settled */
async function handleFailure(context: AppContext, tick: ClaimedTick, cause: unknown): Promise<number> {
  const code = failureCode(cause)
  context.log.warn({ event: 'tick.failed', changeId: tick.changeId, code, ...describeError(cause) })
  if (isPassing(cause) && tick.attempts < MAX_ATTEMPTS) {
    await finishTick(context.db, tick, { state: 'pending' })
    const askedMs = cause instanceof NotionError ? (cause.retryAfterMs ?? 0) : 0
    return Math.max(askedMs, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tick.attempts - 1)))
  }
  await finishTick(context.db, tick, { state: 'failed', code })
  return 0
}

function isPassing(cause: unknown): boolean {
  if (!(cause instanceof NotionError)) return false
  switch (cause.kind) {
    case 'rate_limited':
    case 'unavailable':
    case 'conflict':
    case 'aborted':
      return true
    case 'token_invalid':
    case 'access_denied':
    case 'not_found':
    case 'invalid_request':
    case 'api_error':
    case 'blocked':
    case 'oauth_refused':
    case 'invalid_reply':
      return false
  }
}

function failureCode(cause: unknown): ErrorCode {
  return toAppError(cause).code
}
