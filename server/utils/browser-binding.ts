import type { H3Event } from 'h3'
import { getCookie, setCookie } from 'h3'
import { appContext } from '#server/context'
import { createSecret, isSecret } from '#server/connections/oauth-state'
import { ownCookie } from './own-cookie'

const COOKIE = 'roundup-connect'
const MAX_AGE_SECONDS = 60 * 60

/** What ties a connect attempt to this browser. */
export function browserSecret(event: H3Event): string | undefined {
  return getCookie(event, connectCookie().name)
}

/** The same, made when there is none yet. One serves several tabs: each attempt has its own state. */
export function bindBrowser(event: H3Event): string {
  const known = browserSecret(event)
  const secret = isSecret(known) ? known : createSecret()
  const { name, options } = connectCookie()
  // Only our own page ever sends it, after Notion has sent the browser back.
  setCookie(event, name, secret, { ...options, sameSite: 'strict', maxAge: MAX_AGE_SECONDS })
  return secret
}

function connectCookie() {
  return ownCookie(COOKIE, appContext().environment.BASE_URL)
}
