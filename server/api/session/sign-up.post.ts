import type { SignUpReply } from '#shared/schemas/session'
import { SignUpBodySchema } from '#shared/schemas/session'
import { confirmUrl } from '#server/session/mail-links'
import { signUp } from '#server/session/session'

/** Make an account. */
export default definePublicApiHandler<SignUpReply>(
  async (event, { context }) => {
    const body = await readBodyAs(event, SignUpBodySchema)
    return signUp(sessionDb(event), body, confirmUrl(context.environment.BASE_URL, body.next))
  },
  { limit: 'auth' },
)
