import type { AppContext } from '#server/context'
import type { ConsumedOAuthState } from '#server/db/oauth-states'
import { consumeOAuthState } from '#server/db/oauth-states'
import { AppError } from '#server/errors/app-error'
import { describeError } from '#server/logging/logger'
import { hashSecret, isSecret } from './oauth-state'
import type { OAuthProvider, ProviderToken } from './providers/provider'
import type { Settled } from './settle'
import { settle } from './settle'
import { link } from './user-token'

/** What a browser brings back from the consent page, and whose session it is. */
interface Callback {
  provider: string
  userId: string
  state: string
  browserSecret: string | undefined
}

export type ConnectOutcome = Settled & { returnTo: string }

/**
 * Finishes a connect attempt. The state is used up before the code is looked at, so one state leads to one
 * exchange at the most, whatever else is wrong.
 *
 * @throws {AppError} OAUTH_STATE_INVALID before anything is sent; NOTION_OAUTH_FAILED when the exchange fails
 * @throws {DatabaseError} when the token cannot be stored: then it is given back
 */
export async function finishConnecting(
  context: AppContext,
  callback: Callback & { code: string },
): Promise<ConnectOutcome> {
  const { provider, state } = await takeState(context, callback)
  const token = await exchange(context, provider, state, callback.code)
  const connectionId = await store(context, provider, callback.userId, token)
  return { ...(await settle(context, callback.userId, connectionId)), returnTo: state.returnTo }
}

/**
 * The person, or Notion, said no: nothing is stored and the state is used up.
 *
 * @throws {AppError} OAUTH_STATE_INVALID
 */
export async function cancelConnecting(context: AppContext, callback: Callback): Promise<void> {
  await takeState(context, callback)
}

async function takeState(
  context: AppContext,
  callback: Callback,
): Promise<{ provider: OAuthProvider; state: ConsumedOAuthState }> {
  const provider = context.providers.get(callback.provider)
  if (!provider || !isSecret(callback.state) || !isSecret(callback.browserSecret)) {
    throw new AppError('OAUTH_STATE_INVALID')
  }
  const state = await consumeOAuthState(context.db, {
    stateHash: hashSecret(callback.state),
    userId: callback.userId,
    provider: provider.name,
    browserHash: hashSecret(callback.browserSecret),
  })
  if (!state) throw new AppError('OAUTH_STATE_INVALID')
  return { provider, state }
}

async function exchange(
  context: AppContext,
  provider: OAuthProvider,
  state: ConsumedOAuthState,
  code: string,
): Promise<ProviderToken> {
  try {
    const token = await provider.exchangeCode({
      code,
      redirectUri: state.redirectUri,
      codeVerifier: state.codeVerifier,
    })
    for (const warning of token.warnings) context.log.warn({ event: 'connect.warning', warning })
    return token
  } catch (cause) {
    context.log.warn({ event: 'connect.exchange_failed', ...describeError(cause) })
    throw new AppError('NOTION_OAUTH_FAILED', { cause })
  }
}

async function store(
  context: AppContext,
  provider: OAuthProvider,
  userId: string,
  token: ProviderToken,
): Promise<number> {
  try {
    return await link(context, userId, token, { kind: 'oauth', provider: provider.name })
  } catch (cause) {
    // Nobody would ever use this token: better that it stops working.
    await provider.revoke(token.accessToken).catch((error: unknown) => {
      context.log.warn({ event: 'connect.revoke_failed', ...describeError(error) })
    })
    throw cause
  }
}
