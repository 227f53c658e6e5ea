import type { SessionReply } from '#shared/schemas/session'
import { ConfirmBodySchema } from '#shared/schemas/session'
import { confirm } from '#server/session/session'

/** Sign in with what a mail carried. */
export default definePublicApiHandler<SessionReply>(
  async (event) => {
    const body = await readBodyAs(event, ConfirmBodySchema)
    return { user: await confirm(sessionDb(event), body) }
  },
  { limit: 'auth' },
)
