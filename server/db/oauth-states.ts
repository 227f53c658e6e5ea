import type { Db } from './client'
import { done, rows } from './client'

export interface OAuthStateRecord {
  stateHash: string
  userId: string
  provider: string
  redirectUri: string
  returnTo: string
  browserHash: string
  codeVerifier: string | null
}

export interface ConsumedOAuthState {
  redirectUri: string
  returnTo: string
  codeVerifier: string | null
}

/** Stores a state; it lives ten minutes by the database's clock. @throws {DatabaseError} */
export async function storeOAuthState(db: Db, state: OAuthStateRecord): Promise<void> {
  done(
    'oauthStates.store',
    await db.rpc('store_oauth_state', {
      p_state_hash: state.stateHash,
      p_user: state.userId,
      p_provider: state.provider,
      p_redirect_uri: state.redirectUri,
      p_return_to: state.returnTo,
      p_browser_hash: state.browserHash,
      p_code_verifier: state.codeVerifier ?? undefined,
    }),
  )
}

/**
 * Uses a state up by one compare-and-set: unknown, expired, used, and someone else's all answer null.
 *
 * @throws {DatabaseError}
 */
export async function consumeOAuthState(
  db: Db,
  key: Pick<OAuthStateRecord, 'stateHash' | 'userId' | 'provider' | 'browserHash'>,
): Promise<ConsumedOAuthState | null> {
  const found = rows(
    'oauthStates.consume',
    await db.rpc('consume_oauth_state', {
      p_state_hash: key.stateHash,
      p_user: key.userId,
      p_provider: key.provider,
      p_browser_hash: key.browserHash,
    }),
  )[0]
  if (!found) return null
  return { redirectUri: found.redirect_uri, returnTo: found.return_to, codeVerifier: found.code_verifier }
}
