import { AppError } from '#server/errors/app-error'

/**
 * Whatever else is asked for below /api does not exist, and says so in our own words. A path that is nearly a feed's
 * would bring its token into the log.
 */
export default definePublicApiHandler(
  async () => {
    throw new AppError('NOT_FOUND')
  },
  { loggedPath: '/api/[...]' },
)
