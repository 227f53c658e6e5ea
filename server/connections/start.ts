import { createHash } from 'node:crypto'
import type { AppContext } from '#server/context'
import { storeOAuthState } from '#server/db/oauth-states'
import { AppError } from '#server/errors/app-error'
import { createSecret, hashSecret } from './oauth-state'

/** The page Notion sends people back to; also what has to be registered there, to the letter. */
export function redirectUriOf(baseUrl: string): string {
  return `${baseUrl}/connect-notion`
}

/**
 * Begins a connect attempt: the state is stored before anybody is sent anywhere.
 *
 * @param request.browserSecret the browser's binding cookie, so that a state works nowhere else
 * @param request.returnTo a local path, checked by the caller
 * @returns the provider's consent page
 * @throws {AppError} NOT_FOUND for an unknown provider
 * @throws {DatabaseError} when the state could not be stored: then there is no redirect
 */
export async function startConnecting(
  context: AppContext,
  request: { provider: string; userId: string; browserSecret: string; returnTo: string },
): Promise<string> {
  const provider = context.providers.get(request.provider)
  if (!provider) throw new AppError('NOT_FOUND')
  const state = createSecret()
  const codeVerifier = provider.supportsPkce ? createSecret() : null
  const redirectUri = redirectUriOf(context.environment.BASE_URL)
  await storeOAuthState(context.db, {
    stateHash: hashSecret(state),
    userId: request.userId,
    provider: provider.name,
    redirectUri,
    returnTo: request.returnTo,
    browserHash: hashSecret(request.browserSecret),
    codeVerifier,
  })
  return provider.authorizationUrl({
    redirectUri,
    state,
    codeChallenge: codeVerifier && challengeOf(codeVerifier),
  })
}

/** RFC 7636 §4.2, method S256. */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
