import { AuthError } from './auth-error.ts'
import type { AuthSettings } from './context.ts'
import type { Db } from './transaction.ts'

/** bcrypt reads no further; a longer password would be accepted by its beginning. */
const MAX_BYTES = 72
/** Below GoTrue's 10, so that test suites can make hundreds of users; still far from instant to guess. */
const BCRYPT_COST = 8
/** The hash of nothing anybody knows, so that an unknown address takes as long as a wrong password. */
const UNKNOWN_USER_HASH = '$2a$08$C6UzMDM.H6dfI/f/IKcEeO0kNPqGQhCVHz4o0uqCYEZn0K0bYz0cG'

/** @throws AuthError 422 `weak_password` or 400 `validation_failed` (too long). */
export function assertAcceptable(password: string, settings: AuthSettings): void {
  if (Buffer.byteLength(password) > MAX_BYTES) {
    throw new AuthError(400, 'validation_failed', 'Password cannot be longer than 72 characters')
  }
  if (password.length < settings.minimumPasswordLength) {
    const message = `Password should be at least ${settings.minimumPasswordLength} characters.`
    throw new AuthError(422, 'weak_password', message, { weak_password: { reasons: ['length'], message } })
  }
}

/** Hashes a password in the database, off this process's only thread. */
export async function hashPassword(db: Db, password: string): Promise<string> {
  const { rows } = await db.query<{ hash: string }>(
    "select extensions.crypt($1, extensions.gen_salt('bf', $2)) as hash",
    [password, BCRYPT_COST],
  )
  if (rows[0] === undefined) throw new Error('crypt answered nothing')
  return rows[0].hash
}

/** True when this is the password behind the hash; without a hash the work is done all the same. */
export async function matchesPassword(db: Db, password: string, hash: string | null): Promise<boolean> {
  const { rows } = await db.query<{ matches: boolean }>('select extensions.crypt($1, $2) = $2 as matches', [
    password,
    hash || UNKNOWN_USER_HASH,
  ])
  return Boolean(hash) && rows[0]?.matches === true && Buffer.byteLength(password) <= MAX_BYTES
}

/** Sets a new password. Who was signed in with the old one elsewhere is signed out by the caller. */
export async function setPassword(db: Db, userId: string, password: string): Promise<void> {
  await db.query('update auth.users set encrypted_password = $2, updated_at = now() where id = $1', [
    userId,
    await hashPassword(db, password),
  ])
}
