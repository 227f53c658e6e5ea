import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectReplySchema } from '../../shared/schemas/connection.ts'
import { Browser } from '../support/browser.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { consent } from '../support/people.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readAgain, tick } from '../support/reader.ts'
import { addressOf, listRoutes } from '../support/routes.ts'
import { readSessionCookie } from '../support/session-cookie.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

const OUTPUT = fileURLToPath(new URL('../../.output/', import.meta.url))
const ACCESS = 'ntn_canary_access_7h1s_mus7_n3v3r_b3_s33n'
const REFRESH = 'nrt_canary_refresh_7h1s_mus7_n3v3r_b3_s33n'
const REFUSED = 'ntn_canary_refused_7h1s_mus7_n3v3r_b3_s33n'
const PASTED = 'ntn_canary_pasted_7h1s_mus7_n3v3r_b3_s33n'
const WRONG = 'ntn_canary_pasted_by_mistake_n3v3r_b3_s33n'
const UNSTORABLE = 'ntn_canary_unstorable_7h1s_mus7_n3v3r_b3'
const PAGES = [
  '/',
  '/today',
  '/databases',
  '/settings',
  '/connect-notion',
  '/login',
  '/privacy',
  '/no-such-page',
  '/_no-such-page',
]
/** What a browser says when a person opens a page; without it an error is answered as data. */
const OPENED = { headers: { accept: 'text/html' } }

let stack: TestStack
let notion: NotionControl
let database: Inspector
let reader: Reader
/** What must never be seen, by name. */
const secrets = new Map<string, string>()

const sandboxFile = (name: string) => readFileSync(join(stack.dir, name))

beforeAll(async () => {
  stack = await startTestStack()
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  Browser.answers.length = 0
  await notion.settings({ rate_limit: 'off' })
  reader = await newReader('canary', { appUrl: stack.app.url, notion, database })
  await live()
}, 120_000)

afterAll(async () => {
  await database?.close()
  await stack?.stop()
})

/** Connects again by way of every failure, with tokens whose strings are known, and uses all there is. */
async function live(): Promise<void> {
  const { browser, workspace } = reader
  const reply = (body: unknown) => ({ kind: 'reply' as const, status: 200, body })
  const good = { token_type: 'bearer', bot_id: reader.botId, workspace_id: workspace.seed.id }
  const failures = [
    reply({ ...good, access_token: REFUSED, token_type: 'mac', refresh_token: REFRESH }),
    reply({ error: 'invalid_grant', error_description: `code and ${REFUSED}`, message: REFUSED }),
    reply({ ...good, access_token: UNSTORABLE, refresh_token: REFRESH, workspace_name: `a\u0000b` }),
  ]
  for (const [index, what] of failures.entries()) {
    await notion.fault({ path: '/v1/oauth/token', what })
    await finish(`failed ${index}`)
  }
  await notion.token({ op: 'next', access_token: ACCESS, refresh_token: REFRESH })
  expect(await finish('used')).toBe(200)
  secrets.set('access token', ACCESS).set('refresh token', REFRESH)
  secrets.set('refused token', REFUSED).set('unstorable token', UNSTORABLE)

  // A token that Notion refuses is traded for a new pair.
  await notion.token({ op: 'next', access_token: ACCESS, refresh_token: REFRESH })
  const body = { object: 'error', status: 401, code: ACCESS, message: ACCESS }
  await notion.fault({ path: '/v1/search', what: { kind: 'reply', status: 401, body } })
  await browser.get('/api/search-notion?refresh=true')
  await notion.token({ op: 'next', access_token: ACCESS, refresh_token: REFRESH })
  expect(await finish('used again')).toBe(200)
  const { todos } = await readAgain(browser)
  await tick(browser, todos.find(({ kind }) => kind === 'block')?.notionId ?? '', true)
  const connectionId = await paste(browser)
  for (const path of PAGES) {
    await browser.get(path)
    await browser.get(path, OPENED)
    await browser.ask('HEAD', path, OPENED)
  }
  for (const route of listRoutes().filter(({ method }) => method === 'GET')) {
    if (route.path.startsWith('/api/auth/')) continue
    await browser.get(addressOf(route).replace(/\/1(?=\/|$)/, `/${connectionId}`))
  }
  // What cannot be read makes no page fail: Nitro would print the whole address.
  for (const [name, value] of [
    ['x-forwarded-host', 'a b'],
    ['cookie', 'roundup_locale=%E0; roundup_sidebar=%E0'],
  ] as const) {
    const answer = await fetch(`${stack.app.url}/confirm?code=${ACCESS}`, { headers: { [name]: value } })
    expect(answer.status).toBe(200)
  }
  await browser.get('/api/search-notion?refresh=true')
  await browser.post('/api/disconnect-notion', { connectionId, lists: 'freeze' })
  await browser.get('/api/auth-notion')
  await notion.token({ op: 'next', access_token: ACCESS, refresh_token: REFRESH })
  expect(await finish('after leaving')).toBe(200)
}

/** Connects with tokens pasted by hand: one that Notion does not know, and one that works. */
async function paste(browser: Browser): Promise<number> {
  const workspace_id = reader.workspace.seed.id
  await browser.post('/api/connect-notion/token', { token: WRONG })
  await browser.post('/api/connect-notion/token', { token: `${WRONG} {}` })
  await notion.token({ op: 'mint', kind: 'internal', workspace_id, token: PASTED })
  const answer = await browser.post('/api/connect-notion/token', { token: PASTED })
  secrets.set('pasted token', PASTED).set('wrong token', WRONG)
  return ConnectReplySchema.parse(answer.json).workspace.connectionId
}

/** One attempt, its code and state noted; the page that Notion leads back to is opened as well. */
async function finish(name: string): Promise<number> {
  const { browser, workspace } = reader
  const { code, state, url } = await consent(browser, 'approve', workspace.seed.id)
  secrets.set(`code (${name})`, code ?? '').set(`state (${name})`, state ?? '')
  await browser.get(url.pathname + url.search)
  await new Browser(stack.app.url).get(url.pathname + url.search)
  await browser.get(`/no-such-page${url.search}`)
  await browser.get(`/no-such-page${url.search}`, OPENED)
  await browser.get(`/api/no-such-route${url.search}`)
  return (await browser.post('/api/connect-notion', { code, state })).status
}

/** A secret as it could hide: plain, escaped, in base64 at any offset, in hex. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset + 2, -4),
  )
  const found = [secret, encodeURIComponent(secret), bytes.toString('hex'), ...inBase64]
  return [...new Set([...found, ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))])]
}

/** Names of the secrets that a text holds in any spelling. */
function secretsIn(text: string | Buffer): string[] {
  return [...secrets].flatMap(([name, secret]) =>
    spellings(secret).some((spelling) => text.includes(spelling)) ? [name] : [],
  )
}

/** A page knows the address it was asked for, which the browser sent and has; only more than that would tell. */
function withoutOwnAddress(request: string, text: string): string {
  const address = request.slice(request.indexOf(' ') + 1)
  if (address.startsWith('/api/')) return text
  return text.replaceAll(address, '').replaceAll(address.replaceAll('/', String.raw`\u002F`), '')
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )
}

describe('tokens, codes and states of known strings', () => {
  it('were really there: Notion gave them out, and the app used them', async () => {
    expect(secrets.size).toBe(6 + 6 * 2)
    for (const [name, secret] of secrets) expect(secret.length, name).toBeGreaterThan(30)
    const state = sandboxFile('notion/state.json').toString()
    expect(state).toContain(ACCESS)
    const { entries } = await notion.ledger()
    expect(entries.filter(({ path }) => path === '/v1/oauth/token').length).toBeGreaterThan(6)
    expect(entries.some(({ tokenKind, status }) => tokenKind === 'internal' && status === 200)).toBe(true)
    expect(secretsIn(`x${Buffer.from(`xx${ACCESS}`).toString('base64')}`)).toEqual(['access token'])
  })

  it('appear in no answer: no body, page, payload or header', () => {
    expect(Browser.answers.length).toBeGreaterThan(50)
    const found = Browser.answers.flatMap(({ request, answer }) => {
      const headers = [...answer.headers].filter(
        // The way to Notion has to carry the state.
        ([name]) => !(request === 'GET /api/auth/notion/start' && name === 'location'),
      )
      const names = secretsIn(withoutOwnAddress(request, `${JSON.stringify(headers)}\n${answer.text}`))
      return names.length > 0 ? [`${request.split('?')[0]}: ${names.join(', ')}`] : []
    })
    expect([...new Set(found)]).toEqual([])
  })

  it('are kept by no cache, where a page repeats its own address to the browser that asked', () => {
    const pages = Browser.answers.filter(({ request }) => /^(GET|HEAD) \/(?!api\/)/.test(request))
    expect(pages.length).toBeGreaterThan(10)
    for (const { request, answer } of pages) {
      expect(answer.headers.get('cache-control'), request).toMatch(/no-store/)
      expect(answer.headers.get('referrer-policy'), request).toBe('no-referrer')
    }
  })

  it('appear in no address but the one Notion needs, and there only the state', () => {
    for (const { request, answer } of Browser.answers) {
      const names = secretsIn(withoutOwnAddress(request, answer.headers.get('location') ?? ''))
      expect(names.filter((name) => !name.startsWith('state'))).toEqual([])
    }
  })

  it('appear in no line of the log', () => {
    expect(stack.app.output()).toContain('connect.exchange_failed')
    expect(secretsIn(stack.app.output())).toEqual([])
  })

  it('appear in no table: a dump of the database is worth nothing', async () => {
    const dump = await database.dump()
    expect([...dump.keys()]).toContain('public.notion_access_token')
    expect(dump.get('public.notion_access_token')).toContain('eyJ')
    const found = [...dump].flatMap(([table, rows]) => secretsIn(rows).map((name) => `${table}: ${name}`))
    expect(found).toEqual([])
  })

  it("appear in no file of the database or its neighbours: Notion's own are the only ones that hold them", () => {
    const files = filesBelow(stack.dir).filter((file) => !file.includes('/notion/'))
    expect(files.length).toBeGreaterThan(500)
    const found = files.flatMap((file) => secretsIn(readFileSync(file)).map((name) => `${file}: ${name}`))
    expect(found).toEqual([])
  })
})

describe("the installation's own secrets", () => {
  const own = () => {
    const { environment } = stack
    const names = [
      'SUPABASE_SECRET_KEY',
      'CREDENTIAL_ENCRYPTION_KEY',
      'NOTION_OAUTH_CLIENT_SECRET',
      'DATABASE_URL',
    ]
    return names.map((name): [string, string] => [name, environment[name] ?? ''])
  }

  it('appear in no answer and in no line of the log', () => {
    const password = new URL(stack.environment.DATABASE_URL ?? '').password
    for (const [name, value] of [...own(), ['database password', password] as const]) {
      expect(value.length, name).toBeGreaterThan(8)
      expect(stack.app.output().includes(value), name).toBe(false)
      const holding = Browser.answers.filter(({ answer }) => answer.text.includes(value))
      expect(
        holding.map(({ request }) => request),
        name,
      ).toEqual([])
    }
  })

  it('have no place in what browsers download: neither values nor the names of the settings', () => {
    const files = filesBelow(join(OUTPUT, 'public'))
    expect(files.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(5)
    for (const file of files) {
      const text = readFileSync(file)
      for (const [name, value] of own()) {
        expect(text.includes(value), `${name} in ${file}`).toBe(false)
        expect(text.includes(name), `${name} in ${file}`).toBe(false)
      }
      expect(file.endsWith('.map'), file).toBe(false)
    }
  })

  it('are read at start: none is part of the build', () => {
    const environment = own().filter(([name]) => name !== 'NOTION_OAUTH_CLIENT_SECRET')
    for (const file of filesBelow(join(OUTPUT, 'server')).filter((name) => name.endsWith('.mjs'))) {
      const text = readFileSync(file)
      for (const [name, value] of environment) expect(text.includes(value), `${name} in ${file}`).toBe(false)
    }
  })
})

describe('people in the log', () => {
  it('are neither named nor addressed, and their sessions and to-dos are not quoted', () => {
    const log = stack.app.output()
    const { access_token, refresh_token } = readSessionCookie(reader.browser)
    for (const secret of ['@people.test', access_token, refresh_token, reader.userId, 'one below']) {
      expect(log.includes(secret), secret.slice(0, 12)).toBe(false)
    }
  })
})
