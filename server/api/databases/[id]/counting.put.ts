import type { CountingReply } from '#shared/schemas/database'
import { CountingBodySchema, DatabaseParamsSchema } from '#shared/schemas/database'
import { chooseCounting } from '#server/connections/counting'

/** Say what counts as a to-do in a database; where a list reads it, it is read anew at once. */
export default defineApiHandler<CountingReply>(async (event, { user, context }) => {
  const { id: dataSourceId } = paramsAs(event, DatabaseParamsSchema)
  const choice = await readBodyAs(event, CountingBodySchema)
  return chooseCounting(context, sessionDb(event), { userId: user.id, dataSourceId, choice })
})
