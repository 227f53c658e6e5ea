import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppContext } from '#server/context'
import type { SealedToken } from '#server/db/connections'
import { findSealedToken, requireReauthorization } from '#server/db/connections'
import { claimRefresh, releaseRefresh, saveRefresh } from '#server/db/refresh-leases'
import { AppError } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import type { ProviderToken } from './providers/provider'
import { giveBack } from './revoke'
import { openRefreshToken, sealPair } from './tokens'

/** Longer than a provider may take to answer and the database to store it. */
const LEASE_MS = 30_000
/** How long somebody waits for another's refresh before they give up. */
const PATIENCE_MS = 20_000
const POLL_MS = 150
/** The new pair exists nowhere else: storing it is worth more than one try. */
const SAVE_PAUSES_MS = [100, 500, 2_000, 5_000]

export interface Renewal {
  token: SealedToken
  /** `refreshed` now, here or elsewhere; `adopted`: what was stored meanwhile, which may be the same token. */
  how: 'refreshed' | 'adopted'
}

interface RenewalRequest {
  connectionId: number
  /** The token to be replaced. */
  token: SealedToken
  /** Notion refused it. Otherwise it is being refreshed ahead of time, and still works if that fails. */
  refused: boolean
}

/** Renewals under way in this process: whoever else needs the same one shares it. */
const underWay = new WeakMap<AppContext, Map<string, Promise<Renewal>>>()

/**
 * Gets a newer token than the one given. However many ask, on however many instances, the provider is asked
 * once; everybody else waits for the outcome and uses it.
 *
 * @throws {AppError} NOTION_TOKEN_INVALID when only the person can help, NOTION_NOT_CONNECTED when the connection ended
 * @throws {NotionError} `unavailable` when it did not work this time; it is tried again by itself
 * @throws {TokenCipherError | DatabaseError}
 */
export function renewToken(context: AppContext, request: RenewalRequest): Promise<Renewal> {
  const renewals = underWay.get(context) ?? new Map<string, Promise<Renewal>>()
  underWay.set(context, renewals)
  const key = `${request.token.tokenId}/${request.token.fingerprint}/${request.refused}`
  const known = renewals.get(key)
  if (known) return known
  const renewal = renew(context, request).finally(() => renewals.delete(key))
  renewals.set(key, renewal)
  return renewal
}

async function renew(context: AppContext, request: RenewalRequest): Promise<Renewal> {
  const { connectionId, token } = request
  const leaseId = randomUUID()
  const until = Date.now() + PATIENCE_MS
  let waited = false
  for (;;) {
    const claim = await claimRefresh(context.db, token, { id: leaseId, ms: LEASE_MS })
    switch (claim.outcome) {
      case 'claimed':
        return refresh(context, request, leaseId)
      case 'fresh':
        return { token: await current(context, connectionId), how: waited ? 'refreshed' : 'adopted' }
      case 'gone':
        // Connecting again puts another token into the same connection.
        return { token: await current(context, connectionId), how: 'adopted' }
      case 'impossible':
        return refuse(context, request, 'revoked_remotely')
      case 'dead':
        throw new AppError('NOTION_TOKEN_INVALID')
      case 'cooling':
        throw new NotionError('unavailable', { retryAfterMs: claim.waitMs })
      case 'busy':
        if (Date.now() > until) throw new NotionError('unavailable', { retryAfterMs: claim.waitMs })
        waited = true
        await sleep(Math.min(POLL_MS, claim.waitMs))
    }
  }
}

/** The holder of the lease asks the provider, and stores both tokens before anybody uses one. */
async function refresh(context: AppContext, request: RenewalRequest, leaseId: string): Promise<Renewal> {
  const { connectionId, token } = request
  let fresh: ProviderToken | null
  try {
    const provider = context.providers.get(token.provider)
    const refreshToken = await openRefreshToken(context, token)
    // The registry changed, or the row did since the claim: neither is the person's to repair.
    if (!provider || refreshToken === null) throw new AppError('CONFLICT')
    fresh = await provider.refresh(refreshToken)
  } catch (cause) {
    await coolDown(context, request, leaseId, cause)
    throw cause instanceof NotionError ? new NotionError('unavailable', waitOf(cause)) : cause
  }
  if (!fresh) return refuse(context, request, 'refresh_failed')
  for (const warning of fresh.warnings) context.log.warn({ event: 'refresh.warning', connectionId, warning })
  const outcome = await save(context, token, leaseId, fresh)
  context.log.info({ event: 'refresh.done', connectionId, outcome })
  if (outcome === 'gone') {
    // Disconnected while the provider was asked: the new pair is nobody's.
    await giveBack(context, token.provider, fresh.accessToken)
    throw new AppError('NOTION_NOT_CONNECTED')
  }
  return { token: await current(context, connectionId), how: 'refreshed' }
}

async function save(
  context: AppContext,
  token: SealedToken,
  leaseId: string,
  fresh: ProviderToken,
): Promise<Awaited<ReturnType<typeof saveRefresh>>> {
  const pair = {
    ...(await sealPair(context, token, fresh)),
    fingerprint: context.cipher.fingerprint(fresh.accessToken, token.userId),
    keyId: context.cipher.keyId,
    expiresIn: fresh.expiresIn,
  }
  for (const pauseMs of SAVE_PAUSES_MS) {
    try {
      return await saveRefresh(context.db, token, leaseId, pair)
    } catch (cause) {
      context.log.error({ event: 'refresh.save_failed', tokenId: token.tokenId, ...describeError(cause) })
      await sleep(pauseMs)
    }
  }
  return saveRefresh(context.db, token, leaseId, pair)
}

/** The provider, or we, had a problem: the lease is given back and it is tried again by itself. */
async function coolDown(
  context: AppContext,
  { connectionId, token, refused }: RenewalRequest,
  leaseId: string,
  cause: unknown,
): Promise<void> {
  const { code } = toAppError(cause)
  context.log.warn({ event: 'refresh.failed', connectionId, code, ...describeError(cause) })
  const atLeastMs = cause instanceof NotionError ? (cause.retryAfterMs ?? 0) : 0
  const pauseMs = await releaseRefresh(context.db, token, leaseId, { refused, code, atLeastMs })
  if (pauseMs === null) return
  await context
    .sendJob('probe-connection', { connectionId }, { key: String(connectionId), startAfterMs: pauseMs })
    .catch((error: unknown) => {
      // The hourly round finds it.
      context.log.error({ event: 'refresh.not_queued', connectionId, ...describeError(error) })
    })
}

async function refuse(
  context: AppContext,
  { connectionId, token }: RenewalRequest,
  reason: 'revoked_remotely' | 'refresh_failed',
): Promise<Renewal> {
  const moved = await requireReauthorization(context.db, token, reason)
  context.log.warn({ event: 'connection.needs_reauthorization', connectionId, reason, moved })
  // Somebody with a newer token was faster: their success counts, not our stale failure.
  const now = await findSealedToken(context.db, connectionId)
  if (!moved && now?.status === 'connected') return { token: now, how: 'adopted' }
  throw new AppError('NOTION_TOKEN_INVALID')
}

async function current(context: AppContext, connectionId: number): Promise<SealedToken> {
  const found = await findSealedToken(context.db, connectionId)
  if (!found) throw new AppError('NOTION_NOT_CONNECTED')
  if (found.status === 'needs_reauthorization') throw new AppError('NOTION_TOKEN_INVALID')
  return found
}

function waitOf({ retryAfterMs }: NotionError) {
  return retryAfterMs === undefined ? {} : { retryAfterMs }
}
