import type { ClaimedTick, TickOutcome } from '#server/db/todo-changes'
import { toAppError } from '#server/errors/to-app-error'
import { NotionError } from '#server/notion/errors'

/** After so many faults of its own the person is told and may try again themselves. */
const FAULTS_MAX = 6
/** An outage is sat out this long. */
const OUTAGE_MAX_MS = 24 * 60 * 60_000
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 5 * 60_000

/**
 * What becomes of a change whose attempt failed: what passes is tried again later, after growing pauses; the
 * rest is shown to the person with its reason.
 *
 * @param now epoch milliseconds
 */
export function afterFailure(
  tick: Pick<ClaimedTick, 'faults' | 'recordedAt'>,
  cause: unknown,
  now: number,
): TickOutcome {
  const { code } = toAppError(cause)
  const failed: TickOutcome = { state: 'failed', code }
  if (!(cause instanceof NotionError)) return failed
  const askedMs = cause.retryAfterMs ?? 0
  const growingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tick.faults)
  const isOutOfPatience = now - tick.recordedAt.getTime() > OUTAGE_MAX_MS
  switch (cause.kind) {
    case 'aborted':
      // We are being stopped: whoever starts next goes on.
      return { state: 'pending' }
    case 'rate_limited':
      return isOutOfPatience ? failed : { state: 'pending', code, pauseMs: Math.max(askedMs, FIRST_PAUSE_MS) }
    case 'unavailable':
      if (isOutOfPatience) return failed
      return { state: 'pending', code, isFault: true, pauseMs: Math.max(askedMs, growingMs) }
    case 'conflict':
    case 'api_error':
    case 'invalid_reply':
      if (tick.faults + 1 >= FAULTS_MAX) return failed
      return { state: 'pending', code, isFault: true, pauseMs: growingMs }
    case 'token_invalid':
    case 'access_denied':
    case 'not_found':
    case 'invalid_request':
    case 'blocked':
    case 'plan_limit':
    case 'oauth_refused':
      return failed
  }
}
