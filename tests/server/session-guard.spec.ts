import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import type { App } from '../support/app.ts'
import { startApp } from '../support/app.ts'
import { Browser } from '../support/browser.ts'
import { expectRefusal } from '../support/envelope.ts'
import { MoodyProxy } from '../support/moody-proxy.ts'
import { signUp } from '../support/people.ts'
import { readSessionCookie, writeSessionCookie } from '../support/session-cookie.ts'

const REFRESH = '/auth/v1/token'
/** As many cookies as an address may bring in five minutes that turn out to be nobody's. */
const FORGED_MAX = 60

let supabase: MoodyProxy
let app: App

beforeAll(async () => {
  supabase = await MoodyProxy.open(inject('environment').SUPABASE_URL ?? '')
  app = await startApp(await findFreePort(), { ...inject('environment'), SUPABASE_URL: supabase.url })
})

afterAll(async () => {
  await app?.stop()
  await supabase?.close()
})

/** Puts the clock of a stored session forward, so that the server has to refresh it. */
function expire(browser: Browser): void {
  writeSessionCookie(browser, { ...readSessionCookie(browser), expires_at: 1, expires_in: 0 })
}

const refreshes = () => supabase.seen.filter((request) => request.endsWith(REFRESH)).length

describe('while Supabase refuses to refresh', () => {
  it.each([
    [429, 'TOO_MANY_REQUESTS'],
    [503, 'INTERNAL'],
  ] as const)(
    'with %s: nobody is signed out, on a route or on a page, and it goes on afterwards',
    async (status, code) => {
      const { browser, email } = await signUp(app.url)
      expire(browser)
      const before = new Map(browser.cookies)
      supabase.answer({ path: REFRESH, status })
      try {
        for (const path of ['/api/session', '/api/todo-lists']) {
          const answer = await browser.get(path)
          expectRefusal(answer, code)
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
          expect(answer.headers.getSetCookie()).toEqual([])
        }
        const page = await browser.get('/settings')
        expect(page.status).toBe(code === 'INTERNAL' ? 500 : 429)
        expect(page.headers.getSetCookie().filter((cookie) => cookie.includes('auth-token'))).toEqual([])
      } finally {
        supabase.answer(null)
      }
      for (const [name, value] of before) expect(browser.cookies.get(name)).toBe(value)
      expect((await browser.get('/api/session')).json).toMatchObject({ user: { email } })
    },
  )

  it('signing out still works: the cookies go', async () => {
    const { browser } = await signUp(app.url)
    expire(browser)
    supabase.answer({ path: REFRESH, status: 429 })
    try {
      expect((await browser.delete('/api/session')).status).toBe(204)
    } finally {
      supabase.answer(null)
    }
    expect((await browser.get('/api/session')).json).toEqual({ user: null })
  })
})

describe('a cookie that is nobody’s', () => {
  const forged = (browser: Browser) =>
    writeSessionCookie(browser, { ...readSessionCookie(browser), refresh_token: 'made up', expires_at: 1 })

  it('makes us ask Supabase so often and no more, on routes and pages together; others go on', async () => {
    const { browser } = await signUp(app.url)
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const before = refreshes()
    let last = 0
    for (let count = 0; count < FORGED_MAX + 5; count += 1) {
      forged(browser)
      const path = count % 2 === 0 ? '/api/session' : '/settings'
      last = (
        await new Browser(app.url).get(path, {
          headers: { ...from('198.51.100.61').headers, cookie: cookieOf(browser) },
        })
      ).status
    }
    expect(refreshes() - before).toBe(FORGED_MAX)
    expect(last).toBe(429)

    const honest = await signUp(app.url)
    for (let count = 0; count < FORGED_MAX + 5; count += 1) {
      expire(honest.browser)
      const answer = await honest.browser.get('/api/session', from('198.51.100.62'))
      expect(answer.json, `refresh ${count}`).toMatchObject({ user: { email: honest.email } })
    }
  })
})

function cookieOf(browser: Browser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
