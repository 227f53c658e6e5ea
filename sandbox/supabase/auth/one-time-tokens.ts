import type { AuthContext } from './context.ts'
import { keyedHash, randomCode, randomToken, sameSecret, sha256 } from './hashing.ts'
import type { Db } from './transaction.ts'

export type TokenType = 'signup' | 'magiclink' | 'recovery' | 'invite' | 'email_change'

const LIFETIME = '1 hour'
/** A code has a million values; after this many wrong ones it is worth nothing. */
const MAX_FAILED_ATTEMPTS = 10

export interface TokenRow {
  id: string
  user_id: string
  token_type: TokenType
  code_hash: string
  flow_state_id: string | null
  relates_to: string
}

export interface OneTimeToken {
  /** Six digits for typing. */
  code: string
  /** The long one for links. */
  tokenHash: string
}

export interface NewToken {
  userId: string
  type: TokenType
  /** The address the mail goes to. */
  email: string
  flowStateId?: string | undefined
}

/** Makes the code and the link of one mail; those of an earlier mail of the same kind end. */
export async function createOneTimeToken(
  context: AuthContext,
  db: Db,
  token: NewToken,
): Promise<OneTimeToken> {
  const code = randomCode()
  const tokenHash = `${token.flowStateId === undefined ? '' : 'pkce_'}${randomToken()}`
  await db.query(
    `insert into auth.one_time_tokens (user_id, token_type, token_hash, code_hash, flow_state_id, relates_to)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (user_id, token_type) do update set
       token_hash = excluded.token_hash, code_hash = excluded.code_hash, failed_attempts = 0,
       flow_state_id = excluded.flow_state_id, relates_to = excluded.relates_to, created_at = now()`,
    [
      token.userId,
      token.type,
      sha256(tokenHash),
      hashCode(context, token.userId, token.type, code),
      token.flowStateId ?? null,
      token.email,
    ],
  )
  return { code, tokenHash }
}

/** Uses up the token a link carries. Undefined when it is unknown, used or too old. */
export async function redeemTokenHash(
  db: Db,
  types: readonly TokenType[],
  tokenHash: string,
): Promise<TokenRow | undefined> {
  const { rows } = await db.query<TokenRow>(
    `delete from auth.one_time_tokens
     where token_hash = $1 and token_type = any($2) and created_at > now() - interval '${LIFETIME}'
     returning *`,
    [sha256(tokenHash), types],
  )
  return rows[0]
}

/**
 * Uses up the code a person typed. Undefined when it is wrong, used or too old; a wrong one is counted, so
 * the caller must let this transaction commit.
 */
export async function redeemCode(
  context: AuthContext,
  db: Db,
  types: readonly TokenType[],
  typed: { email: string; code: string },
): Promise<TokenRow | undefined> {
  const { rows } = await db.query<TokenRow>(
    `select * from auth.one_time_tokens
     where relates_to = $1 and token_type = any($2) and created_at > now() - interval '${LIFETIME}'
       and failed_attempts < ${MAX_FAILED_ATTEMPTS}
     for update`,
    [typed.email, types],
  )
  const found = rows.find((row) =>
    sameSecret(row.code_hash, hashCode(context, row.user_id, row.token_type, typed.code)),
  )
  const ids = rows.map((row) => row.id)
  if (found === undefined) {
    await db.query(
      'update auth.one_time_tokens set failed_attempts = failed_attempts + 1 where id = any($1)',
      [ids],
    )
  } else {
    await db.query('delete from auth.one_time_tokens where id = $1', [found.id])
  }
  return found
}

function hashCode(context: AuthContext, userId: string, type: TokenType, code: string): string {
  return keyedHash(context.secrets.tokenKey, 'code', userId, type, code).toString('hex')
}
