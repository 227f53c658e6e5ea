import { meterReader } from '#server/gate/meter'
import { SnapshotQuerySchema } from '#shared/schemas/snapshot'
import { snapshotJson } from '#server/todos/snapshot'

/** All to-dos of the session's person in the fewest bytes, or what changed since (`SnapshotReply`). */
export default defineApiHandler<Buffer>(async (event, { user, context }) => {
  const { cursor } = queryAs(event, SnapshotQuerySchema)
  const db = { service: context.db, user: sessionDb(event) }
  // Whether a cursor still holds is known only afterwards.
  await context.takeFromBudget('snapshot', user.id)
  const { json, isWhole } = await snapshotJson(db, { userId: user.id, cursor }, meterReader(context.sql))
  if (!isWhole) await context.giveBackToBudget('snapshot', user.id)
  return compressedJson(event, json)
})
