import type { SessionReply } from '#shared/schemas/session'
import { SignInBodySchema } from '#shared/schemas/session'
import { signIn } from '#server/session/session'

/** Sign in with a password. */
export default definePublicApiHandler<SessionReply>(
  async (event, { context }) => {
    const body = await readBodyAs(event, SignInBodySchema)
    await context.takeFromBudget('auth', body.email.toLowerCase())
    return { user: await signIn(sessionDb(event), body) }
  },
  { limit: 'auth' },
)
