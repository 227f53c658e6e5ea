import { z } from 'zod'
import type { Browser } from './browser.ts'

const PREFIX = 'base64-'
const NAME = /^(__Host-roundup-session|sb-\w+-auth-token)(?:\.(\d+))?$/

/** What the session cookie holds; nothing of it may ever reach a page. */
const StoredSessionSchema = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_at: z.number(),
})
export type StoredSession = z.infer<typeof StoredSessionSchema>

function sessionCookies(browser: Browser): [name: string, value: string][] {
  return [...browser.cookies]
    .filter(([name]) => NAME.test(name))
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
}

/** The session in a browser's cookies, which may be spread over several. */
export function readSessionCookie(browser: Browser): StoredSession {
  const text = sessionCookies(browser)
    .map(([, value]) => decodeURIComponent(value))
    .join('')
  const json: unknown = JSON.parse(Buffer.from(text.slice(PREFIX.length), 'base64url').toString())
  return StoredSessionSchema.parse(json)
}

/** Replaces the session in a browser's cookies by something an attacker made. */
export function writeSessionCookie(browser: Browser, session: unknown): void {
  writeRawSessionCookie(browser, PREFIX + Buffer.from(JSON.stringify(session)).toString('base64url'))
}

/** The same with a value that need not even be of the right form. */
export function writeRawSessionCookie(browser: Browser, value: string): void {
  const name = sessionCookieName(browser)
  dropSessionCookie(browser)
  browser.cookies.set(name, encodeURIComponent(value))
}

export function sessionCookieName(browser: Browser): string {
  const name = sessionCookies(browser)[0]?.[0]
  const base = name && NAME.exec(name)?.[1]
  if (!base) throw new Error('There is no session cookie')
  return base
}

export function dropSessionCookie(browser: Browser): void {
  for (const [name] of sessionCookies(browser)) browser.cookies.delete(name)
}
