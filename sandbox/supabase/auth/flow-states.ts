import { createHash, randomUUID } from 'node:crypto'
import { AuthError } from './auth-error.ts'
import { randomToken, sameSecret, sha256 } from './hashing.ts'
import type { AuthenticationMethod } from './sessions.ts'
import type { Db } from './transaction.ts'

const CODE_LIFETIME = '5 minutes'

interface FlowState {
  id: string
  user_id: string
  code_challenge: string
  authentication_method: AuthenticationMethod
  expired: boolean
}

/** Remembers the challenge of a browser that asked for a mail, until that mail's link comes back. */
export async function rememberChallenge(
  db: Db,
  userId: string,
  challenge: string,
  method: AuthenticationMethod,
): Promise<string> {
  const id = randomUUID()
  await db.query(
    'insert into auth.flow_state (id, user_id, code_challenge, authentication_method) values ($1, $2, $3, $4)',
    [id, userId, challenge, method],
  )
  return id
}

/** The code a link hands to the browser. It is worth nothing without the verifier kept there. */
export async function issueAuthCode(db: Db, flowStateId: string): Promise<string> {
  const code = randomToken()
  await db.query(
    'update auth.flow_state set auth_code_hash = $2, auth_code_issued_at = now() where id = $1',
    [flowStateId, sha256(code)],
  )
  return code
}

/**
 * Checks a code against the verifier of the browser that began (RFC 7636 §4.6) and uses it up.
 * @throws AuthError 404 `flow_state_not_found`, 403 `flow_state_expired`, 400 `bad_code_verifier`
 */
export async function redeemAuthCode(db: Db, code: string, verifier: string): Promise<FlowState> {
  const { rows } = await db.query<FlowState>(
    `select *, auth_code_issued_at < now() - interval '${CODE_LIFETIME}' as expired
     from auth.flow_state where auth_code_hash = $1 for update`,
    [sha256(code)],
  )
  const [flow] = rows
  if (flow === undefined) {
    throw new AuthError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found')
  }
  if (flow.expired)
    throw new AuthError(403, 'flow_state_expired', 'invalid flow state, flow state has expired')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  if (!sameSecret(challenge, flow.code_challenge)) {
    const message = 'code challenge does not match previously saved code verifier'
    throw new AuthError(400, 'bad_code_verifier', message)
  }
  await db.query('delete from auth.flow_state where id = $1', [flow.id])
  return flow
}
