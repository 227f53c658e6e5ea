import { MirrorEndQuerySchema, MirrorParamsSchema } from '#shared/schemas/mirror'
import { endMirror } from '#server/mirror/manage'

/** Stop mirroring. The database in Notion is kept or put into the trash there, as asked. */
export default defineApiHandler(async (event, { user, context }) => {
  const { id } = paramsAs(event, MirrorParamsSchema)
  const { database } = queryAs(event, MirrorEndQuerySchema)
  await endMirror(context, user.id, id, database)
  setResponseStatus(event, 204)
  return null
})
