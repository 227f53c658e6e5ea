import type { MirrorsReply } from '#shared/schemas/mirror'
import { listMirrors } from '#server/db/mirrors'

/** The lists of this person that are mirrored into Notion. */
export default defineApiHandler<MirrorsReply>(async (event, { user, context }) => ({
  mirrors: await listMirrors(context.db, user.id),
}))
