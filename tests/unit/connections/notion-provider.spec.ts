import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { notionProvider } from '#server/connections/providers/notion'
import type { OAuthProvider } from '#server/connections/providers/provider'
import { readEnvironment } from '#server/environment'
import { NotionError } from '#server/notion/errors'

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
})

/** A Notion that answers every request with this. */
async function answering(status: number, body: unknown): Promise<OAuthProvider> {
  server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return notionProvider(
    readEnvironment({
      SUPABASE_URL: 'http://localhost:1',
      SUPABASE_KEY: 'key',
      SUPABASE_SECRET_KEY: 'secret',
      DATABASE_URL: 'postgresql://localhost/none',
      NOTION_OAUTH_CLIENT_ID: 'id',
      NOTION_OAUTH_CLIENT_SECRET: 'secret',
      NOTION_API_URL: `http://127.0.0.1:${port}`,
      CREDENTIAL_ENCRYPTION_KEY: 'k'.repeat(32),
    }),
  )
}

const PAIR = {
  access_token: 'ntn_new',
  token_type: 'bearer',
  refresh_token: 'nrt_new',
  bot_id: 'bot',
  workspace_id: '00000000-0000-4000-8000-000000000001',
  workspace_name: null,
  workspace_icon: null,
  owner: { type: 'workspace', workspace: true },
  duplicated_template_id: null,
}

describe('refreshing at Notion', () => {
  it('answers the new pair, and how long it lives where Notion tells', async () => {
    const pair = await (await answering(200, { ...PAIR, expires_in: 3_600 })).refresh('nrt_old')
    expect(pair).toMatchObject({ accessToken: 'ntn_new', refreshToken: 'nrt_new', expiresIn: 3_600 })
  })

  it('answers null when the grant is over', async () => {
    expect(await (await answering(400, { code: 'invalid_grant' })).refresh('nrt_old')).toBeNull()
    server?.close()
    expect(await (await answering(400, { error: 'invalid_grant' })).refresh('nrt_old')).toBeNull()
  })

  it.each([
    [401, { code: 'invalid_client' }],
    [400, { code: 'unauthorized_client' }],
    [400, { code: 'invalid_request' }],
    [403, { code: 'test_env_error' }],
    [429, { code: 'rate_limited' }],
    [500, { code: 'internal_server_error' }],
    [503, { code: 'service_unavailable' }],
    [200, { access_token: 'ntn_half_a_reply' }],
    [502, 'not what was expected'],
  ])('throws for %d %j: the old pair may still be good', async (status, body) => {
    const refresh = (await answering(status, body)).refresh('nrt_old')
    await expect(refresh).rejects.toThrow(NotionError)
    await expect(refresh).rejects.not.toThrow('nrt_old')
  })
})
