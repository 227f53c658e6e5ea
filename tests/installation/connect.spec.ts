import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { AuthNotionReplySchema, ConnectReplySchema } from '../../shared/schemas/connection.ts'
import { SessionReplySchema } from '../../shared/schemas/session.ts'
import { TodoListReplySchema, TodoListsReplySchema } from '../../shared/schemas/todo-list.ts'
import { startApp } from '../support/app.ts'
import { Browser } from '../support/browser.ts'
import type { CallbackBody } from '../support/callback.ts'
import { mutatedCallback } from '../support/callback.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import { connect, consent, signUp as signUpAt } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

/** Its own installation: it counts what Notion is asked, and breaks what Notion answers. */
let stack: TestStack
let notion: NotionControl
let database: Inspector

const home = simpleWorkspace('home', [{ title: 'A task' }])
const second = simpleWorkspace('second', [{ title: 'Another task' }])

beforeAll(async () => {
  stack = await startTestStack()
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  await notion.settings({ rate_limit: 'off' })
  await notion.seed(home.seed)
  await notion.seed(second.seed)
})

afterEach(() => notion.clearFaults())

afterAll(async () => {
  await database?.close()
  await stack?.stop()
})

const signUp = () => signUpAt(stack.app.url)

async function userIdOf({ browser }: Person): Promise<string> {
  const { user } = SessionReplySchema.parse((await browser.get('/api/session')).json)
  if (!user) throw new Error('Nobody is signed in')
  return user.id
}

/** Goes as far as Notion's answer; what is left is to post it. */
async function attempt(browser: Browser, workspace = home.seed.id): Promise<CallbackBody> {
  const { code, state } = await consent(browser, 'approve', workspace)
  if (code === null || state === null) throw new Error('Notion did not approve')
  return { code, state }
}

const finish = (browser: Browser, body: CallbackBody) => browser.post('/api/connect-notion', body)

/** How often Notion was asked for a token while the work was done. */
async function tokenCallsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = await tokenCalls()
  await work()
  return (await tokenCalls()) - before
}

async function tokenCalls(): Promise<number> {
  const { entries } = await notion.ledger()
  return entries.filter(({ path }) => path === '/v1/oauth/token').length
}

/** Rows that a connect attempt could have left behind. */
async function storedFor(userId: string) {
  return {
    tokens: await database.count('public.notion_access_token', 'user_id = $1', [userId]),
    links: await database.count('public.notion_access_token_user', 'user_id = $1', [userId]),
    databases: await database.count('public.notion_database', 'user_id = $1', [userId]),
  }
}

const NOTHING = { tokens: 0, links: 0, databases: 0 }

describe('starting to connect', () => {
  it("leads to Notion's consent page with exactly what Notion asks for", async () => {
    const { browser } = await signUp()
    const answer = await browser.get('/api/auth/notion/start')
    expect(answer.status).toBe(302)
    const url = new URL(answer.headers.get('location') ?? '')
    expect(url.origin + url.pathname).toBe(`${stack.environment.NOTION_API_URL}/v1/oauth/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: stack.environment.NOTION_OAUTH_CLIENT_ID,
      redirect_uri: `${stack.app.url}/connect-notion`,
      response_type: 'code',
      owner: 'user',
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    })
    expect(url.search).toContain(`redirect_uri=${encodeURIComponent(`${stack.app.url}/connect-notion`)}`)
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  it('stores the state before it leads anywhere, and only its hash', async () => {
    const person = await signUp()
    const answer = await person.browser.get('/api/auth/notion/start')
    const state = new URL(answer.headers.get('location') ?? '').searchParams.get('state') ?? ''
    const hash = createHash('sha256').update(state).digest('base64url')
    const [row] = await database.rows<{ row: string; minutes: number }>(
      `select s::text as row, extract(epoch from expires_at - now())::int / 60 as minutes
       from public.oauth_states s where state_hash = $1 and user_id = $2 and consumed_at is null`,
      [hash, await userIdOf(person)],
    )
    expect(row?.minutes).toBeGreaterThanOrEqual(9)
    expect(row?.minutes).toBeLessThanOrEqual(15)
    expect(row?.row).not.toContain(state)
    expect(row?.row).not.toContain(person.browser.cookies.get('roundup-connect') ?? '-')
  })

  it('leads nowhere when the state cannot be stored', async () => {
    const { browser } = await signUp()
    const storing = 'execute on function public.store_oauth_state(text, uuid, text, text, text, text, text)'
    await database.rows(`revoke ${storing} from service_role`)
    try {
      const answer = await browser.get('/api/auth/notion/start')
      expectRefusal(answer, 'INTERNAL')
      expect(answer.headers.get('location')).toBeNull()
    } finally {
      await database.rows(`grant ${storing} to service_role`)
    }
  })

  it('gives each attempt a state of its own', async () => {
    const { browser } = await signUp()
    const states = await Promise.all(Array.from({ length: 10 }, async () => (await consent(browser)).state))
    expect(new Set(states).size).toBe(10)
  })

  it('binds the attempt to this browser by a cookie that no script and no other site can use', async () => {
    const { browser } = await signUp()
    const cookies = (await browser.get('/api/auth/notion/start')).headers.getSetCookie()
    const cookie = cookies.find((line) => line.startsWith('roundup-connect=')) ?? ''
    expect(cookie).toMatch(/^roundup-connect=[A-Za-z0-9_-]{43};/)
    expect(cookie).toMatch(/;\s*HttpOnly/i)
    expect(cookie).toMatch(/;\s*SameSite=Strict/i)
    expect(cookie).not.toMatch(/;\s*Domain=/i)
  })

  it('does not take a binding that an attacker chose too short', async () => {
    const { browser } = await signUp()
    browser.cookies.set('roundup-connect', 'chosen')
    await browser.get('/api/auth/notion/start')
    expect(browser.cookies.get('roundup-connect')).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it.each<[string, Record<string, string>]>([
    ['Host', { host: 'evil.test' }],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' }],
    ['Forwarded', { forwarded: 'host=evil.test;proto=https' }],
    [
      'an absolute address',
      { host: 'evil.test', 'x-original-url': 'https://evil.test/', 'x-host': 'evil.test' },
    ],
  ])('sends the code to our own address, whatever %s says', async (_, headers) => {
    const { browser } = await signUp()
    const location = await locationOf(browser, '/api/auth/notion/start', headers)
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${stack.app.url}/connect-notion`)
    expect(location).not.toContain('evil.test')
  })

  it.each(['https://evil.test', '//evil.test', '/\\evil.test', '/.//evil.test', 'javascript:alert(1)'])(
    'never leads on to another site afterwards: returnTo=%s',
    async (returnTo) => {
      const { browser } = await signUp()
      const start = await browser.get(`/api/auth/notion/start?${new URLSearchParams({ returnTo })}`)
      const { code, state } = await approve(start.headers.get('location'))
      const answer = await finish(browser, { code, state })
      expect(ConnectReplySchema.parse(answer.json).returnTo).toBe('/databases')
    },
  )
})

describe('coming back from Notion', () => {
  it('connects the workspace, lists its databases and goes on to where the person was going', async () => {
    const person = await signUp()
    const start = await person.browser.get('/api/auth/notion/start?returnTo=%2Flists%2F7%3Fopen%3D1')
    const answer = await finish(person.browser, await approve(start.headers.get('location')))
    expect(answer.status, answer.text).toBe(200)
    const reply = ConnectReplySchema.parse(answer.json)
    expect(reply.workspace).toMatchObject({ name: 'home', workspaceId: home.seed.id, status: 'connected' })
    expect(reply.databases.map(({ id }) => id)).toEqual([home.dataSourceId])
    expect(reply).toMatchObject({ indexing: false, returnTo: '/lists/7?open=1' })
    expect(await storedFor(await userIdOf(person))).toEqual({ tokens: 1, links: 1, databases: 1 })
  })

  it('makes the profile when there is none, before the token is stored', async () => {
    const person = await signUp()
    const userId = await userIdOf(person)
    await database.rows('delete from public.profiles where id = $1', [userId])
    await connect(person.browser, home.seed.id)
    expect(await database.count('public.profiles', 'id = $1', [userId])).toBe(1)
  })

  it('stands when the databases cannot be listed yet: they are asked for again later', async () => {
    const { browser } = await signUp()
    await notion.fault({ path: '/v1/search', what: { kind: 'status', status: 400 }, times: null })
    const reply = await connect(browser, home.seed.id)
    expect(reply).toMatchObject({ databases: [], workspace: { status: 'connected' } })
    await notion.clearFaults()
    const found = await browser.get('/api/search-notion')
    expect(found.text).toContain(home.dataSourceId)
  })

  it('takes a token that looks like none so far, and notes it for the operator', async () => {
    const { browser } = await signUp()
    await notion.token({ op: 'next', access_token: 'brand-new-kind-of-token' })
    expect((await connect(browser, home.seed.id)).workspace.status).toBe('connected')
    expect(stack.app.output()).toContain('unknown_token_prefix')
    expect(stack.app.output()).not.toContain('brand-new-kind-of-token')
  })
})

describe('a callback that is not exactly the one that was begun is refused, and Notion is not asked', () => {
  async function expectRefused(browser: Browser, body: CallbackBody): Promise<void> {
    const calls = await tokenCallsDuring(async () => {
      expectRefusal(await finish(browser, body), 'OAUTH_STATE_INVALID')
    })
    expect(calls).toBe(0)
  }

  it('a state nobody has heard of', async () => {
    const { browser } = await signUp()
    const { code } = await attempt(browser)
    await expectRefused(browser, { code, state: 'A'.repeat(43) })
    await expectRefused(browser, { code, state: 'no state at all' })
  })

  it('no state', async () => {
    const person = await signUp()
    const { code } = await attempt(person.browser)
    const calls = await tokenCallsDuring(async () => {
      expectRefusal(await person.browser.post('/api/connect-notion', { code }), 'INVALID_REQUEST')
      expectRefusal(await person.browser.post('/api/connect-notion', { code, state: '' }), 'INVALID_REQUEST')
    })
    expect(calls).toBe(0)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
  })

  it('a state that is too old', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    await database.rows(`update public.oauth_states set expires_at = now() where user_id = $1`, [
      await userIdOf(person),
    ])
    await expectRefused(person.browser, body)
  })

  it('a state that was used', async () => {
    const { browser } = await signUp()
    const body = await attempt(browser)
    expect((await finish(browser, body)).status).toBe(200)
    await expectRefused(browser, body)
  })

  it('a state whose exchange failed: one state, one exchange', async () => {
    const { browser } = await signUp()
    const { code, state } = await attempt(browser)
    expectRefusal(await finish(browser, { code: 'wrong', state }), 'NOTION_OAUTH_FAILED')
    await expectRefused(browser, { code, state })
  })

  it("an attacker's code and state in the victim's browser: nobody is connected to a stranger's workspace", async () => {
    const [attacker, victim] = [await signUp(), await signUp()]
    const body = await attempt(attacker.browser)
    await expectRefused(victim.browser, body)
    await victim.browser.get('/api/auth/notion/start')
    await expectRefused(victim.browser, body)
    expect(await storedFor(await userIdOf(victim))).toEqual(NOTHING)
  })

  it("a stolen state, even together with the victim's browser binding: the victim's own attempt still works", async () => {
    const [attacker, victim] = [await signUp(), await signUp()]
    const body = await attempt(victim.browser)
    attacker.browser.cookies.set('roundup-connect', victim.browser.cookies.get('roundup-connect') ?? '')
    await expectRefused(attacker.browser, body)
    expect((await finish(victim.browser, body)).status).toBe(200)
  })

  it('the right person in another browser', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    const other = new Browser(stack.app.url)
    await other.post('/api/session', { email: person.email, password: person.password })
    await expectRefused(other, body)
    await other.get('/api/auth/notion/start')
    await expectRefused(other, body)
    other.cookies.set('roundup-connect', 'A'.repeat(43))
    await expectRefused(other, body)
    expect((await finish(person.browser, body)).status).toBe(200)
  })

  it('another person who has signed in to the same browser meanwhile', async () => {
    const [first, next] = [await signUp(), await signUp()]
    const body = await attempt(first.browser)
    await first.browser.post('/api/session', { email: next.email, password: next.password })
    await expectRefused(first.browser, body)
    expect(await storedFor(await userIdOf(first))).toEqual(NOTHING)
  })

  it('a state that was made for another provider', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    await database.rows(`update public.oauth_states set provider = 'other' where user_id = $1`, [
      await userIdOf(person),
    ])
    await expectRefused(person.browser, body)
  })

  it('the hash of a state, as read from the database', async () => {
    const { browser } = await signUp()
    const { code, state } = await attempt(browser)
    await expectRefused(browser, { code, state: createHash('sha256').update(state).digest('base64url') })
  })

  it('any of a thousand mutations of a valid one; the valid one still works after them', async () => {
    const person = await signUp()
    const valid = await attempt(person.browser)
    const seed = Date.now() % 2 ** 31
    console.info(`mutations: seed ${seed}`)
    const calls = await tokenCallsDuring(() =>
      fc.assert(
        fc.asyncProperty(mutatedCallback(valid), async (body) => {
          // The budget for connecting would end this long before the thousandth.
          await database.rows('delete from roundup_internal.rate_limit')
          const answer = await person.browser.post('/api/connect-notion', body)
          expect(answer.status, answer.text).toBe(400)
        }),
        { numRuns: 1_000, seed },
      ),
    )
    expect(calls).toBe(0)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
    expect((await finish(person.browser, valid)).status).toBe(200)
  })
})

describe('of callbacks that arrive together', () => {
  it.each([2, 20])('%i with one state, exactly one succeeds, by one exchange', async (callbacks) => {
    const person = await signUp()
    const body = await attempt(person.browser)
    let statuses: number[] = []
    const calls = await tokenCallsDuring(async () => {
      const answers = await Promise.all(Array.from({ length: callbacks }, () => finish(person.browser, body)))
      statuses = answers.map(({ status }) => status)
    })
    expect(calls).toBe(1)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 400)).toHaveLength(callbacks - 1)
    expect(await storedFor(await userIdOf(person))).toMatchObject({ tokens: 1, links: 1 })
  })

  it('a cancellation and an approval with one state, exactly one counts', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    const answers = await Promise.all([
      finish(person.browser, body),
      person.browser.post('/api/connect-notion/cancel', { error: 'access_denied', state: body.state }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it('two with states of their own for one workspace leave one live connection', async () => {
    const person = await signUp()
    const bodies = [await attempt(person.browser), await attempt(person.browser)]
    const answers = await Promise.all(bodies.map((body) => finish(person.browser, body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const userId = await userIdOf(person)
    const live = 'user_id = $1 and deleted_at is null'
    expect(await database.count('public.notion_access_token_user', live, [userId])).toBe(1)
    expect(await database.count('public.notion_access_token', live, [userId])).toBe(1)
  })
})

describe('somebody who changes their mind', () => {
  it('has nothing stored, and the state is used up', async () => {
    const person = await signUp()
    const { error, state, code } = await consent(person.browser, 'cancel')
    expect({ error, code }).toEqual({ error: 'access_denied', code: null })
    const calls = await tokenCallsDuring(async () => {
      const answer = await person.browser.post('/api/connect-notion/cancel', { error, state })
      expect(answer.json).toEqual({ outcome: 'cancelled' })
      expectRefusal(
        await person.browser.post('/api/connect-notion/cancel', { error, state }),
        'OAUTH_STATE_INVALID',
      )
      expectRefusal(await finish(person.browser, { code: 'code', state: state ?? '' }), 'OAUTH_STATE_INVALID')
    })
    expect(calls).toBe(0)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
  })

  it('is told apart from a refusal of Notion', async () => {
    const { browser } = await signUp()
    const { state } = await consent(browser, 'cancel')
    const answer = await browser.post('/api/connect-notion/cancel', { error: 'server_error', state })
    expect(answer.json).toEqual({ outcome: 'refused' })
  })

  it("cannot be made by a stranger: another person's state stays usable", async () => {
    const [attacker, victim] = [await signUp(), await signUp()]
    const body = await attempt(victim.browser)
    const cancel = { error: 'access_denied', state: body.state }
    expectRefusal(await attacker.browser.post('/api/connect-notion/cancel', cancel), 'OAUTH_STATE_INVALID')
    expect((await finish(victim.browser, body)).status).toBe(200)
  })
})

describe('signing out on the way', () => {
  it('is answered with "sign in first"; after signing in again the same attempt is finished', async () => {
    const { browser, email, password } = await signUp()
    const body = await attempt(browser)
    await browser.delete('/api/session')
    const calls = await tokenCallsDuring(async () => {
      expectRefusal(await finish(browser, body), 'UNAUTHENTICATED')
    })
    expect(calls).toBe(0)
    await browser.post('/api/session', { email, password })
    expect((await finish(browser, body)).status).toBe(200)
  })
})

describe('when Notion refuses or garbles the exchange, nothing is stored and trying again works', () => {
  const good = {
    access_token: 'ntn_good',
    token_type: 'bearer',
    bot_id: '11111111-1111-4111-8111-111111111111',
    workspace_id: home.seed.id,
    workspace_name: 'home',
  }
  const without = (field: keyof typeof good) => ({ ...good, [field]: undefined })
  const reply = (body: unknown): FaultRule['what'] => ({ kind: 'reply', status: 200, body })
  const faults: Record<string, FaultRule['what']> = {
    'the code is refused (400)': { kind: 'status', status: 400 },
    'the client is refused (401)': { kind: 'status', status: 401 },
    'it is forbidden (403)': { kind: 'status', status: 403 },
    'there is no such address (404)': { kind: 'status', status: 404 },
    'it is asked too often (429)': { kind: 'status', status: 429, retry_after: 1 },
    'it has a problem (500)': { kind: 'status', status: 500 },
    'a proxy answers an HTML page (502)': { kind: 'status', status: 502 },
    'it is unavailable (503)': { kind: 'status', status: 503 },
    'it takes too long itself (504)': { kind: 'status', status: 504 },
    'it is overloaded (529)': { kind: 'status', status: 529 },
    'the reply is cut off in the middle': { kind: 'garbage' },
    'the line breaks in the middle of the reply': { kind: 'truncate' },
    'the reply is a web page (200)': { kind: 'html' },
    'the line breaks': { kind: 'reset' },
    'the line breaks after the code was used': { kind: 'reset', after_commit: true },
    'it sends us elsewhere (307)': {
      kind: 'reply',
      status: 307,
      body: '',
      headers: { location: 'http://127.0.0.1:9/v1/oauth/token' },
    },
    'the access token is missing': reply(without('access_token')),
    'the access token is empty': reply({ ...good, access_token: '' }),
    'the access token is no text': reply({ ...good, access_token: { ntn: 'good' } }),
    'the bot is missing': reply(without('bot_id')),
    'the workspace is missing': reply(without('workspace_id')),
    'the workspace is no id': reply({ ...good, workspace_id: '../../evil' }),
    'the kind of token is missing': reply(without('token_type')),
    'the kind of token is another': reply({ ...good, token_type: 'mac' }),
    'the reply is null': reply(null),
    'the reply is a list': reply([good]),
    'the reply is an error with status 200': reply({ error: 'invalid_grant' }),
  }

  it.each(Object.entries(faults))('%s', async (_, what) => {
    const person = await signUp()
    const body = await attempt(person.browser)
    await notion.fault({ method: 'POST', path: '/v1/oauth/token', what })
    const calls = await tokenCallsDuring(async () => {
      expectRefusal(await finish(person.browser, body), 'NOTION_OAUTH_FAILED')
    })
    // A code is good for one exchange: asking again could only do harm.
    expect(calls).toBe(1)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
    const status = AuthNotionReplySchema.parse((await person.browser.get('/api/auth-notion')).json)
    expect(status).toEqual({ connected: false, workspaces: [] })
    expect((await connect(person.browser, home.seed.id)).workspace.status).toBe('connected')
  })

  it('Notion never answers: the person is told within twenty seconds', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    await notion.fault({ method: 'POST', path: '/v1/oauth/token', what: { kind: 'hang' } })
    const startedAt = performance.now()
    expectRefusal(await finish(person.browser, body), 'NOTION_OAUTH_FAILED')
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
    expect((await connect(person.browser, home.seed.id)).workspace.status).toBe('connected')
  })

  it('a token that cannot be stored is given back to Notion', async () => {
    const person = await signUp()
    const body = await attempt(person.browser)
    // PostgreSQL has no text with this character in it.
    const what = reply({ ...good, access_token: 'ntn_unstorable', workspace_name: 'a\u0000b' })
    await notion.fault({ method: 'POST', path: '/v1/oauth/token', what })
    const before = (await notion.ledger()).entries.at(-1)?.seq ?? 0
    expectRefusal(await finish(person.browser, body), 'INTERNAL')
    const { entries } = await notion.ledger(before)
    expect(entries.filter(({ path }) => path === '/v1/oauth/revoke')).toHaveLength(1)
    expect(await storedFor(await userIdOf(person))).toEqual(NOTHING)
  })
})

describe('connecting again', () => {
  it('the same workspace replaces the token: one live connection with the same id, the old token erased, lists kept', async () => {
    const person = await signUp()
    const userId = await userIdOf(person)
    const first = await connect(person.browser, home.seed.id)
    const made = await person.browser.post('/api/todo-lists', {
      name: 'Mine',
      databaseIds: [home.dataSourceId],
    })
    const { list } = TodoListReplySchema.parse(made.json)
    const [old] = await database.rows<{ id: string }>(
      'select id from public.notion_access_token where user_id = $1',
      [userId],
    )

    const again = await connect(person.browser, home.seed.id)
    expect(again.workspace.connectionId).toBe(first.workspace.connectionId)
    const live = 'user_id = $1 and deleted_at is null'
    expect(await database.count('public.notion_access_token_user', live, [userId])).toBe(1)
    expect(await database.count('public.notion_access_token', live, [userId])).toBe(1)
    const [erased] = await database.rows(
      `select access_token, refresh_token, status, disconnect_reason from public.notion_access_token where id = $1`,
      [old?.id],
    )
    expect(erased).toEqual({
      access_token: null,
      refresh_token: null,
      status: 'disconnected',
      disconnect_reason: 'replaced',
    })
    const { lists } = TodoListsReplySchema.parse((await person.browser.get('/api/todo-lists')).json)
    expect(lists).toEqual([list])
    expect((await person.browser.get('/api/search-notion?refresh=true')).text).toContain('"stale":[]')
  })

  it('another workspace stands beside the first', async () => {
    const { browser } = await signUp()
    const one = await connect(browser, home.seed.id)
    const two = await connect(browser, second.seed.id)
    expect(two.workspace.connectionId).not.toBe(one.workspace.connectionId)
    const status = AuthNotionReplySchema.parse((await browser.get('/api/auth-notion')).json)
    expect(status.workspaces.map(({ name }) => name)).toEqual(['home', 'second'])
    const found = (await browser.get('/api/search-notion')).text
    expect(found).toContain(home.dataSourceId)
    expect(found).toContain(second.dataSourceId)
  })

  it('two people may connect the same workspace; each has their own token', async () => {
    const people = [await signUp(), await signUp()]
    for (const { browser } of people) await connect(browser, home.seed.id)
    for (const person of people) {
      expect(await storedFor(await userIdOf(person))).toEqual({ tokens: 1, links: 1, databases: 1 })
    }
  })
})

describe('several instances, and restarts', () => {
  it('an attempt begun on one instance is finished on another, and after a kill -9 in between', async () => {
    const person = await signUp()
    const [toOther, afterKill] = [await attempt(person.browser), await attempt(person.browser)]
    const port = await findFreePort()
    const other = await startApp(port, stack.environment)
    try {
      const browser = new Browser(other.url)
      for (const [name, value] of person.browser.cookies) browser.cookies.set(name, value)
      expect((await finish(browser, toOther)).status).toBe(200)
      const begunHere = await attempt(browser)
      await other.kill()
      const restarted = await startApp(port, stack.environment)
      try {
        expect((await finish(browser, afterKill)).status).toBe(200)
        expect((await finish(browser, begunHere)).status).toBe(200)
        expectRefusal(await finish(browser, toOther), 'OAUTH_STATE_INVALID')
      } finally {
        await restarted.stop()
      }
    } finally {
      await other.stop()
    }
  })
})

/** Approves at the consent page that a redirect leads to. */
async function approve(location: string | null): Promise<CallbackBody> {
  const authorize = new URL(location ?? '')
  const form = new URLSearchParams({
    ...Object.fromEntries(authorize.searchParams),
    decision: 'approve',
    workspace: home.seed.id,
  })
  const back = await fetch(new URL('/v1/oauth/authorize', authorize), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const { searchParams } = new URL(back.headers.get('location') ?? '')
  return { code: searchParams.get('code') ?? '', state: searchParams.get('state') ?? '' }
}

/** Where a request with hostile headers is sent; `fetch` would not let us set them. */
function locationOf(browser: Browser, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const request = httpRequest(
      new URL(path, browser.origin),
      { headers: { cookie, ...headers } },
      (response) => {
        response.resume()
        resolve(response.headers.location ?? '')
      },
    )
    request.on('error', reject)
    request.end()
  })
}
