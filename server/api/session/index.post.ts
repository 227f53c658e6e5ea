import type { SessionReply } from '#shared/schemas/session'
import { SignInBodySchema } from '#shared/schemas/session'
import { signIn } from '#server/session/session'

/** Sign in with a password. */
export default definePublicApiHandler<SessionReply>(async (event) => {
  const body = await readBodyAs(event, SignInBodySchema)
  return { user: await signIn(sessionDb(event), body) }
})
