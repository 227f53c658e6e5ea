import { NewPasswordBodySchema } from '#shared/schemas/session'
import { setPassword } from '#server/session/session'

/** Set a new password for the signed-in person. */
export default defineApiHandler(
  async (event) => {
    const { password } = await readBodyAs(event, NewPasswordBodySchema)
    await setPassword(sessionDb(event), password)
    setResponseStatus(event, 204)
    return null
  },
  { limit: 'auth' },
)
