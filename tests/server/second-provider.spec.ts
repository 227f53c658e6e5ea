import { createHash } from 'node:crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { cancelConnecting, finishConnecting } from '#server/connections/connect'
import { createSecret } from '#server/connections/oauth-state'
import type { OAuthProvider, ProviderToken } from '#server/connections/providers/provider'
import { startConnecting } from '#server/connections/start'
import type { AppContext } from '#server/context'
import { createServiceDb } from '#server/db/client'
import { readEnvironment } from '#server/environment'
import { AppError } from '#server/errors/app-error'
import { createTokenCipher } from '#server/security/token-cipher'
import { signUp } from '../support/people.ts'

/** A provider nobody has heard of, with PKCE: made here, and known to no file of the app. */
class Elsewhere implements OAuthProvider {
  readonly name = 'elsewhere'
  readonly supportsPkce = true
  readonly exchanged: { code: string; codeVerifier: string | null }[] = []

  authorizationUrl({
    redirectUri,
    state,
    codeChallenge,
  }: Parameters<OAuthProvider['authorizationUrl']>[0]): string {
    const query = {
      redirect_uri: redirectUri,
      state,
      code_challenge: codeChallenge ?? '',
      code_challenge_method: 'S256',
    }
    return `https://elsewhere.test/authorize?${new URLSearchParams(query)}`
  }

  exchangeCode({ code, codeVerifier }: Parameters<OAuthProvider['exchangeCode']>[0]): Promise<ProviderToken> {
    this.exchanged.push({ code, codeVerifier })
    return Promise.resolve({
      accessToken: `elsewhere-${code}`,
      refreshToken: null,
      tokenType: 'bearer',
      botId: 'bot',
      workspaceId: 'elsewhere-workspace',
      workspaceName: 'Elsewhere',
      workspaceIcon: null,
      requestId: null,
      owner: null,
      duplicatedTemplateId: null,
      expiresIn: null,
      warnings: [],
    } as ProviderToken)
  }

  refresh(): never {
    throw new Error('not part of this test')
  }

  revoke(): Promise<void> {
    return Promise.resolve()
  }
}

describe('a second provider', () => {
  const provider = new Elsewhere()
  const pool = new Pool({ connectionString: inject('environment').DATABASE_URL })
  let context: AppContext
  let userId: string

  beforeAll(async () => {
    const environment = readEnvironment({ ...inject('environment'), BASE_URL: inject('appUrl') })
    context = {
      environment,
      db: createServiceDb(environment.SUPABASE_URL, environment.SUPABASE_SECRET_KEY),
      sql: pool,
      takeFromBudget: () => Promise.resolve(),
      giveBackToBudget: () => Promise.resolve(),
      providers: new Map([[provider.name, provider]]),
      cipher: createTokenCipher(environment.CREDENTIAL_ENCRYPTION_KEY),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      sendJob: () => Promise.resolve(),
    }
    const { browser } = await signUp()
    userId = ((await browser.get('/api/session')).json as { user: { id: string } }).user.id
  })
  afterAll(() => pool.end())

  async function start(browserSecret: string) {
    const url = new URL(
      await startConnecting(context, { provider: 'elsewhere', userId, browserSecret, returnTo: '/' }),
    )
    return { state: url.searchParams.get('state') ?? '', challenge: url.searchParams.get('code_challenge') }
  }

  it('connects through the same flow, with a verifier that fits the challenge (RFC 7636)', async () => {
    const browserSecret = createSecret()
    const { state, challenge } = await start(browserSecret)
    const outcome = await finishConnecting(context, {
      provider: 'elsewhere',
      userId,
      browserSecret,
      state,
      code: 'abc',
    })
    expect(outcome.connection.workspaceName).toBe('Elsewhere')
    const { codeVerifier } = provider.exchanged.at(-1) ?? { codeVerifier: '' }
    expect(
      createHash('sha256')
        .update(codeVerifier ?? '')
        .digest('base64url'),
    ).toBe(challenge)
  })

  it('cannot be finished with a state of another provider', async () => {
    const browserSecret = createSecret()
    const { state } = await start(browserSecret)
    context = {
      ...context,
      providers: new Map([
        [provider.name, provider],
        ['notion', provider],
      ]),
    }
    const calls = provider.exchanged.length
    const finish = finishConnecting(context, {
      provider: 'unknown',
      userId,
      browserSecret,
      state,
      code: 'abc',
    })
    await expect(finish).rejects.toThrowError(AppError)
    expect(provider.exchanged).toHaveLength(calls)
    await cancelConnecting(context, { provider: 'elsewhere', userId, browserSecret, state })
  })
})
