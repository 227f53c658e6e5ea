import type { MailReply } from '#shared/schemas/session'
import { MailBodySchema } from '#shared/schemas/session'
import { confirmUrl } from '#server/session/mail-links'
import { sendMagicLink } from '#server/session/session'

/** Send a mail to sign in with. */
export default definePublicApiHandler<MailReply>(
  async (event, { context }) => {
    const body = await readBodyAs(event, MailBodySchema)
    await context.takeFromBudget('auth', body.email.toLowerCase())
    await sendMagicLink(sessionDb(event), body.email, confirmUrl(context.environment.BASE_URL, body.next))
    return { outcome: 'sent' }
  },
  { limit: 'auth' },
)
