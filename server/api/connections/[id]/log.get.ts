import type { ConnectionLogReply } from '#shared/schemas/connection'
import { ConnectionParamsSchema } from '#shared/schemas/connection'
import { readConnectionLog } from '#server/connections/log'

/** What happened to one of this person's connections, newest first. */
export default defineApiHandler<ConnectionLogReply>(async (event, { user }) => {
  const { id } = paramsAs(event, ConnectionParamsSchema)
  return { entries: await readConnectionLog(sessionDb(event), user.id, id) }
})
