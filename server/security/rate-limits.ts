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
  // Cookies that only Supabase can tell about, and that turn out to be nobody's session (server/session/session-guard.ts).
  session: { points: 60, duration: 5 * MINUTE_SECONDS },
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
  // Up to 500 to-dos each, which are paid for one by one: everything that fits into an account, twice and more.
  bulk: { points: 120, duration: MINUTE_SECONDS },
  changes: { points: 50_000, duration: MINUTE_SECONDS },
  // Everything somebody has, when the browser has nothing yet. What only changed is asked for as often as it changes.
  snapshot: { points: 60, duration: MINUTE_SECONDS },
  // All that is stored about somebody, read at once.
  'account-export': { points: 5, duration: 10 * MINUTE_SECONDS },
} as const satisfies Record<string, { points: number; duration: number }>

export type LimitClass = keyof typeof LIMITS

/**
 * Takes from a budget, or gives back to it: 1, unless the cost is said.
 *
 * @throws {AppError} TOO_MANY_REQUESTS with the time until it is full again
 */
export type RateLimits = (limit: LimitClass, who: string, cost?: number) => Promise<void>

/** Budgets in PostgreSQL, shared by all instances; in memory while it cannot be reached. */
export function createRateLimits(pool: Pool): { take: RateLimits; giveBack: RateLimits } {
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
  return {
    take: async (limit, who, cost = 1) => {
      try {
        await limiters.get(limit)?.consume(keyOf(who), cost)
      } catch (cause) {
        if (!(cause instanceof RateLimiterRes)) throw cause
        throw new AppError('TOO_MANY_REQUESTS', { retryAfterMs: cause.msBeforeNext })
      }
    },
    giveBack: async (limit, who, cost = 1) => {
      await limiters.get(limit)?.reward(keyOf(who), cost)
    },
  }
}

/** The table shows nobody's address. */
function keyOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url')
}
