import type { Db } from '#server/db/client'
import { createServiceDb } from '#server/db/client'
import type { Sql } from '#server/db/pool'
import { createPool } from '#server/db/pool'
import type { Environment } from '#server/environment'
import { environment } from '#server/environment'
import type { Logger } from '#server/logging/logger'
import { describeError, logger } from '#server/logging/logger'
import type { OAuthProvider } from '#server/connections/providers/provider'
import { createProviders } from '#server/connections/providers'
import type { RateLimits } from '#server/security/rate-limits'
import { createRateLimits } from '#server/security/rate-limits'
import type { TokenCipher } from '#server/security/token-cipher'
import { createTokenCipher } from '#server/security/token-cipher'
import type { JobSender } from '#server/jobs/queues'
import { sendJob } from '#server/jobs/boss'

/** What services work with. Made once per process; tests hand in their own. */
export interface AppContext {
  environment: Environment
  /** Passes row level security: only code that names the owner in every query may use it. */
  db: Db
  /** Straight to PostgreSQL, for what belongs to the installation and for sessions. */
  sql: Sql
  takeFromBudget: RateLimits
  giveBackToBudget: RateLimits
  /** By the name that stands in their URLs. */
  providers: ReadonlyMap<string, OAuthProvider>
  cipher: TokenCipher
  log: Logger
  sendJob: JobSender
}

let current: AppContext | undefined

/** The process's context. @throws {EnvironmentError} when the settings do not allow a start */
export function appContext(): AppContext {
  current ??= createAppContext(environment())
  return current
}

function createAppContext(settings: Environment): AppContext {
  const pool = createPool(settings.DATABASE_URL, (error) => {
    logger.warn({ event: 'database.connection_lost', ...describeError(error) })
  })
  const budgets = createRateLimits(pool)
  return {
    environment: settings,
    db: createServiceDb(settings.SUPABASE_URL, settings.SUPABASE_SECRET_KEY),
    sql: pool,
    takeFromBudget: budgets.take,
    giveBackToBudget: budgets.giveBack,
    providers: createProviders(settings),
    cipher: createTokenCipher(settings.CREDENTIAL_ENCRYPTION_KEY, settings.CREDENTIAL_ENCRYPTION_KEYS_OLD),
    log: logger,
    sendJob,
  }
}
