import { createClient } from '@supabase/supabase-js'
import { describe, expect, inject, it } from 'vitest'
import { ErrorEnvelopeSchema } from '../../shared/schemas/error.ts'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { startApp } from '../support/app.ts'
import { Browser } from '../support/browser.ts'
import { signUp } from '../support/people.ts'

describe('request budgets', () => {
  const SIGN_IN = { email: 'nobody@people.test', password: 'guess' }

  it('ends guessing from one address, and says when to come back', async () => {
    const attempt = (address: string, email: string) =>
      new Browser(inject('appUrl')).post(
        '/api/session',
        { ...SIGN_IN, email },
        { headers: { 'x-forwarded-for': address } },
      )
    const statuses: number[] = []
    for (let guess = 0; guess < 35; guess += 1) {
      statuses.push((await attempt('198.51.100.23', `nobody-${guess}@people.test`)).status)
    }
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401))
    expect(statuses.slice(30)).toEqual(Array(5).fill(429))

    const refused = await attempt('198.51.100.23', 'somebody@people.test')
    expect(ErrorEnvelopeSchema.parse(refused.json).error.code).toBe('TOO_MANY_REQUESTS')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await attempt('198.51.100.24', 'x@people.test')).status, 'others go on').toBe(401)
    const spoofed = await attempt('10.9.9.9, 198.51.100.23', 'y@people.test')
    expect(spoofed.status, 'a made-up first entry changes nothing').toBe(429)
  })

  it('ends guessing at one account, wherever it comes from', async () => {
    const statuses: number[] = []
    for (let guess = 0; guess < 33; guess += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${guess}` }
      const answer = await new Browser(inject('appUrl')).post(
        '/api/session',
        { ...SIGN_IN, email: 'Target@people.test' },
        { headers },
      )
      statuses.push(answer.status)
    }
    expect(statuses.slice(30)).toEqual([429, 429, 429])
  })

  it('are shared by all instances', async () => {
    const port = await findFreePort()
    const second = await startApp(port, { ...inject('environment'), BASE_URL: `http://localhost:${port}` })
    try {
      const headers = { 'x-forwarded-for': '192.0.2.77' }
      for (let guess = 0; guess < 30; guess += 1) {
        const url = guess % 2 === 0 ? inject('appUrl') : second.url
        await new Browser(url).post(
          '/api/session',
          { ...SIGN_IN, email: `shared-${guess}@people.test` },
          { headers },
        )
      }
      const answer = await new Browser(second.url).post(
        '/api/session',
        { ...SIGN_IN, email: 'z@people.test' },
        { headers },
      )
      expect(answer.status).toBe(429)
    } finally {
      await second.stop()
    }
  })
})

describe('a session that has ended', () => {
  it('is refused at once, although its token has not expired', async () => {
    const { browser } = await signUp()
    const thief = new Browser(browser.origin)
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
    expect((await thief.get('/api/auth-notion')).status).toBe(200)
    await browser.delete('/api/session')
    expect((await thief.get('/api/auth-notion')).status).toBe(401)
  })

  it('is refused after the account was deleted', async () => {
    const { browser } = await signUp()
    const answer = (await browser.get('/api/session')).json as { user: { id: string } }
    const { SUPABASE_URL = '', SUPABASE_SECRET_KEY = '' } = inject('environment')
    const admin = createClient(SUPABASE_URL, SUPABASE_SECRET_KEY, { auth: { persistSession: false } })
    expect((await admin.auth.admin.deleteUser(answer.user.id)).error).toBeNull()
    expect((await browser.get('/api/auth-notion')).status).toBe(401)
  })
})

describe('an instance of another environment', () => {
  it('refuses to serve this database', async () => {
    const port = await findFreePort()
    const start = startApp(port, {
      ...inject('environment'),
      BASE_URL: `http://localhost:${port}`,
      ENVIRONMENT: 'production',
    })
    await expect(start).rejects.toThrow(/labelled "development".*ENVIRONMENT says "production"/s)
  })
})
