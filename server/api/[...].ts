import { AppError } from '#server/errors/app-error'

/** Whatever else is asked for below /api does not exist, and says so in our own words. */
export default definePublicApiHandler(async () => {
  throw new AppError('NOT_FOUND')
})
