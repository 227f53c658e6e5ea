import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#server/errors/app-error'

const MINUTE_SECONDS = 60

/**
 * How much of what somebody may ask for, per person (or, before they are signed in, per address).
 * Reading is generous: an open page polls. Whatever sends mails, guesses secrets or calls Notion is not.
 */
const LIMITS = {
  default: { points: 600, duration: MINUTE_SECONDS },
  auth: { points: 30, duration: 5 * MINUTE_SECONDS },
  connect: { points: 60, duration: 10 * MINUTE_SECONDS },
  search: { points: 60, duration: MINUTE_SECONDS },
  sync: { points: 30, duration: MINUTE_SECONDS },
  // Notion sends from few addresses for everybody; what is refused comes again, and later.
  webhook: { points: 6_000, duration: MINUTE_SECONDS },
  // Everything somebody has, read and written at once.
  export: { points: 120, duration: MINUTE_SECONDS },
  // Calendars ask from few addresses for many people, so each feed has a budget of its own besides.
  'feed-address': { points: 1_200, duration: MINUTE_SECONDS },
  feed: { points: 30, duration: 5 * MINUTE_SECONDS },
  tick: { points: 1_200, duration: MINUTE_SECONDS },
  // Up to 500 to-dos each.
  bulk: { points: 120, duration: MINUTE_SECONDS },
} as const satisfies Record<string, { points: number; duration: number }>

export type LimitClass = keyof typeof LIMITS

/** Takes one from a budget. @throws {AppError} TOO_MANY_REQUESTS with the time until it is full again */
export type RateLimits = (limit: LimitClass, who: string) => Promise<void>

/** Budgets in PostgreSQL, shared by all instances; in memory while it cannot be reached. */
export function createRateLimits(pool: Pool): RateLimits {
  const limiters = new Map(
    Object.entries(LIMITS).map(([name, { points, duration }]) => [
      name,
      new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        schemaName: 'roundup_internal',
        tableName: 'rate_limit',
        tableCreated: true,
        clearExpiredByTimeout: true,
        keyPrefix: name,
        points,
        duration,
        // A budget that is used up is refused without asking again.
        inMemoryBlockOnConsumed: points + 1,
        insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration }),
      }),
    ]),
  )
  return async (limit, who) => {
    try {
      await limiters.get(limit)?.consume(createHash('sha256').update(who).digest('base64url'))
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause
      throw new AppError('TOO_MANY_REQUESTS', { retryAfterMs: cause.msBeforeNext })
    }
  }
}
