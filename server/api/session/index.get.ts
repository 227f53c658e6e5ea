import type { SessionReply } from '#shared/schemas/session'

/** Who is signed in, if anybody. */
export default definePublicApiHandler<SessionReply>(async (event) => ({ user: await sessionUser(event) }))
