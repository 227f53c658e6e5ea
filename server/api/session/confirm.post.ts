import type { SessionReply } from '#shared/schemas/session'
import { ConfirmBodySchema } from '#shared/schemas/session'
import { confirm } from '#server/session/session'

/** Sign in with what a mail carried. */
export default definePublicApiHandler<SessionReply>(
  async (event, { context }) => {
    const body = await readBodyAs(event, ConfirmBodySchema)
    // Six digits can be guessed, from many addresses at once if need be.
    if ('otp' in body) await context.takeFromBudget('auth', body.email.toLowerCase())
    return { user: await confirm(sessionDb(event), body) }
  },
  { limit: 'auth' },
)
