import { z } from 'zod'
import { StartQuerySchema } from '#shared/schemas/connection'
import { safeLocalPath } from '#shared/navigation/safe-local-path'
import { startConnecting } from '#server/connections/start'

/** Begin connecting: the state is stored, then the browser goes to the provider's consent page. */
export default defineApiHandler(
  async (event, { user, context }) => {
    const { provider } = paramsAs(event, z.strictObject({ provider: z.string().max(50) }))
    const { returnTo } = queryAs(event, StartQuerySchema)
    const url = await startConnecting(context, {
      provider,
      userId: user.id,
      browserSecret: bindBrowser(event),
      returnTo: safeLocalPath(returnTo, '/databases'),
    })
    return sendRedirect(event, url, 302)
  },
  { limit: 'connect' },
)
