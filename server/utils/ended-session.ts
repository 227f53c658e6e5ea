import type { H3Event } from 'h3'
import { deleteCookie, getCookie, parseCookies } from 'h3'
import { signedOutMark } from '#shared/session/signed-out-mark'
import { appContext } from '#server/context'
import { signOut } from '#server/session/session'
import { sessionCookieName, signingOutDb } from './session'

/**
 * Ends the session of somebody who signed out while we could not be told (`signedOutMark`), before anything of theirs is
 * answered: in the browser in any case, at Supabase if that can be reached. The request goes on as nobody's.
 */
export async function endMarkedSession(event: H3Event): Promise<void> {
  const isSecure = appContext().environment.BASE_URL.startsWith('https:')
  const mark = signedOutMark(isSecure)
  // A request within a request is nobody's already.
  if (getCookie(event, mark) === undefined || event.context.sessionUser) return
  event.context.sessionUser = Promise.resolve(null)
  await signOut(signingOutDb(event)).catch(() => undefined)
  const session = sessionCookieName()
  const options = { path: '/', secure: isSecure }
  for (const name of Object.keys(parseCookies(event)))
    if (name === mark || name === session || name.startsWith(`${session}.`))
      deleteCookie(event, name, options)
}
