import type { Db } from '#server/db/client'
import { createServiceDb } from '#server/db/client'
import type { Environment } from '#server/environment'
import { environment } from '#server/environment'
import type { Logger } from '#server/logging/logger'
import { logger } from '#server/logging/logger'
import type { TokenCipher } from '#server/security/token-cipher'
import { createTokenCipher } from '#server/security/token-cipher'
import type { JobSender } from '#server/jobs/queues'
import { sendJob } from '#server/jobs/boss'

/** What services work with. Made once per process; tests hand in their own. */
export interface AppContext {
  environment: Environment
  /** Passes row level security: only code that names the owner in every query may use it. */
  db: Db
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
  return {
    environment: settings,
    db: createServiceDb(settings.SUPABASE_URL, settings.SUPABASE_SECRET_KEY),
    cipher: createTokenCipher(settings.CREDENTIAL_ENCRYPTION_KEY, settings.CREDENTIAL_ENCRYPTION_KEYS_OLD),
    log: logger,
    sendJob,
  }
}
