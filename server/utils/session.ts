import { createServerClient, parseCookieHeader } from '@supabase/ssr'
import type { H3Event } from 'h3'
import { getRequestHeader, setCookie, setResponseHeaders } from 'h3'
import type { Database } from '#shared/types/database.types'
import { SessionUserSchema } from '#shared/schemas/session'
import type { SessionUser } from '#shared/schemas/session'
import type { Db } from '#server/db/client'
import { isSessionLive } from '#server/db/pool'
import { appContext } from '#server/context'
import type { SessionGuard } from '#server/session/session-guard'
import { createSessionGuard } from '#server/session/session-guard'
import { countAddress } from './address-budget'
import { ownCookie } from './own-cookie'

const COOKIE = 'roundup-session'
const SESSION_MAX_AGE_SECONDS = 60 * 60 * 24 * 60

declare module 'h3' {
  interface H3EventContext {
    sessionDb?: Db
    sessionGuard?: SessionGuard
    isSigningOut?: boolean
    sessionUser?: Promise<SessionUser | null>
  }
}

/**
 * Supabase on behalf of whoever sent the request: its cookies are the session, row level security is its
 * view. The cookies are HttpOnly, so no script, ours or injected, ever holds a session (ADR 0003).
 */
export function sessionDb(event: H3Event): Db {
  event.context.sessionDb ??= createSessionDb(event)
  return event.context.sessionDb
}

/** The same for signing out: the cookies go, whether or not Supabase can be told just now. */
export function signingOutDb(event: H3Event): Db {
  event.context.isSigningOut = true
  return sessionDb(event)
}

/**
 * Who is asking, by the session's verified token alone; null when nobody is signed in.
 *
 * @throws {AppError} TOO_MANY_REQUESTS or INTERNAL when that cannot be told now: it is not "signed out"
 */
export function sessionUser(event: H3Event): Promise<SessionUser | null> {
  event.context.sessionUser ??= readUser(event)
  return event.context.sessionUser
}

/** After signing in or out within a request: what was known about the session no longer holds. */
export function forgetSessionUser(event: H3Event): void {
  delete event.context.sessionUser
}

async function readUser(event: H3Event): Promise<SessionUser | null> {
  // A token that is refused comes back as an error; one that is no token at all makes the client throw.
  const { data } = await sessionDb(event)
    .auth.getClaims()
    .catch(() => ({ data: null }))
  const user = SessionUserSchema.safeParse({ id: data?.claims.sub, email: data?.claims.email ?? '' })
  if (user.success) {
    const session = { id: data?.claims.session_id, userId: user.data.id }
    if (await isSessionLive(appContext().sql, sessionDb(event), session)) {
      await sessionGuard(event).proven()
      return user.data
    }
  }
  const trouble = sessionGuard(event).trouble()
  if (trouble) throw trouble
  return null
}

function sessionGuard(event: H3Event): SessionGuard {
  const { takeFromBudget, giveBackToBudget } = appContext()
  event.context.sessionGuard ??= createSessionGuard({
    take: () => countAddress(event, takeFromBudget, 'session'),
    giveBack: () => countAddress(event, giveBackToBudget, 'session'),
  })
  return event.context.sessionGuard
}

/**
 * Without https there is no `__Host-` to be had. Then the session goes by the name that Supabase's own
 * clients give it, so that a local tool which signs in with one of them is signed in here.
 */
function supabaseCookie(supabaseUrl: string): string {
  return `sb-${new URL(supabaseUrl).hostname.split('.', 1)[0]}-auth-token`
}

/** Of the session's cookie, or, with a dot and a number behind it, of its parts. */
export function sessionCookieName(): string {
  const { environment } = appContext()
  const { options, name } = ownCookie(COOKIE, environment.BASE_URL)
  return options.secure ? name : supabaseCookie(environment.SUPABASE_URL)
}

function createSessionDb(event: H3Event): Db {
  const { environment } = appContext()
  const { options } = ownCookie(COOKIE, environment.BASE_URL)
  const name = sessionCookieName()
  const guard = sessionGuard(event)
  return createServerClient<Database>(environment.SUPABASE_URL, environment.SUPABASE_KEY, {
    cookieOptions: {
      name,
      ...options,
      sameSite: 'lax',
      maxAge: SESSION_MAX_AGE_SECONDS,
    },
    global: { fetch: guard.fetch },
    cookies: {
      getAll: () =>
        parseCookieHeader(getRequestHeader(event, 'cookie') ?? '').map(({ name, value }) => ({
          name,
          value: value ?? '',
        })),
      setAll: (cookies, headers) => {
        // A refresh that comes back after the answer was sent has nowhere to go; the next request repeats it.
        if (event.node.res.headersSent) return
        const writable = event.context.isSigningOut ? cookies : guard.writable(cookies)
        if (writable.length === 0) return
        setResponseHeaders(event, headers)
        for (const { name, value, options } of writable) setCookie(event, name, value, options)
      },
    },
  })
}
