import type { Json } from '#shared/types/database.types'
import type { AppContext } from '#server/context'
import type { SealedToken, TokenRecord } from '#server/db/connections'
import { describeError } from '#server/logging/logger'
import { TokenCipherError } from '#server/security/token-cipher'
import type { ProviderToken } from './providers/provider'

/**
 * Where tokens are closed and opened. Only the files of this folder import it (a test sees to that), and none
 * of them hands an open token on.
 */

/** The owner a ciphertext is bound to: in any other row it cannot be opened. */
type Owner = Pick<SealedToken, 'userId' | 'workspaceId'>

/** A provider's reply as it is stored: both tokens encrypted for their owner. */
export async function sealToken(
  context: AppContext,
  userId: string,
  token: ProviderToken,
  origin: Pick<TokenRecord, 'kind' | 'provider'>,
): Promise<TokenRecord> {
  const { cipher } = context
  return {
    ...origin,
    ...(await sealPair(context, { userId, workspaceId: token.workspaceId }, token)),
    botId: token.botId,
    keyId: cipher.keyId,
    tokenFingerprint: cipher.fingerprint(token.accessToken, userId),
    tokenType: token.tokenType,
    expiresIn: token.expiresIn,
    workspaceId: token.workspaceId,
    workspaceName: token.workspaceName,
    workspaceIcon: token.workspaceIcon,
    requestId: token.requestId,
    // Parsed from JSON, so it is JSON.
    owner: token.owner as Json,
    duplicatedTemplateId: token.duplicatedTemplateId,
  }
}

/** Both tokens of a pair, encrypted for their owner. */
export async function sealPair(
  { cipher }: Pick<AppContext, 'cipher'>,
  { userId, workspaceId }: Owner,
  pair: { accessToken: string; refreshToken: string | null },
): Promise<{ accessToken: string; refreshToken: string | null }> {
  const seal = (token: string, purpose: 'access' | 'refresh') =>
    cipher.encrypt(token, { userId, workspaceId, purpose })
  return {
    accessToken: await seal(pair.accessToken, 'access'),
    refreshToken: pair.refreshToken && (await seal(pair.refreshToken, 'refresh')),
  }
}

/** @throws {TokenCipherError} when it cannot be opened; that is logged */
export function openAccessToken(context: AppContext, token: SealedToken): Promise<string> {
  return open(context, token, token.accessToken, 'access')
}

/** @throws {TokenCipherError} when it cannot be opened; that is logged */
export async function openRefreshToken(context: AppContext, token: SealedToken): Promise<string | null> {
  return token.refreshToken && (await open(context, token, token.refreshToken, 'refresh'))
}

async function open(
  { cipher, log }: AppContext,
  { tokenId, userId, workspaceId }: SealedToken,
  ciphertext: string,
  purpose: 'access' | 'refresh',
): Promise<string> {
  try {
    return await cipher.decrypt(ciphertext, { userId, workspaceId, purpose })
  } catch (cause) {
    if (cause instanceof TokenCipherError)
      log.error({ event: 'vault.unreadable', tokenId, ...describeError(cause) })
    throw cause
  }
}
