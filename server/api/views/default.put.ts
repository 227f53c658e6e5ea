import { DefaultViewBodySchema } from '#shared/schemas/view'
import { setDefaultView } from '#server/db/saved-views'
import { AppError } from '#server/errors/app-error'

/** Begin with this view from now on, or with none. */
export default defineApiHandler(async (event, { user, context }) => {
  const { id } = await readBodyAs(event, DefaultViewBodySchema)
  if (!(await setDefaultView(context.db, user.id, id))) throw new AppError('NOT_FOUND')
  setResponseStatus(event, 204)
  return null
})
