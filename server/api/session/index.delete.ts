import { signOut } from '#server/session/session'

/** Sign out. Answers the same when nobody was signed in. */
export default definePublicApiHandler(async (event) => {
  await signOut(signingOutDb(event))
  forgetSessionUser(event)
  setResponseHeader(event, 'clear-site-data', '"cache", "storage"')
  setResponseStatus(event, 204)
  return null
})
