import { ViewParamsSchema } from '#shared/schemas/view'
import { deleteSavedView } from '#server/db/saved-views'
import { AppError } from '#server/errors/app-error'

/** Delete a view, and the calendar feeds that show it. */
export default defineApiHandler(async (event, { user, context }) => {
  const { id } = paramsAs(event, ViewParamsSchema)
  if (!(await deleteSavedView(context.db, user.id, id))) throw new AppError('NOT_FOUND')
  setResponseStatus(event, 204)
  return null
})
