import { readChangeSeq } from '#server/db/todos'
import { AppError } from '#server/errors/app-error'
import { liveHub } from '#server/live'
import { serveEvents } from '#server/live/stream'

/** Server-sent events: something changed, ask for it; a reading got on. */
export default defineApiHandler(async (event, { user, context }) => {
  const db = sessionDb(event)
  const { data } = await db.auth.getClaims()
  const opened = await serveEvents(event.node.res, liveHub(context), {
    userId: user.id,
    sessionId: data?.claims.session_id ?? null,
    endsAt: (data?.claims.exp ?? 0) * 1_000,
    readSeq: () => readChangeSeq(db, user.id),
  })
  if (!opened) throw new AppError('TOO_MANY_REQUESTS', { retryAfterMs: 60_000 })
})
