import type { Db } from './client'
import { done, rows } from './client'

/** A token to be given back, encrypted for its row alone. */
export interface Revocation {
  id: string
  provider: string
  sealedToken: string
  keyId: string
}

/** A revocation that is due now. */
export interface DueRevocation {
  provider: string
  sealedToken: string
  /** This one included. */
  attempts: number
  /** Milliseconds until the next attempt, should this one fail. */
  nextInMs: number
}

/** Puts a token by to be given back. @throws {DatabaseError} */
export async function addRevocation(db: Db, revocation: Revocation): Promise<void> {
  done(
    'revocations.add',
    await db.from('token_revocation').insert({
      id: revocation.id,
      provider: revocation.provider,
      sealed_token: revocation.sealedToken,
      key_id: revocation.keyId,
    }),
  )
}

/** Takes one that is due; null when it is done, given up, or not due yet. @throws {DatabaseError} */
export async function claimRevocation(db: Db, id: string): Promise<DueRevocation | null> {
  const found = rows('revocations.claim', await db.rpc('claim_revocation', { p_id: id }))[0]
  if (!found) return null
  return {
    provider: found.provider,
    sealedToken: found.sealed_token,
    attempts: found.attempts,
    nextInMs: found.next_in_ms,
  }
}

/** Forgets one that is done. @throws {DatabaseError} */
export async function removeRevocation(db: Db, id: string): Promise<void> {
  done('revocations.remove', await db.from('token_revocation').delete().eq('id', id))
}

/** Ids of those that are due; what could not be done within a day is forgotten. @throws {DatabaseError} */
export async function listDueRevocations(db: Db, limit: number): Promise<string[]> {
  return rows('revocations.due', await db.rpc('due_revocations', { p_limit: limit }))
}
