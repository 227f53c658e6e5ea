import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { generateKeyPair, importJWK, SignJWT } from 'jose'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { Browser } from '../support/browser.ts'
import type { Answer } from '../support/browser.ts'
import { listBuiltRoutes } from '../support/built-routes.ts'
import { expectRefusal } from '../support/envelope.ts'
import { signUp } from '../support/people.ts'
import type { Route } from '../support/routes.ts'
import { addressOf, listRoutes, routeName } from '../support/routes.ts'
import {
  readSessionCookie,
  sessionCookieName,
  writeRawSessionCookie,
  writeSessionCookie,
} from '../support/session-cookie.ts'

const PUBLIC_FILES = fileURLToPath(new URL('../../.output/public/', import.meta.url))
const SAFE = new Set(['GET', 'HEAD'])
/** All that anybody may call. Adding a line here is a decision; forgetting a check is a failing test. */
const PUBLIC: readonly string[] = [
  '* /api/[...]',
  'GET /api/feeds/[token]',
  'DELETE /api/session',
  'GET /api/health',
  'GET /api/session',
  'POST /api/session',
  'POST /api/session/confirm',
  'POST /api/session/magic-link',
  'POST /api/session/recover',
  'POST /api/session/sign-up',
  'POST /api/webhooks/notion',
]
/** What the build answers besides our files, each with the reason. A module that brings another one fails the test. */
const BUILT_IN: Record<string, string> = {
  '* /[...]': 'pages',
  '* /__nuxt_error': 'the error page, which the server asks itself for',
  '* /__nuxt_island/[...]': 'nothing: there are no islands, and the handler does not answer',
  '* /_i18n/[hash]/[locale]/messages.json': 'the words of a language; server/middleware/messages.ts',
  'HEAD /api/feeds/[token]': 'the same as GET, without its text',
}
const A_VIEW = { query: '', group: 'page', sort: 'document', show: 'open' }
/** A body that the route takes. A write that takes none is not listed. */
const BODIES: Record<string, unknown> = {
  'DELETE /api/account': { email: 'a@people.test' },
  'POST /api/calendar-feeds': { viewId: 1, contains: 'both', locale: 'en', timeZone: 'UTC' },
  'POST /api/connect-notion': { code: 'code', state: 'state' },
  'POST /api/connect-notion/cancel': { error: 'access_denied', state: 'state' },
  'POST /api/connect-notion/token': { token: 'token' },
  'POST /api/disconnect-notion': { connectionId: 1, lists: 'freeze' },
  'POST /api/history/[entry]/undo': { ids: ['0'.repeat(32)] },
  'PUT /api/mirrors/[id]': { tickBack: true },
  'POST /api/mirrors': { listId: 1, connectionId: 1, parentPageId: '0'.repeat(32) },
  'POST /api/session': { email: 'a@people.test', password: 'wrong password' },
  'POST /api/session/confirm': { code: 'code' },
  'POST /api/session/magic-link': { email: 'a@people.test' },
  'POST /api/session/recover': { email: 'a@people.test' },
  'POST /api/session/sign-up': { email: 'a@people.test', password: 'x' },
  'POST /api/sync': {},
  'POST /api/todo-lists': { name: 'A list', databaseIds: ['0'.repeat(32)] },
  'PUT /api/databases/[id]/counting': { boxes: true, rows: false, done: null },
  'PUT /api/todo-lists/[id]': { name: 'A list', databaseIds: ['0'.repeat(32)] },
  'POST /api/todos/changes': {
    clientId: '00000000-0000-4000-8000-000000000001',
    changes: [{ id: '0'.repeat(32), checked: true }],
  },
  'POST /api/todos/write': { id: '0'.repeat(32), action: 'retry' },
  'POST /api/toggle-checkbox': { id: '0'.repeat(32), to_do: { checked: true } },
  'POST /api/views': { name: 'Mine', view: A_VIEW },
  'PUT /api/views/[id]': { name: 'Mine', view: A_VIEW },
  'PUT /api/views/default': { id: null },
  'PUT /api/views/order': { ids: [1] },
  'PUT /api/views/rules': { effect: 'hide', target: { page: 1 } },
  'PUT /api/session/password': { password: 'x' },
}

/** Routes that take longer bodies than 64 KB, and how long. */
const LONGER_BODIES: Partial<Record<string, number>> = { 'POST /api/todos/changes': 512 * 1_024 }

const routes = listRoutes()
const named = (list: Route[]) => list.map((route): [string, Route] => [routeName(route), route])
const privateRoutes = routes.filter((route) => !PUBLIC.includes(routeName(route)))
const writes = routes.filter(({ method }) => method !== '*' && !SAFE.has(method))
const writesWithBody = writes.filter((route) => routeName(route) in BODIES)

function ask(browser: Browser, route: Route, headers: Record<string, string> = {}): Promise<Answer> {
  const body = BODIES[routeName(route)]
  return browser.ask(route.method, addressOf(route), { ...(body !== undefined && { body }), headers })
}

describe('the list of routes', () => {
  it('is complete: every file is a known public route or is tested below, and nothing else is called public', () => {
    const all = routes.map(routeName)
    expect(PUBLIC.filter((name) => !all.includes(name))).toEqual([])
    expect(Object.keys(BODIES).filter((name) => !all.includes(name))).toEqual([])
    expect(privateRoutes.length + PUBLIC.length).toBe(all.length)
    const bodiless = writes.map(routeName).filter((name) => !(name in BODIES))
    expect(bodiless).toEqual([
      'DELETE /api/calendar-feeds/[id]',
      'DELETE /api/mirrors/[id]',
      'DELETE /api/session',
      'DELETE /api/todo-lists/[id]',
      'DELETE /api/views/[id]',
      'POST /api/mirrors/[id]/sync',
      'POST /api/webhooks/notion',
    ])
    console.info(`${all.length} routes, ${privateRoutes.length} private, ${writes.length} writes`)
  })

  it('is that of the built server: no module brought another one', () => {
    const built = listBuiltRoutes().map(routeName)
    expect(built.sort()).toEqual([...routes.map(routeName), ...Object.keys(BUILT_IN)].sort())
  })

  it.each(named(routes.filter((route) => PUBLIC.includes(routeName(route)) && route.method !== '*')))(
    '%s answers strangers without telling them to sign in first',
    async (name, route) => {
      const answer = await ask(new Browser(inject('appUrl')), route)
      // A wrong password is the one refusal that has the same code.
      if (name !== 'POST /api/session') expect(answer.status, answer.text).not.toBe(401)
      // Webhooks are not set up here; what they take instead of a session is tested with them.
      if (name === 'POST /api/webhooks/notion') expectRefusal(answer, 'WEBHOOK_NOT_READY')
      else expect(answer.status).toBeLessThan(500)
    },
  )
})

describe('a stranger gets 401 and nothing else from', () => {
  it.each(named(privateRoutes))('%s', async (_, route) => {
    const answer = await ask(new Browser(inject('appUrl')), route)
    expectRefusal(answer, 'UNAUTHENTICATED')
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

describe('a forged session is no session', () => {
  const SecretsSchema = z.object({ signingKey: z.looseObject({ kid: z.string() }) })
  const { signingKey } = SecretsSchema.parse(
    JSON.parse(readFileSync(join(inject('sandboxDir'), 'secrets.json'), 'utf8')),
  )
  const HOUR_SECONDS = 3_600
  const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  function claimsOf(token: string): Record<string, unknown> {
    return z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
  }

  /** The victim's own claims, in a token that an attacker made. */
  const forgeries: Record<string, (token: string) => Promise<string>> = {
    'signed with another key under a made-up key id': async (token) => {
      const { privateKey } = await generateKeyPair('ES256')
      return new SignJWT(claimsOf(token)).setProtectedHeader({ alg: 'ES256', kid: 'mine' }).sign(privateKey)
    },
    'signed with another key under the genuine key id': async (token) => {
      const { privateKey } = await generateKeyPair('ES256')
      const header = { alg: 'ES256', kid: signingKey.kid }
      return new SignJWT(claimsOf(token)).setProtectedHeader(header).sign(privateKey)
    },
    'signed with the public key as an HMAC secret': async (token) => {
      const { d: _, ...publicKey } = signingKey
      const secret = new TextEncoder().encode(JSON.stringify(publicKey))
      return new SignJWT(claimsOf(token)).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    },
    'that says it needs no signature': async (token) =>
      `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claimsOf(token))}.`,
    'that says it needs no signature, under the genuine key id': async (token) =>
      `${base64url({ alg: 'none', kid: signingKey.kid })}.${base64url(claimsOf(token))}.AA`,
    'without an algorithm': async (token) =>
      `${base64url({ kid: signingKey.kid })}.${base64url(claimsOf(token))}.AA`,
    'with another person put into the claims': async (token) => {
      const [header, , signature] = token.split('.')
      const claims = { ...claimsOf(token), sub: '00000000-0000-4000-8000-000000000000' }
      return [header, base64url(claims), signature].join('.')
    },
    'genuine but run out, with the expiry beside it set forward': async (token) => {
      const key = await importJWK(signingKey, 'ES256')
      const past = Math.floor(Date.now() / 1_000) - HOUR_SECONDS
      return new SignJWT({ ...claimsOf(token), iat: past - HOUR_SECONDS, exp: past })
        .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid })
        .sign(key)
    },
    'genuine but of nobody': async (token) => {
      const key = await importJWK(signingKey, 'ES256')
      const { sub: _, ...claims } = claimsOf(token)
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: signingKey.kid }).sign(key)
    },
  }

  it.each(Object.entries(forgeries))('%s', async (_, forge) => {
    const { browser } = await signUp()
    const session = readSessionCookie(browser)
    const future = Math.floor(Date.now() / 1_000) + HOUR_SECONDS
    writeSessionCookie(browser, {
      ...session,
      access_token: await forge(session.access_token),
      expires_at: future,
    })
    expectRefusal(await browser.get('/api/auth-notion'), 'UNAUTHENTICATED')
    expect((await browser.get('/api/session')).json).toEqual({ user: null })
  })

  it('nor is a cookie of any other shape, on a route and on a page', async () => {
    const { browser } = await signUp()
    const session = readSessionCookie(browser)
    const future = Math.floor(Date.now() / 1_000) + HOUR_SECONDS
    for (const forged of [
      { ...session, access_token: 'x', expires_at: future },
      { ...session, access_token: 42, expires_at: future },
      { ...session, access_token: { toString: 'x' }, expires_at: future },
      { ...session, access_token: '..', expires_at: future },
      { ...session, access_token: 'e30.e30.e30', expires_at: future },
      { ...session, access_token: 'bnVsbA.bnVsbA.AA', expires_at: future },
      { ...session, access_token: 'x', refresh_token: 'x', expires_at: 1 },
      { ...session, access_token: 'x', refresh_token: { $ne: null }, expires_at: 1 },
      { ...session, access_token: 'x', expires_at: 'later' },
      { access_token: 'x' },
      [],
      null,
      42,
      'text',
    ]) {
      const thief = new Browser(inject('appUrl'))
      for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
      writeSessionCookie(thief, forged)
      const text = JSON.stringify(forged).slice(0, 60)
      const answer = await thief.get('/api/auth-notion')
      expect(answer.status, `${text} ${answer.text}`).toBe(401)
      expectRefusal(answer, 'UNAUTHENTICATED')
      expect((await thief.get('/settings')).status, text).toBe(302)
    }
  })

  it('nor is any text at all in its place', async () => {
    const { browser } = await signUp()
    const name = sessionCookieName(browser)
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), fc.boolean(), async (text, hasPrefix) => {
        const thief = new Browser(inject('appUrl'))
        thief.cookies.set(name, 'x')
        writeRawSessionCookie(thief, (hasPrefix ? 'base64-' : '') + text)
        expectRefusal(await thief.get('/api/auth-notion'), 'UNAUTHENTICATED')
      }),
      { numRuns: 100 },
    )
  })
})

describe("another site's page cannot write through", () => {
  const foreign: Record<string, Record<string, string>> = {
    'a foreign origin': { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    'a sibling subdomain': { origin: 'https://evil.localhost', 'sec-fetch-site': 'same-site' },
    'a foreign origin in a browser without Sec-Fetch-Site': {
      origin: 'https://evil.test',
      'sec-fetch-site': '',
    },
    'a sandboxed frame': { origin: 'null', 'sec-fetch-site': 'cross-site' },
    'a form that the person is lured to send': { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
  }
  it.each(named(writes))('%s', async (_, route) => {
    const { browser } = await signUp()
    for (const [what, headers] of Object.entries(foreign)) {
      const answer = await ask(browser, route, headers)
      expect(answer.status, `${what}: ${answer.text}`).toBe(403)
      expectRefusal(answer, 'FORBIDDEN_ORIGIN')
    }
    expect((await browser.get('/api/session')).json).not.toEqual({ user: null })
  })
})

describe("another site's page cannot read", () => {
  it.each(named(routes.filter(({ method }) => method === 'GET')))('%s', async (_, route) => {
    const { browser } = await signUp()
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
    const read = await browser.get(addressOf(route), { headers })
    const asked = await browser.ask('OPTIONS', addressOf(route), {
      headers: { ...headers, 'access-control-request-method': 'GET' },
    })
    for (const answer of [read, asked]) {
      const allowed = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))
      expect(allowed).toEqual([])
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

describe('a method cannot be smuggled in', () => {
  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('by %s', async (header) => {
    const { browser } = await signUp()
    for (const address of ['/api/session', '/api/session?_method=DELETE']) {
      await browser.get(address, { headers: { [header]: 'DELETE' } })
      expect((await browser.get('/api/session')).json).not.toEqual({ user: null })
    }
  })

  it('by HEAD: it starts nothing and tells nothing', async () => {
    const { browser } = await signUp()
    const answer = await browser.ask('HEAD', '/api/auth/notion/start', {})
    expect(answer.headers.get('location')).toBeNull()
  })
})

describe('a body that is not what the route asks for is refused, and the fields are named, by', () => {
  const FORMS = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ]

  it.each(named(writesWithBody))('%s', async (name, route) => {
    const { browser } = await signUp()
    const address = addressOf(route)
    const good = z.record(z.string(), z.unknown()).parse(BODIES[name])
    const send = (rawBody: string, headers: Record<string, string> = {}) =>
      browser.ask(route.method, address, { rawBody, headers })

    for (const type of FORMS) {
      const answer = await send(JSON.stringify(good), { 'content-type': type })
      expect(expectRefusal(answer, 'INVALID_REQUEST').issues, type).toEqual([
        { path: 'content-type', code: 'not_json' },
      ])
    }
    for (const raw of ['', '{', '{"a":1}}', 'undefined', '\u0000']) {
      expect(expectRefusal(await send(raw), 'INVALID_REQUEST').issues).toEqual([
        { path: '', code: 'not_json' },
      ])
    }
    const deep = 30_000
    expectRefusal(await send('['.repeat(deep) + ']'.repeat(deep)), 'INVALID_REQUEST')
    for (const wrong of [[], [good], null, 42, 'text', true]) {
      expectRefusal(await send(JSON.stringify(wrong)), 'INVALID_REQUEST')
    }
    const unknown = await send(JSON.stringify({ ...good, user_id: '00000000-0000-4000-8000-000000000000' }))
    expect(expectRefusal(unknown, 'INVALID_REQUEST').issues?.length).toBeGreaterThan(0)
    const polluted = `{"__proto__":{"user_id":"x"},${JSON.stringify(good).slice(1)}`.replace(',}', '}')
    expectRefusal(await send(polluted), 'INVALID_REQUEST')
    for (const [field, value] of Object.entries(good)) {
      expectRefusal(await send(JSON.stringify({ ...good, [field]: [value, value] })), 'INVALID_REQUEST')
    }
  })

  it.each(named(writesWithBody))(
    '%s, when it is over 64 KB or what it says it needs, with or without its length told',
    async (name, route) => {
      const { browser } = await signUp()
      const rawBody = JSON.stringify({ filler: 'x'.repeat(LONGER_BODIES[name] ?? 64 * 1_024) })
      const told = await browser.ask(route.method, addressOf(route), { rawBody })
      expect(expectRefusal(told, 'INVALID_REQUEST').issues).toEqual([{ path: '', code: 'too_big' }])
      const untold = await sendChunked(browser, route, 700_000)
      expect(untold.status).toBe(400)
      expect(untold.text).toContain('too_big')
    },
  )

  it('before it has all arrived: a sender without end is cut off', async () => {
    const { browser } = await signUp()
    const route = { method: 'POST', path: '/api/sync' }
    const { status, sentBytes } = await sendChunked(browser, route, 200_000_000)
    // Whether the refusal still arrives depends on how fast the line is cut.
    expect([400, 0]).toContain(status)
    expect(sentBytes).toBeLessThan(20_000_000)
    expect((await browser.get('/api/session')).status).toBe(200)
  })
})

describe('a query that is not what the route asks for is refused by', () => {
  it.each([
    '/api/todos?list=1&list=2',
    '/api/todos?since=0&since=0',
    '/api/todos?user_id=00000000-0000-4000-8000-000000000000',
    '/api/todos?list=abc',
    '/api/todos?list=-1',
    '/api/todos?list=1.5',
    '/api/todos?list=99999999999999999999',
    '/api/todos?since=-1',
    '/api/todos?since=Infinity',
    '/api/todos?__proto__=1',
    '/api/todos?constructor=1',
    '/api/search-notion?refresh=perhaps',
    '/api/search-notion?refresh=true&refresh=false',
    '/api/search-notion?query=a&query=b',
    `/api/search-notion?query=${'x'.repeat(201)}`,
    '/api/search-notion?connection=1',
    '/api/auth/notion/start?returnTo=/a&returnTo=/b',
    '/api/auth/notion/start?redirect_uri=https://evil.test',
    '/api/auth/notion/start?state=chosen',
    '/api/history?before=0',
    '/api/history?before=1&before=2',
    '/api/history?before=99999999999999999999',
    '/api/history?limit=0',
    '/api/history?limit=101',
    '/api/history?user_id=00000000-0000-4000-8000-000000000000',
  ])('%s', async (address) => {
    const { browser } = await signUp()
    expectRefusal(await browser.get(address), 'INVALID_REQUEST')
  })
})

describe('what does not exist says so in our own words', () => {
  it.each([
    ['GET', '/api/no-such-route'],
    ['POST', '/api/no-such-route'],
    ['GET', '/api/toggle-checkbox'],
    ['PUT', '/api/todos'],
    ['DELETE', '/api/todo-lists'],
    ['GET', '/api/todo-lists/1'],
    ['DELETE', '/api/todo-lists/abc'],
    ['DELETE', '/api/todo-lists/0'],
    ['DELETE', '/api/todo-lists/1%20or%201=1'],
    ['DELETE', '/api/todo-lists/%E0%A4%A'],
    ['GET', '/api/auth/github/start'],
    ['GET', '/api/auth/__proto__/start'],
    ['GET', '/api/auth/constructor/start'],
    ['GET', '/api/connect-notion'],
    ['GET', '/api/history/abc'],
    ['GET', '/api/history/00000000-0000-4000-8000-000000000000'],
    ['POST', '/api/history/00000000-0000-4000-8000-000000000000/undo'],
    ['POST', '/api/history/abc/undo'],
    ['GET', '/api/_debug'],
  ])('%s %s', async (method, address) => {
    const { browser } = await signUp()
    const answer = await browser.ask(method, address, method === 'POST' ? { body: {} } : {})
    expectRefusal(answer, 'NOT_FOUND')
  })
})

describe('the build serves nothing of its insides', () => {
  it.each([
    '/.env',
    '/package.json',
    '/server/index.mjs',
    '/_nuxt/..%2f..%2fserver%2findex.mjs',
    '/_nuxt/%2e%2e/%2e%2e/server/index.mjs',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e%2f%2e%2e%2f.env',
    '/__nuxt_devtools__/client/',
    '/__nuxt_error?statusCode=200&message=canary',
    '/_vfs.json',
    '/_nitro/tasks',
    '/_openapi.json',
    '/_swagger',
    '/api/_nuxt_icon/lucide.json?icons=x',
    '/_i18n/any/en/messages.json',
    '/_i18n/any/xx/messages.json',
  ])('%s', async (path) => {
    const { status, text } = await getExactly(path)
    expect([302, 400, 403, 404]).toContain(status)
    for (const inside of ['SUPABASE', 'root:', '"dependencies"', 'import ', 'canary"']) {
      expect(text.includes(inside), inside).toBe(false)
    }
  })
})

describe('the words of a language', () => {
  // Those that the service worker keeps.
  const worker = readFileSync(join(PUBLIC_FILES, 'sw.js'), 'utf8')
  const known = [...worker.matchAll(/\/_i18n\/[\w-]+\/\w+\/messages\.json/g)].map(([path]) => path)

  it('are answered where the app asks for them', async () => {
    expect(known).toHaveLength(2)
    for (const path of known) {
      const { status, text } = await getExactly(path)
      expect(status, path).toBe(200)
      expect(text.length).toBeGreaterThan(1_000)
    }
  })

  it('are nowhere else, so that nobody fills our memory with copies', async () => {
    for (const path of known) {
      for (const other of [
        path.replace(/\/_i18n\/[\w-]+/, `/_i18n/${randomUUID()}`),
        path.replace('/messages.json', 'x/messages.json'),
        `${path}?${'x'.repeat(1_000)}`,
        `${path}/`,
      ]) {
        const { status, text } = await getExactly(other)
        expect([status, text.includes('"errors"')], other).toEqual([404, false])
      }
    }
  })
})

/** Asks for a path as it is written; `fetch` would tidy it up. */
function getExactly(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(inject('appUrl'))
    const request = httpRequest({ hostname, port, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', reject)
    request.end()
  })
}

/** Sends a body piece by piece without saying how long it will be. Status 0: cut off without an answer. */
function sendChunked(
  browser: Browser,
  route: Route,
  bytes: number,
): Promise<{ status: number; text: string; sentBytes: number }> {
  return new Promise((resolve) => {
    const piece = 'x'.repeat(50_000)
    let sentBytes = 0
    let isAnswered = false
    const request = httpRequest(new URL(addressOf(route), browser.origin), {
      method: route.method,
      agent: false,
      headers: {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
        origin: browser.origin,
        'sec-fetch-site': 'same-origin',
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    request.on('response', (response) => {
      isAnswered = true
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, sentBytes })
        request.destroy()
      })
      response.on('error', () => resolve({ status: 0, text, sentBytes }))
    })
    request.on('error', () => {
      if (!isAnswered) resolve({ status: 0, text: '', sentBytes })
    })
    const send = (): void => {
      if (isAnswered || request.destroyed) return
      if (sentBytes >= bytes) {
        request.end()
        return
      }
      sentBytes += piece.length
      if (request.write(piece)) setImmediate(send)
      else request.once('drain', send)
    }
    send()
  })
}
