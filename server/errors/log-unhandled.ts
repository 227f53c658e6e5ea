import type { H3Error, H3Event } from 'h3'
import { describeError, logger } from '#server/logging/logger'

/**
 * Stands before Nuxt's error handler (nuxt.config.ts): what failed while a page was made is a line of our log.
 * Nitro would print it with the whole address, and the query of /connect-notion and /confirm carries codes.
 */
export default function logUnhandled(error: H3Error, event: H3Event): void {
  if (!error.unhandled && !error.fatal && error.statusCode < 500) return
  // Which page it was; what follows may be somebody's.
  const path = `/${event.path.split(/[/?]/)[1]}`
  logger.error({ event: 'page.failed', method: event.method, path, ...describeError(error) })
  // Nitro prints only what it takes for unhandled. Of anything else it shows the message, so that has to say nothing.
  error.unhandled = false
  error.fatal = false
  error.message = 'Server Error'
}
