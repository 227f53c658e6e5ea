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
    // Without a body: the page that h3 would write repeats the address, and with it the state.
    setResponseHeader(event, 'location', url)
    setResponseStatus(event, 302)
    return null
  },
  { limit: 'connect' },
)
