import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Member } from '../support/database.ts'
import { openPostgres, openServiceDb, signUpMember } from '../support/database.ts'
import type { World } from './fixtures.ts'
import { makeWorld } from './fixtures.ts'

// R29: the columns of a token that no browser role reads, not even of its own rows.

const SECRET_COLUMNS = [
  'access_token',
  'refresh_token',
  'token_fingerprint',
  'key_id',
  'owner',
  'bot_id',
  'request_id',
] as const
const TABLE = 'notion_access_token'

let pool: Pool
let member: Member
let world: World
/** Text that would have to be in an answer that gives a secret away. */
let canaries: string[]

beforeAll(async () => {
  pool = openPostgres()
  member = await signUpMember()
  world = await makeWorld(openServiceDb(), member.id)
  const token = world.notion_access_token
  canaries = SECRET_COLUMNS.map((column) => JSON.stringify(token?.[column]).replace(/^"|"$/g, ''))
  expect(canaries.every((canary) => canary.length > 10)).toBe(true)
})
afterAll(() => pool.end())

/** Asks the REST interface as a browser does. */
async function ask(path: string, init: RequestInit = {}, isSignedIn = true) {
  const response = await fetch(`${inject('supabaseUrl')}/rest/v1/${path}`, {
    ...init,
    headers: {
      apikey: inject('supabaseKey'),
      ...(isSignedIn && { authorization: `Bearer ${member.accessToken}` }),
      'content-type': 'application/json',
      ...init.headers,
    },
  })
  const text = await response.text()
  for (const canary of canaries) expect(text, path).not.toContain(canary)
  return { status: response.status, text }
}

it('lets a browser read the columns that are meant for it', async () => {
  const { status, text } = await ask(`${TABLE}?select=id,workspace_name,status`)
  expect([status, JSON.parse(text)]).toEqual([
    200,
    [{ id: world.notion_access_token?.id, workspace_name: null, status: 'connected' }],
  ])
})

it('grants them to no browser role', async () => {
  const { rows } = await pool.query(
    `select r || ' ' || c as name from unnest(array['anon', 'authenticated']) r cross join unnest($1::text[]) c
     where has_column_privilege(r, 'public.${TABLE}', c, 'SELECT, INSERT, UPDATE, REFERENCES')`,
    [SECRET_COLUMNS],
  )
  expect(rows).toEqual([])
})

it.each([
  'select=*',
  '',
  'select=id,secret:access_token',
  'select=id,count()',
  'select=id,token:notion_access_token_user(*,notion_access_token(*))',
])('refuses %s', async (query) => {
  expect((await ask(`${TABLE}?${query}`)).status).toBeGreaterThanOrEqual(400)
})

describe.each(SECRET_COLUMNS)('%s', (column) => {
  it.each([
    `${TABLE}?select=${column}`,
    `${TABLE}?select=id,${column}::text`,
    `${TABLE}?select=id&order=${column}`,
    `${TABLE}?select=id&${column}=not.is.null`,
    `${TABLE}?select=id&or=(id.gt.0,${column}.is.null)`,
    `notion_access_token_user?select=id,notion_access_token(${column})`,
    `notion_access_token_user?select=id,notion_access_token!inner(id)&notion_access_token.${column}=not.is.null`,
    `notion_access_token_user?select=id,notion_access_token(id)&order=notion_access_token(${column})`,
    `notion_database?select=id,notion_access_token_user(notion_access_token(${column}))`,
  ])('is refused in %s', async (path) => {
    const { status, text } = await ask(path)
    // 42703: what was not selected, and cannot be, does not exist for the order of embedded rows.
    expect([403, 400], text).toContain(status)
    expect(text).toMatch(status === 403 ? '42501' : '42703')
  })

  it('is refused in the answer to a write', async () => {
    const { status } = await ask(`${TABLE}?select=${column}`, {
      method: 'PATCH',
      body: JSON.stringify({ status: 'expired' }),
      headers: { prefer: 'return=representation' },
    })
    expect(status).toBe(403)
  })
})

it('shows in no other form of an answer', async () => {
  for (const accept of ['text/csv', 'application/geo+json', 'application/vnd.pgrst.plan+json']) {
    expect((await ask(`${TABLE}?select=*`, { headers: { accept } })).status).toBeGreaterThanOrEqual(400)
  }
})

it('is out of reach of every function: none can be called', async () => {
  const { rows } = await pool.query<{ name: string; args: string[] | null }>(
    "select proname as name, proargnames as args from pg_proc where pronamespace = 'public'::regnamespace",
  )
  expect(rows.length).toBeGreaterThan(10)
  for (const { name, args } of rows) {
    const body = JSON.stringify(Object.fromEntries((args ?? []).map((argument) => [argument, null])))
    for (const isSignedIn of [true, false]) {
      const { status, text } = await ask(`rpc/${name}`, { method: 'POST', body }, isSignedIn)
      expect([401, 403, 404], `${name}: ${text}`).toContain(status)
    }
  }
})

it('is not described to browsers, nor is any function', async () => {
  const visitor = await ask('', {}, false)
  expect(visitor.text).not.toContain('notion_access_token')
  expect(visitor.text).not.toContain('/rpc/')
  const { text } = await ask('')
  expect(text).not.toContain('/rpc/')
  expect(text).not.toContain('oauth_states')
})
