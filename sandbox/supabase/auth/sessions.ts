import { randomUUID } from 'node:crypto'
import { ACCESS_TOKEN_SECONDS, signAccessToken, verifyAccessToken } from './access-token.ts'
import { AuthError } from './auth-error.ts'
import type { AuthContext, AuthRequest } from './context.ts'
import { randomToken } from './hashing.ts'
import { decodeRefreshToken, encodeRefreshToken, isGenuine } from './refresh-token.ts'
import { inTransaction, type Db } from './transaction.ts'
import { toUserJson } from './user-json.ts'
import { assertMaySignIn, findUserById, getUser, type UserRow } from './users.ts'

/** How a person proved who they are; it stands in the token's `amr` claim. */
export type AuthenticationMethod = 'password' | 'otp' | 'magiclink' | 'recovery' | 'email/signup' | 'invite'

interface SessionRow {
  id: string
  user_id: string
  aal: string
  refreshed_at: Date
  refresh_token_hmac_key: string
  refresh_token_counter: string
}

/** Opens a session for a person who has just proved who they are. */
export async function startSession(
  context: AuthContext,
  db: Db,
  userId: string,
  { method, userAgent }: { method: AuthenticationMethod; userAgent: string | undefined },
): Promise<Record<string, unknown>> {
  assertMaySignIn(await getUser(db, userId))
  const { rows } = await db.query<SessionRow>(
    `insert into auth.sessions (id, user_id, user_agent, refresh_token_hmac_key)
     values ($1, $2, $3, $4) returning *`,
    [randomUUID(), userId, userAgent ?? null, randomToken()],
  )
  const [session] = rows
  if (session === undefined) throw new Error('the session was not stored')
  await db.query('insert into auth.mfa_amr_claims (session_id, authentication_method) values ($1, $2)', [
    session.id,
    method,
  ])
  await db.query('update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1', [userId])
  return toSessionJson(context, db, session)
}

/**
 * Exchanges a refresh token for a new pair. The token before the newest one is answered with the newest for
 * a short while, because tabs race each other; any older one has been stolen from somebody, and ends the
 * session for both (RFC 9700 §4.14.2).
 * @throws AuthError 400 `refresh_token_not_found` or `refresh_token_already_used`
 */
export async function refreshSession(context: AuthContext, text: string): Promise<Record<string, unknown>> {
  const token = decodeRefreshToken(text)
  if (token === undefined) throw refreshTokenNotFound()
  const result = await inTransaction(context.db, async (db) => {
    const session = await lockSession(db, token.sessionId)
    const { tokenKey } = context.secrets
    if (session === undefined || !isGenuine(text, token, tokenKey, session.refresh_token_hmac_key)) {
      return 'unknown'
    }
    const user = await findUserById(db, session.user_id)
    if (user === undefined) return 'unknown'
    assertMaySignIn(user)
    const age = Number(session.refresh_token_counter) - token.counter
    const isFresh = Date.now() - session.refreshed_at.getTime() <= context.settings.refreshReuseMs
    if (age === 0) return toSessionJson(context, db, await rotate(db, session.id))
    if (age === 1 && isFresh) return toSessionJson(context, db, session)
    await db.query('delete from auth.sessions where id = $1', [session.id])
    return 'reused'
  })
  if (result === 'unknown') throw refreshTokenNotFound()
  if (result === 'reused') {
    throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
  }
  return result
}

export interface SignedIn {
  user: UserRow
  sessionId: string
}

/**
 * The person behind a request: the token is genuine and its session has not been ended since.
 * @throws AuthError 401 `no_authorization`, 403 `bad_jwt`, `session_not_found` or `user_not_found`
 */
export async function requireUser(context: AuthContext, db: Db, request: AuthRequest): Promise<SignedIn> {
  if (request.userToken === undefined) {
    throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
  }
  const claims = await verifyAccessToken(request.userToken, context.secrets.signingKey)
  const { rowCount } = await db.query(
    `select from auth.sessions
     where id = $1 and user_id = $2 and (not_after is null or not_after > now())`,
    [claims.session_id, claims.sub],
  )
  if (rowCount !== 1) {
    const message = 'Session from session_id claim in JWT does not exist'
    throw new AuthError(403, 'session_not_found', message)
  }
  const user = await findUserById(db, claims.sub)
  if (user === undefined)
    throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist')
  return { user, sessionId: claims.session_id }
}

/** Ends sessions of a person: all, only this one, or all but this one. */
export async function endSessions(
  db: Db,
  { userId, sessionId }: { userId: string; sessionId: string },
  scope: 'global' | 'local' | 'others',
): Promise<void> {
  await db.query(
    `delete from auth.sessions
     where user_id = $1 and case $3 when 'local' then id = $2 when 'others' then id <> $2 else true end`,
    [userId, sessionId, scope],
  )
}

async function lockSession(db: Db, id: string): Promise<SessionRow | undefined> {
  const { rows } = await db.query<SessionRow>(
    `select * from auth.sessions where id = $1 and (not_after is null or not_after > now()) for update`,
    [id],
  )
  return rows[0]
}

async function rotate(db: Db, id: string): Promise<SessionRow> {
  const { rows } = await db.query<SessionRow>(
    `update auth.sessions
     set refresh_token_counter = refresh_token_counter + 1, refreshed_at = clock_timestamp(), updated_at = now()
     where id = $1 returning *`,
    [id],
  )
  if (rows[0] === undefined) throw new Error('a locked session vanished')
  return rows[0]
}

async function toSessionJson(context: AuthContext, db: Db, session: SessionRow) {
  const user = await getUser(db, session.user_id)
  const { rows: amr } = await db.query<{ method: string; timestamp: number }>(
    `select authentication_method as method, extract(epoch from updated_at)::int as timestamp
     from auth.mfa_amr_claims where session_id = $1 order by updated_at desc`,
    [session.id],
  )
  const now = Math.floor(Date.now() / 1000)
  const accessToken = await signAccessToken(
    { user, sessionId: session.id, aal: session.aal, amr },
    { key: context.secrets.signingKey, issuer: `${context.publicUrl}/auth/v1`, now },
  )
  const counter = Number(session.refresh_token_counter)
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    expires_at: now + ACCESS_TOKEN_SECONDS,
    refresh_token: encodeRefreshToken(
      { sessionId: session.id, counter },
      context.secrets.tokenKey,
      session.refresh_token_hmac_key,
    ),
    user: toUserJson(user),
  }
}

function refreshTokenNotFound(): AuthError {
  const message = 'Invalid Refresh Token: Refresh Token Not Found'
  return new AuthError(400, 'refresh_token_not_found', message)
}
