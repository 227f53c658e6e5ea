import { DeleteAccountBodySchema } from '#shared/schemas/account'
import { deleteAccount } from '#server/account/delete'
import { signOut } from '#server/session/session'

/** Forget the person who asks, and everything of theirs. */
export default defineApiHandler(async (event, { user, context }) => {
  const { email } = await readBodyAs(event, DeleteAccountBodySchema)
  await deleteAccount(context, user, email)
  await signOut(sessionDb(event))
  forgetSessionUser(event)
  setResponseHeader(event, 'clear-site-data', '"cache", "storage"')
  setResponseStatus(event, 204)
  return null
})
