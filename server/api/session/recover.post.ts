import type { MailReply } from '#shared/schemas/session'
import { MailBodySchema } from '#shared/schemas/session'
import { recoveryUrl } from '#server/session/mail-links'
import { sendRecovery } from '#server/session/session'

/** Send a mail to set a new password with. */
export default definePublicApiHandler<MailReply>(
  async (event, { context }) => {
    const body = await readBodyAs(event, MailBodySchema)
    await context.takeFromBudget('auth', body.email.toLowerCase())
    await sendRecovery(sessionDb(event), body.email, recoveryUrl(context.environment.BASE_URL))
    return { outcome: 'sent' }
  },
  { limit: 'auth' },
)
