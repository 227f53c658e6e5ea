import type { Db } from './client'
import { done, rows } from './client'

/** The ids of the keys that stored tokens still need. @throws {DatabaseError} */
export async function listKeysInUse(db: Db): Promise<string[]> {
  return rows('keys.inUse', await db.rpc('keys_in_use'))
}

/** A stored token as the change of keys sees it. */
export interface StoredToken {
  id: number
  userId: string
  workspaceId: string
  accessToken: string
  refreshToken: string | null
}

/** Live tokens that are not under a key, in the order of their ids. @throws {DatabaseError} */
export async function listTokensOfOtherKeys(
  db: Db,
  keyId: string,
  afterId: number,
  limit: number,
): Promise<StoredToken[]> {
  const found = rows(
    'keys.tokens',
    await db
      .from('notion_access_token')
      .select('id, user_id, workspace_id, access_token, refresh_token')
      .neq('key_id', keyId)
      .is('deleted_at', null)
      .gt('id', afterId)
      .order('id')
      .limit(limit),
  )
  return found.map((row) => ({
    id: row.id,
    userId: row.user_id,
    workspaceId: row.workspace_id,
    // A live token always has one; the table sees to that.
    accessToken: row.access_token ?? '',
    refreshToken: row.refresh_token,
  }))
}

/**
 * Puts the same token under another key.
 *
 * @returns false when it is no longer the same, or is being refreshed: then nothing changed
 * @throws {DatabaseError}
 */
export async function replaceCiphertext(
  db: Db,
  former: StoredToken,
  next: { accessToken: string; refreshToken: string | null; fingerprint: string; keyId: string },
): Promise<boolean> {
  return rows(
    'keys.replace',
    await db.rpc('reencrypt_token', {
      p_token: former.id,
      p_former: former.accessToken,
      p_access: next.accessToken,
      p_fingerprint: next.fingerprint,
      p_key_id: next.keyId,
      p_refresh: next.refreshToken ?? undefined,
    }),
  )
}

/** Tokens waiting to be given back that are not under a key. @throws {DatabaseError} */
export async function listRevocationsOfOtherKeys(
  db: Db,
  keyId: string,
  afterId: string,
  limit: number,
): Promise<{ id: string; sealedToken: string }[]> {
  const found = rows(
    'keys.revocations',
    await db
      .from('token_revocation')
      .select('id, sealed_token')
      .neq('key_id', keyId)
      .gt('id', afterId)
      .order('id')
      .limit(limit),
  )
  return found.map((row) => ({ id: row.id, sealedToken: row.sealed_token }))
}

/** @throws {DatabaseError} */
export async function replaceRevocationCiphertext(
  db: Db,
  id: string,
  next: { sealedToken: string; keyId: string },
): Promise<void> {
  done(
    'keys.replaceRevocation',
    await db
      .from('token_revocation')
      .update({ sealed_token: next.sealedToken, key_id: next.keyId })
      .eq('id', id),
  )
}
