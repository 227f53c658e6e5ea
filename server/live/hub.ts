import type { Sql } from '#server/db/pool'
import { listLiveSessions } from '#server/db/sessions'
import { describeError, logger } from '#server/logging/logger'
import type { Listener } from './listener'

/** What a browser is told. Never content: it asks for that itself, so nothing can diverge. */
export type LiveEvent = { type: 'change'; seq: number } | { type: 'progress' }

/** One open stream. */
export interface Subscriber {
  userId: string
  /** Null when the session has no id that could be looked up. */
  sessionId: string | null
  send: (event: LiveEvent) => void
  close: () => void
}

export interface LiveHub {
  /** @returns what ends it; null when this person has too many streams open here */
  subscribe: (subscriber: Subscriber) => (() => void) | null
  stop: () => void
}

/** The channels of announce_change and announce_progress. */
const CHANGE = 'roundup_change'
const PROGRESS = 'roundup_progress'
const STREAMS_PER_USER = 12
/** A long reading changes something many times a second; a browser needs to know a few times. */
const QUIET_MS = 200
const SESSIONS_INTERVAL_MS = 10_000

/**
 * Fans what PostgreSQL announces out to this instance's open streams: one database connection, however many
 * browsers. Streams of sessions that have ended are closed.
 *
 * @param listen starts listening on channels, and answers what ends it
 */
export function createLiveHub(
  sql: Sql,
  listen: (channels: readonly string[], listener: Listener) => () => void,
): LiveHub {
  const byUser = new Map<string, Set<Subscriber>>()
  const pending = new Map<string, Map<LiveEvent['type'], LiveEvent | null>>()

  const all = (): Subscriber[] => [...byUser.values()].flatMap((streams) => [...streams])
  const tell = (userId: string, event: LiveEvent): void => {
    for (const stream of byUser.get(userId) ?? []) stream.send(event)
  }

  /** The first goes out at once; of those that follow shortly, the last. */
  function poke(userId: string, event: LiveEvent): void {
    if (!byUser.has(userId)) return
    const quiet = pending.get(userId) ?? new Map<LiveEvent['type'], LiveEvent | null>()
    pending.set(userId, quiet)
    if (quiet.has(event.type)) {
      quiet.set(event.type, event)
      return
    }
    quiet.set(event.type, null)
    tell(userId, event)
    setTimeout(() => {
      const last = quiet.get(event.type)
      quiet.delete(event.type)
      if (quiet.size === 0) pending.delete(userId)
      if (last) poke(userId, last)
    }, QUIET_MS).unref()
  }

  const stopListening = listen([CHANGE, PROGRESS], {
    onMessage: (channel, payload) => {
      const [userId = '', seq = ''] = payload.split(' ')
      if (channel === CHANGE) poke(userId, { type: 'change', seq: Number(seq) })
      else poke(userId, { type: 'progress' })
    },
    // Streams begin with the present count, so opening them again tells what was missed.
    onGap: () => all().forEach((stream) => stream.close()),
  })

  async function closeEnded(): Promise<void> {
    const streams = all().filter(({ sessionId }) => sessionId !== null)
    if (streams.length === 0) return
    const live = await listLiveSessions(sql, [...new Set(streams.map(({ sessionId }) => sessionId ?? ''))])
    for (const stream of streams) if (live && !live.has(stream.sessionId ?? '')) stream.close()
  }

  const timer = setInterval(() => {
    closeEnded().catch((error: unknown) => {
      logger.warn({ event: 'live.sessions_unknown', ...describeError(error) })
    })
  }, SESSIONS_INTERVAL_MS)
  timer.unref()

  return {
    subscribe: (subscriber) => {
      const streams = byUser.get(subscriber.userId) ?? new Set()
      if (streams.size >= STREAMS_PER_USER) return null
      streams.add(subscriber)
      byUser.set(subscriber.userId, streams)
      return () => {
        streams.delete(subscriber)
        if (streams.size === 0) byUser.delete(subscriber.userId)
      }
    },
    stop: () => {
      clearInterval(timer)
      stopListening()
      all().forEach((stream) => stream.close())
    },
  }
}
