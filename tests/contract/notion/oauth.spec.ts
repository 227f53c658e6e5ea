import { describe, expect, it } from 'vitest'
import { demoWorkspaces } from '../../../sandbox/notion/demo/workspaces.ts'
import { seededId } from '../../../sandbox/notion/ids.ts'
import { CODE_LIFETIME_MS } from '../../../sandbox/notion/oauth-codes.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../../../sandbox/notion/server.ts'
import { errorOf, REDIRECT_URI, useContract } from './harness.ts'

let now = Date.parse('2026-11-20T12:00:00Z')
const contract = useContract({ seed: () => demoWorkspaces(new Date(now)), clock: () => now })

const basic = (secret: string) => `Basic ${Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64')}`
const authorization = basic(CLIENT_SECRET)

function exchange(body: unknown, options: { authorization?: string; version?: string | null } = {}) {
  return contract().raw('POST', '/v1/oauth/token', { authorization, ...options, body })
}

function authorizeUrl(fields: Record<string, string>): string {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    owner: 'user',
    state: '<state>&"',
    ...fields,
  })
  return `/v1/oauth/authorize?${query}`
}

describe('the consent page', () => {
  it('names the workspace, lists its pages and works without scripts', async () => {
    const page = await contract().raw('GET', authorizeUrl({}))
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.text).toContain('Connect Roundup to Acme')
    expect(page.text).toContain('Side projects')
    expect(page.text).toContain('Meeting notes')
    expect(page.text).not.toContain('diary')
    expect(page.text).not.toMatch(/<script/)
    expect(page.text).toContain('value="&lt;state&gt;&amp;&quot;"')
  })

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['another host', { redirect_uri: 'https://evil.example/connect-notion' }],
    ['another path of this machine', { redirect_uri: 'http://localhost:3000/elsewhere' }],
    ['a query smuggled into the address', { redirect_uri: `${REDIRECT_URI}?next=1` }],
    ['a name before the host', { redirect_uri: 'http://localhost@evil.example/connect-notion' }],
    ['no address', { redirect_uri: '' }],
  ])('sends nobody anywhere for %s', async (_case, fields) => {
    const page = await contract().raw('GET', authorizeUrl(fields))
    expect(page.status).toBe(400)
    expect(page.headers.get('location')).toBeNull()
  })

  it('sends a cancel back as access_denied, with the state', async () => {
    const { location } = await contract().authorize({ decision: 'cancel' })
    expect(location.searchParams.get('error')).toBe('access_denied')
    expect(location.searchParams.get('state')).toBe('opaque-state')
    expect(location.searchParams.has('code')).toBe(false)
  })

  it('shares what was ticked and nothing else', async () => {
    const { client } = contract()
    const none = await contract().connect({ picked: 'listed' })
    expect((await client.search({ auth: none })).results).toEqual([])
    const one = await contract().connect({ picked: 'listed', page_ids: seededId('db:tasks') })
    const found = await client.search({ auth: one, filter: { property: 'object', value: 'data_source' } })
    expect(found.results.map(({ id }) => id)).toEqual([seededId('ds:tasks')])
    await expect(
      client.dataSources.query({ auth: one, data_source_id: seededId('ds:projects') }),
    ).rejects.toMatchObject({ code: 'object_not_found' })
  })

  it('gives each person of a workspace a bot of their own, and the same one again', async () => {
    const connectAs = async (user: string) =>
      contract().exchange((await contract().authorize({ user_id: seededId(`user:${user}`) })).code)
    const ada = await connectAs('ada')
    const ben = await connectAs('ben')
    expect(ben.bot_id).not.toBe(ada.bot_id)
    expect((await connectAs('ada')).bot_id).toBe(ada.bot_id)
    const side = await contract().authorize({ workspace: seededId('workspace:side-projects') })
    expect(await contract().exchange(side.code)).toMatchObject({ workspace_name: 'Side projects' })
  })
})

describe('the token endpoint', () => {
  it('takes a code once, for its own address, within ten minutes', async () => {
    const grant = (code: string, redirect_uri = REDIRECT_URI) => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri,
    })
    const { code } = await contract().authorize()
    expect((await exchange(grant(code))).status).toBe(200)
    expect(errorOf(await exchange(grant(code)))).toMatchObject({ status: 400, code: 'invalid_grant' })

    const elsewhere = await contract().authorize()
    const wrong = await exchange(grant(elsewhere.code, 'http://localhost:4000/connect-notion'))
    expect(errorOf(wrong).code).toBe('invalid_grant')

    const late = await contract().authorize()
    now += CODE_LIFETIME_MS
    expect(errorOf(await exchange(grant(late.code))).code).toBe('invalid_grant')
  })

  it.each([
    ['a missing redirect_uri', { grant_type: 'authorization_code', code: 'x' }, 'invalid_request'],
    [
      'an unknown field',
      { grant_type: 'refresh_token', refresh_token: 'x', scope: 'all' },
      'invalid_request',
    ],
    ['an unknown grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a made-up refresh token', { grant_type: 'refresh_token', refresh_token: 'nrt_x' }, 'invalid_grant'],
  ])('refuses %s', async (_case, body, code) => {
    const reply = await exchange(body)
    expect(errorOf(reply)).toMatchObject({ status: 400, code })
    contract().judge('POST', '/v1/oauth/token', reply.status, reply.text)
  })

  it('refuses a wrong or missing client secret, and a missing version', async () => {
    const body = { grant_type: 'refresh_token', refresh_token: 'x' }
    expect(errorOf(await exchange(body, { authorization: basic('wrong') })).code).toBe('invalid_client')
    const without = await contract().raw('POST', '/v1/oauth/token', { body })
    expect(errorOf(without)).toMatchObject({ status: 401, code: 'invalid_client' })
    expect(errorOf(await exchange(body, { version: null })).code).toBe('missing_version')
  })

  it('rotates both tokens on refresh and refuses the old ones', async () => {
    const first = await contract().exchange((await contract().authorize()).code)
    const refreshBody = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    expect((await exchange(refreshBody)).status).toBe(200)
    expect(errorOf(await exchange(refreshBody)).code).toBe('invalid_grant')
    await expect(contract().withToken(first.access_token).users.me({})).rejects.toMatchObject({
      code: 'unauthorized',
    })
  })
})
