import type { CountingReply } from '#shared/schemas/database'
import { DatabaseParamsSchema } from '#shared/schemas/database'
import { readCounting } from '#server/connections/counting'

/** What counts as a to-do in a database, and what could. */
export default defineApiHandler<CountingReply>(async (event, { user }) => {
  const { id } = paramsAs(event, DatabaseParamsSchema)
  return readCounting(sessionDb(event), user.id, id)
})
