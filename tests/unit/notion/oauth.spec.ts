import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  authorizationUrl,
  exchangeCode,
  introspectToken,
  refreshTokens,
  revokeToken,
} from '#server/notion/oauth'
import { id } from './fake-api'

const good = {
  access_token: 'ntn_canary',
  token_type: 'bearer',
  refresh_token: 'nrt_canary',
  bot_id: id(1),
  workspace_id: id(2),
  workspace_name: 'Acme',
  workspace_icon: null,
  owner: { type: 'user', user: { object: 'user', id: id(3) } },
  duplicated_template_id: null,
  request_id: id(4),
  brand_new_field: { anything: true },
}

let server: Server | undefined
const received: { path: string | undefined; authorization: string | undefined; body: unknown }[] = []

/** Starts a server that answers every request the same way; answers its origin. */
async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  received.length = 0
  server = createServer((request: IncomingMessage, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      received.push({
        path: request.url,
        authorization: request.headers.authorization,
        body: JSON.parse(text),
      })
      answer(response)
    })
  })
  const listening = server
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

afterEach(() => {
  vi.useRealTimers()
  server?.closeAllConnections()
  server?.close()
})

const app = (apiUrl: string) => ({ apiUrl, clientId: 'client id', clientSecret: 'se:cret' })
const exchange = (apiUrl: string) =>
  exchangeCode({ ...app(apiUrl), code: 'code-1', redirectUri: 'https://app.test/connect-notion' })

describe('authorizationUrl', () => {
  it('carries everything Notion asks for', () => {
    const url = new URL(
      authorizationUrl({
        apiUrl: 'https://api.notion.com/',
        clientId: 'a b&c',
        redirectUri: 'https://app.test/connect-notion',
        state: 's=1',
      }),
    )
    expect(url.origin + url.pathname).toBe('https://api.notion.com/v1/oauth/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'a b&c',
      redirect_uri: 'https://app.test/connect-notion',
      response_type: 'code',
      owner: 'user',
      state: 's=1',
    })
  })
})

describe('exchangeCode', () => {
  it('sends the code with the client in Basic auth, once, and answers what Notion gave', async () => {
    const tokens = await exchange(await serve(json(200, good)))
    expect(received).toEqual([
      {
        path: '/v1/oauth/token',
        authorization: `Basic ${Buffer.from('client id:se:cret').toString('base64')}`,
        body: {
          grant_type: 'authorization_code',
          code: 'code-1',
          redirect_uri: 'https://app.test/connect-notion',
        },
      },
    ])
    expect(tokens).toEqual({
      accessToken: 'ntn_canary',
      tokenType: 'bearer',
      refreshToken: 'nrt_canary',
      botId: id(1),
      workspaceId: id(2),
      workspaceName: 'Acme',
      workspaceIcon: null,
      owner: good.owner,
      duplicatedTemplateId: null,
      requestId: id(4),
      expiresIn: null,
      warnings: [],
    })
  })

  it('takes a token of a new look with a warning, and Bearer in capitals', async () => {
    const reply = { ...good, access_token: 'xyz_1', token_type: 'Bearer', refresh_token: undefined }
    expect(await exchange(await serve(json(200, reply)))).toMatchObject({
      accessToken: 'xyz_1',
      refreshToken: null,
      warnings: ['unknown_token_prefix'],
    })
  })

  it.each<[string, unknown]>([
    ['no token', { ...good, access_token: undefined }],
    ['an empty token', { ...good, access_token: '' }],
    ['a token that is a number', { ...good, access_token: 7 }],
    ['another type of token', { ...good, token_type: 'mac' }],
    ['no type of token', { ...good, token_type: undefined }],
    ['no bot', { ...good, bot_id: undefined }],
    ['no workspace', { ...good, workspace_id: undefined }],
    ['a workspace that is none', { ...good, workspace_id: 'here' }],
    ['a list', [good]],
    ['nothing', null],
    ['an error with 200', { error: 'invalid_grant' }],
  ])('does not take a reply with %s', async (_name, reply) => {
    const error: unknown = await exchange(await serve(json(200, reply))).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'NotionError', kind: 'invalid_reply' })
    expect(String(error)).not.toContain('canary')
  })

  it.each<[number, unknown, string]>([
    [400, { error: 'invalid_grant' }, 'oauth_refused'],
    [400, { object: 'error', status: 400, code: 'invalid_request', message: 'bad' }, 'oauth_refused'],
    [400, { object: 'error', status: 400, code: 'validation_error', message: 'bad' }, 'oauth_refused'],
    [401, { error: 'invalid_client' }, 'oauth_refused'],
    [401, { object: 'error', status: 401, code: 'unauthorized', message: 'bad' }, 'oauth_refused'],
    [403, { object: 'error', status: 403, code: 'restricted_resource', message: 'bad' }, 'oauth_refused'],
    [404, {}, 'oauth_refused'],
    [409, { object: 'error', status: 409, code: 'conflict_error', message: 'bad' }, 'oauth_refused'],
    [429, { object: 'error', status: 429, code: 'rate_limited', message: 'slow' }, 'rate_limited'],
    [500, { object: 'error', status: 500, code: 'internal_server_error', message: 'oh' }, 'api_error'],
    [503, {}, 'unavailable'],
    [529, {}, 'rate_limited'],
  ])('%i %j is %s, and is not tried again', async (status, body, kind) => {
    await expect(exchange(await serve(json(status, body)))).rejects.toMatchObject({ kind })
    expect(received).toHaveLength(1)
  })

  it.each([200, 400, 502])('HTML with %i is an error like any other', async (status) => {
    const origin = await serve((response) => response.writeHead(status).end('<html>hello</html>'))
    const kinds = { 200: 'invalid_reply', 400: 'oauth_refused', 502: 'unavailable' }
    await expect(exchange(origin)).rejects.toMatchObject({
      name: 'NotionError',
      kind: kinds[status as keyof typeof kinds],
    })
  })

  it('a connection that breaks is unavailable', async () => {
    await expect(exchange(await serve((response) => response.destroy()))).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })

  it('an exchange without an end is given up after fifteen seconds', async () => {
    const origin = await serve((response) => response.write('{'))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const failed = exchange(origin).catch((cause: unknown) => cause)
    await vi.waitFor(() => expect(received).toHaveLength(1))
    vi.advanceTimersByTime(15_000)
    expect(await failed).toMatchObject({ kind: 'unavailable' })
  })

  it('can be aborted', async () => {
    const abort = new AbortController()
    const origin = await serve(() => abort.abort())
    const failed = exchangeCode({ ...app(origin), code: 'c', redirectUri: 'r', signal: abort.signal })
    await expect(failed).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('the other grants', () => {
  it('refreshes', async () => {
    const origin = await serve(json(200, { ...good, access_token: 'ntn_2', refresh_token: 'nrt_2' }))
    const tokens = await refreshTokens({ ...app(origin), refreshToken: 'nrt_1' })
    expect(tokens).toMatchObject({ accessToken: 'ntn_2', refreshToken: 'nrt_2' })
    expect(received[0]?.body).toEqual({ grant_type: 'refresh_token', refresh_token: 'nrt_1' })
  })

  it('revokes', async () => {
    await revokeToken({ ...app(await serve(json(200, {}))), token: 'ntn_1' })
    expect(received[0]).toMatchObject({ path: '/v1/oauth/revoke', body: { token: 'ntn_1' } })
  })

  it('introspects', async () => {
    const origin = await serve(json(200, { active: false }))
    expect(await introspectToken({ ...app(origin), token: 'ntn_1' })).toEqual({ active: false })
    expect(received[0]).toMatchObject({ path: '/v1/oauth/introspect', body: { token: 'ntn_1' } })
  })

  it('does not take nonsense for an answer', async () => {
    const origin = await serve(json(200, { active: 'yes' }))
    await expect(introspectToken({ ...app(origin), token: 't' })).rejects.toMatchObject({
      kind: 'invalid_reply',
    })
  })
})
