import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { SessionReplySchema, SignUpReplySchema } from '../../shared/schemas/session.ts'
import { signedOutMark } from '../../shared/session/signed-out-mark.ts'
import { startApp } from '../support/app.ts'
import { Browser } from '../support/browser.ts'
import type { Answer } from '../support/browser.ts'
import { expectRefusal } from '../support/envelope.ts'
import { eventually } from '../support/eventually.ts'
import { followMailLink, mailsTo, mailTo } from '../support/mails.ts'
import { signUp } from '../support/people.ts'
import { readSessionCookie, sessionCookieName, writeSessionCookie } from '../support/session-cookie.ts'

const supabaseUrl = inject('environment').SUPABASE_URL
const supabaseKey = inject('environment').SUPABASE_KEY ?? ''
const newBrowser = () => new Browser(inject('appUrl'))

async function userOf(browser: Browser) {
  const answer = await browser.get('/api/session')
  expect(answer.status, answer.text).toBe(200)
  return SessionReplySchema.parse(answer.json).user
}

/** Puts the clock of a stored session forward, so that the server has to refresh it. */
function expire(browser: Browser): void {
  writeSessionCookie(browser, { ...readSessionCookie(browser), expires_at: 1, expires_in: 0 })
}

/** An answer without what differs from one request to the next. */
function comparable({ status, text, headers }: Answer) {
  return { status, text: text.replaceAll(headers.get('x-request-id') ?? '-', 'id') }
}

describe('making an account', () => {
  it('signs the person in at once', async () => {
    const browser = newBrowser()
    const email = `${randomUUID()}@people.test`
    const answer = await browser.post('/api/session/sign-up', { email, password: 'correct horse' })
    expect(SignUpReplySchema.parse(answer.json)).toEqual({ outcome: 'signed_in' })
    expect(await userOf(browser)).toMatchObject({ email })
  })

  it('says that an address is taken, and leaves its owner as they were', async () => {
    const owner = await signUp()
    const browser = newBrowser()
    const answer = await browser.post('/api/session/sign-up', { email: owner.email, password: 'another one' })
    expect(expectRefusal(answer, 'INVALID_REQUEST').issues).toEqual([{ path: 'email', code: 'taken' }])
    expect(await userOf(browser)).toBeNull()
    expect(
      (await newBrowser().post('/api/session', { email: owner.email, password: owner.password })).status,
    ).toBe(200)
  })

  it.each([
    ['a password that is too short', { password: 'short' }, 'password'],
    ['a password longer than the hash reads', { password: 'x'.repeat(73) }, 'password'],
    ['an address that is none', { email: 'nobody' }, 'email'],
    ['an address with a line break', { email: 'a@b.test\r\nbcc: c@d.test' }, 'email'],
    ['no address', { email: undefined }, 'email'],
  ])('refuses %s and names the field', async (_, change, path) => {
    const body = { email: `${randomUUID()}@people.test`, password: 'correct horse', ...change }
    const error = expectRefusal(await newBrowser().post('/api/session/sign-up', body), 'INVALID_REQUEST')
    expect(error.issues?.map((issue) => issue.path)).toContain(path)
  })
})

describe('signing in', () => {
  it('works with the right password', async () => {
    const { email, password } = await signUp()
    const browser = newBrowser()
    const answer = await browser.post('/api/session', { email, password })
    expect(SessionReplySchema.parse(answer.json).user).toMatchObject({ email })
    expect(await userOf(browser)).toMatchObject({ email })
  })

  it('answers a wrong password and an unknown address alike: nobody learns who has an account', async () => {
    const { email } = await signUp()
    const wrong = await newBrowser().post('/api/session', { email, password: 'wrong wrong' })
    const unknown = await newBrowser().post('/api/session', {
      email: `${randomUUID()}@people.test`,
      password: 'wrong wrong',
    })
    expectRefusal(wrong, 'UNAUTHENTICATED')
    expect(comparable(unknown)).toEqual(comparable(wrong))
    expect(wrong.headers.getSetCookie()).toEqual([])
  })

  it('keeps the session where no script can read it and no other site can send it', async () => {
    const { email, password } = await signUp()
    const answer = await newBrowser().post('/api/session', { email, password })
    const cookies = answer.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/;\s*HttpOnly/i)
      expect(cookie).toMatch(/;\s*SameSite=Lax/i)
      expect(cookie).toMatch(/;\s*Path=\/(;|$)/i)
      expect(cookie).not.toMatch(/;\s*Domain=/i)
    }
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  it('replaces the session of whoever was signed in before', async () => {
    const [first, second] = [await signUp(), await signUp()]
    await first.browser.post('/api/session', { email: second.email, password: second.password })
    expect(await userOf(first.browser)).toMatchObject({ email: second.email })
  })
})

describe('behind https', () => {
  it('takes cookies of its own making only: no other host of the domain can plant one', async () => {
    const port = await findFreePort()
    const app = await startApp(port, { ...inject('environment'), BASE_URL: 'https://roundup.test' })
    try {
      const { browser, email, password } = await signUp(app.url)
      const signedIn = await browser.post('/api/session', { email, password })
      const started = await browser.get('/api/auth/notion/start')
      const cookies = [...signedIn.headers.getSetCookie(), ...started.headers.getSetCookie()]
      expect(cookies.some((cookie) => cookie.startsWith('__Host-roundup-session'))).toBe(true)
      expect(cookies.some((cookie) => cookie.startsWith('__Host-roundup-connect='))).toBe(true)
      for (const cookie of cookies) {
        // What browsers ask of the prefix (RFC 6265bis §4.1.3.2).
        expect(cookie).toMatch(/^__Host-/)
        expect(cookie).toMatch(/;\s*Secure(;|$)/i)
        expect(cookie).toMatch(/;\s*Path=\/(;|$)/i)
        expect(cookie).not.toMatch(/;\s*Domain=/i)
        expect(cookie).toMatch(/;\s*HttpOnly(;|$)/i)
      }
      expect(await userOf(browser)).toMatchObject({ email })
      const planted = new Browser(app.url)
      for (const [name, value] of browser.cookies) planted.cookies.set(name.replace('__Host-', ''), value)
      expect(await userOf(planted)).toBeNull()
      const location = new URL(started.headers.get('location') ?? '')
      expect(location.searchParams.get('redirect_uri')).toBe('https://roundup.test/connect-notion')
    } finally {
      await app.stop()
    }
  })
})

describe('a session', () => {
  it('is refreshed without the person noticing', async () => {
    const { browser, email } = await signUp()
    const before = readSessionCookie(browser)
    expire(browser)
    expect(await userOf(browser)).toMatchObject({ email })
    expect(readSessionCookie(browser).refresh_token).not.toBe(before.refresh_token)
  })

  it('is refreshed by a page as well, and the new cookies reach the browser', async () => {
    const { browser, email } = await signUp()
    const before = readSessionCookie(browser)
    expire(browser)
    expect((await browser.get('/settings')).status).toBe(200)
    expect(readSessionCookie(browser).refresh_token).not.toBe(before.refresh_token)
    expect(await userOf(browser)).toMatchObject({ email })
  })

  it('never appears in a page: neither its tokens nor the cookie that holds them', async () => {
    const { browser } = await signUp()
    const { access_token, refresh_token } = readSessionCookie(browser)
    const signature = access_token.split('.')[2] ?? ''
    for (const path of ['/', '/today', '/databases', '/settings', '/login', '/connect-notion', '/confirm']) {
      const { text } = await browser.get(path)
      for (const secret of [access_token, signature, refresh_token, 'base64-eyJ', 'refresh_token']) {
        expect(text.includes(secret), `${path} contains ${secret.slice(0, 12)}…`).toBe(false)
      }
    }
    const { text } = await browser.get('/api/session')
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['user'])
    expect(text).not.toContain(signature)
  })
})

describe('signing out', () => {
  it('clears the browser and ends the session at Supabase: a copied cookie cannot be refreshed', async () => {
    const { browser } = await signUp()
    const thief = newBrowser()
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
    const { refresh_token } = readSessionCookie(browser)

    const answer = await browser.delete('/api/session')
    expect(answer.status).toBe(204)
    expect(answer.headers.get('clear-site-data')).toContain('"storage"')
    expect([...browser.cookies.keys()].filter((name) => name.endsWith('-auth-token'))).toEqual([])
    expect(await userOf(browser)).toBeNull()

    expire(thief)
    expect(await userOf(thief)).toBeNull()
    const refreshed = await fetch(`${supabaseUrl}/auth/v1/token?grant_type=refresh_token`, {
      method: 'POST',
      headers: { apikey: supabaseKey, 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token }),
    })
    expect(refreshed.status).toBe(400)
  })

  it('while we could not be told is made up for by the next request, of a page or of the API', async () => {
    for (const path of ['/', '/api/todos']) {
      const { browser } = await signUp()
      const thief = newBrowser()
      for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
      browser.cookies.set(signedOutMark(false), '1')
      const answer = await browser.get(path)
      expect(answer.text).not.toContain('@people.test')
      expect([...browser.cookies.keys()].filter((name) => /auth-token|signed-out/.test(name))).toEqual([])
      expire(thief)
      expect(await userOf(thief)).toBeNull()
    }
  })

  it('while we could not be told does not stand in the way of signing in again', async () => {
    const { browser, email, password } = await signUp()
    browser.cookies.set(signedOutMark(false), '1')
    expect((await browser.post('/api/session', { email, password })).status).toBe(200)
    expect(await userOf(browser)).toMatchObject({ email })
  })

  it('here leaves other devices signed in', async () => {
    const { browser, email, password } = await signUp()
    const phone = newBrowser()
    await phone.post('/api/session', { email, password })
    await browser.delete('/api/session')
    expire(phone)
    expect(await userOf(phone)).toMatchObject({ email })
  })

  it('answers the same when nobody is signed in, or when the cookie is nonsense', async () => {
    expect((await newBrowser().delete('/api/session')).status).toBe(204)
    const { browser } = await signUp()
    writeSessionCookie(browser, { access_token: 'x.y.z', refresh_token: 'nonsense', expires_at: 1 })
    expect((await browser.delete('/api/session')).status).toBe(204)
    expect(await userOf(browser)).toBeNull()
  })
})

describe('a mail to sign in with', () => {
  it('signs in by the token of its link, once', async () => {
    const { email } = await signUp()
    const asked = newBrowser()
    await asked.post('/api/session/magic-link', { email })
    const { tokenHash } = await mailTo(supabaseUrl, email)
    // Mail programs show the link on any device: the token alone is enough there.
    const elsewhere = newBrowser()
    const confirmed = await elsewhere.post('/api/session/confirm', { tokenHash, type: 'magiclink' })
    expect(SessionReplySchema.parse(confirmed.json).user).toMatchObject({ email })
    expect(await userOf(elsewhere)).toMatchObject({ email })
    const again = await newBrowser().post('/api/session/confirm', { tokenHash, type: 'magiclink' })
    expect(expectRefusal(again, 'INVALID_REQUEST').issues).toEqual([{ path: 'code', code: 'expired' }])
  })

  it('signs in by the digits typed, once, and not by other digits', async () => {
    const { email } = await signUp()
    const browser = newBrowser()
    await browser.post('/api/session/magic-link', { email })
    const { code } = await mailTo(supabaseUrl, email)
    const other = code === '000000' ? '000001' : '000000'
    expectRefusal(await browser.post('/api/session/confirm', { email, otp: other }), 'INVALID_REQUEST')
    expect((await browser.post('/api/session/confirm', { email, otp: code })).status).toBe(200)
    expect(await userOf(browser)).toMatchObject({ email })
    expectRefusal(await newBrowser().post('/api/session/confirm', { email, otp: code }), 'INVALID_REQUEST')
  })

  it('signs in by its link in the browser that asked, and in no other: a stolen code is worth nothing', async () => {
    const { email } = await signUp()
    const browser = newBrowser()
    await browser.post('/api/session/magic-link', { email, next: '/settings' })
    const target = await followMailLink(await mailTo(supabaseUrl, email))
    expect(target.origin + target.pathname).toBe(`${inject('appUrl')}/confirm`)
    expect(target.searchParams.get('next')).toBe('/settings')
    const code = target.searchParams.get('code')
    const thief = await newBrowser().post('/api/session/confirm', { code })
    expect(expectRefusal(thief, 'INVALID_REQUEST').issues).toEqual([{ path: 'code', code: 'other_browser' }])
    expect((await browser.post('/api/session/confirm', { code })).status).toBe(200)
    expect(await userOf(browser)).toMatchObject({ email })
    expectRefusal(await browser.post('/api/session/confirm', { code }), 'INVALID_REQUEST')
  })

  it.each(['https://evil.test/', '//evil.test', '/\\evil.test', '/.//evil.test', 'javascript:alert(1)'])(
    'never leads on to another site: next=%s',
    async (next) => {
      const { email } = await signUp()
      await newBrowser().post('/api/session/magic-link', { email, next })
      const target = await followMailLink(await mailTo(supabaseUrl, email))
      expect(target.origin).toBe(inject('appUrl'))
      expect(target.searchParams.has('next')).toBe(false)
    },
  )

  it.each(['/api/session/magic-link', '/api/session/recover'])(
    '%s answers the same for everybody, also when asked again at once: nobody learns who has an account',
    async (path) => {
      const { email } = await signUp()
      const unknown = `${randomUUID()}@people.test`
      const answers: Answer[] = []
      for (const address of [email, email, unknown, unknown]) {
        answers.push(await newBrowser().post(path, { email: address }))
      }
      expect(answers[0]?.json).toEqual({ outcome: 'sent' })
      expect(new Set(answers.map((answer) => JSON.stringify(comparable(answer)))).size).toBe(1)
    },
  )

  it('refuses nonsense as a token, a code or a kind of mail', async () => {
    const browser = newBrowser()
    for (const body of [
      { tokenHash: 'nonsense', type: 'magiclink' },
      { tokenHash: 'nonsense', type: 'sms' },
      { code: 'nonsense' },
      { email: 'a@b.test', otp: 'abcdef' },
      { email: 'a@b.test', otp: '123456', code: 'both' },
      {},
    ]) {
      expectRefusal(await browser.post('/api/session/confirm', body), 'INVALID_REQUEST')
    }
    expect(await userOf(browser)).toBeNull()
  })
})

describe('the digits of a mail', () => {
  it('cannot be guessed, not even from many addresses: the account has a budget of its own', async () => {
    const { email } = await signUp()
    await newBrowser().post('/api/session/magic-link', { email })
    const { code } = await mailTo(supabaseUrl, email)
    const statuses: number[] = []
    for (let guess = 0; guess < 35; guess += 1) {
      const otp = String((Number(code) + 1 + guess) % 1_000_000).padStart(6, '0')
      const headers = { 'x-forwarded-for': `203.0.113.${100 + guess}` }
      statuses.push((await newBrowser().post('/api/session/confirm', { email, otp }, { headers })).status)
    }
    expect(statuses.at(0)).toBe(400)
    expect(statuses.slice(-3)).toEqual([429, 429, 429])
  })
})

describe('a forgotten password', () => {
  it('is replaced through a mail; the old one no longer works', async () => {
    const { email, password } = await signUp()
    const browser = newBrowser()
    await browser.post('/api/session/recover', { email })
    const target = await followMailLink(await mailTo(supabaseUrl, email))
    expect(target.pathname + target.search).toContain('/confirm?next=%2Freset-password')
    expect(
      (await browser.post('/api/session/confirm', { code: target.searchParams.get('code') })).status,
    ).toBe(200)
    expect((await browser.put('/api/session/password', { password: 'a new and better one' })).status).toBe(
      204,
    )
    expectRefusal(await newBrowser().post('/api/session', { email, password }), 'UNAUTHENTICATED')
    expect(
      (await newBrowser().post('/api/session', { email, password: 'a new and better one' })).status,
    ).toBe(200)
  })

  it('cannot be replaced by nobody, nor by a weak one', async () => {
    expectRefusal(
      await newBrowser().put('/api/session/password', { password: 'long enough' }),
      'UNAUTHENTICATED',
    )
    const { browser } = await signUp()
    const error = expectRefusal(
      await browser.put('/api/session/password', { password: 'short' }),
      'INVALID_REQUEST',
    )
    expect(error.issues?.[0]?.path).toBe('password')
  })

  it('sends no mail to an address without an account', async () => {
    const unknown = `${randomUUID()}@people.test`
    const { email } = await signUp()
    await newBrowser().post('/api/session/recover', { email: unknown })
    await newBrowser().post('/api/session/recover', { email })
    await eventually('the mail to the account', async () => (await mailsTo(supabaseUrl, email)).length > 0)
    expect(await mailsTo(supabaseUrl, unknown)).toEqual([])
  })
})

describe('pages for signed-in people', () => {
  it('lead to sign-in and remember where one was going', async () => {
    const answer = await newBrowser().get('/settings?tab=1')
    expect(answer.status).toBe(302)
    const location = new URL(answer.headers.get('location') ?? '', inject('appUrl'))
    expect(location.origin + location.pathname).toBe(`${inject('appUrl')}/login`)
    expect(location.searchParams.get('next')).toBe('/settings?tab=1')
  })

  it.each(['//evil.test', 'https://evil.test', '/\\evil.test', '/%5cevil.test', 'javascript:alert(1)'])(
    'never lead from sign-in to another site: next=%s',
    async (next) => {
      const { browser } = await signUp()
      const answer = await browser.get(`/login?next=${encodeURIComponent(next)}`)
      const location = answer.headers.get('location')
      if (location === null) return expect(answer.status).toBe(200)
      expect(new URL(location, inject('appUrl')).origin).toBe(inject('appUrl'))
      expect(location).not.toMatch(/^[/\\]{2}/)
    },
  )

  it('do not trust a session cookie of another name', async () => {
    const { browser } = await signUp()
    const stranger = newBrowser()
    const name = sessionCookieName(browser)
    for (const [from, value] of browser.cookies)
      stranger.cookies.set(from.replace(name, 'other-session'), value)
    expect(await userOf(stranger)).toBeNull()
  })
})
