import { AuthError } from './auth-error.ts'
import type { AuthContext } from './context.ts'
import { rememberChallenge } from './flow-states.ts'
import { createOneTimeToken, type OneTimeToken, type TokenType } from './one-time-tokens.ts'
import { safeRedirect } from './redirects.ts'
import type { AuthenticationMethod } from './sessions.ts'
import type { Db } from './transaction.ts'
import { lockEmail } from './users.ts'

const KEPT_MAILS = 500

const SUBJECTS = {
  signup: 'Confirm your e-mail address',
  magiclink: 'Your sign-in link',
  recovery: 'Choose a new password',
  invite: 'You are invited',
  email_change: 'Confirm your new e-mail address',
} as const satisfies Record<TokenType, string>

const METHODS = {
  signup: 'email/signup',
  magiclink: 'magiclink',
  recovery: 'recovery',
  invite: 'invite',
  email_change: 'otp',
} as const satisfies Record<TokenType, AuthenticationMethod>

export interface MailOrder {
  userId: string
  email: string
  type: TokenType
  redirectTo: string | null | undefined
  codeChallenge?: string | null | undefined
}

export interface PreparedLink extends OneTimeToken {
  link: string
  redirectTo: string
}

/** Makes a code and a link without sending them. */
export async function prepareLink(context: AuthContext, db: Db, order: MailOrder): Promise<PreparedLink> {
  const flowStateId = order.codeChallenge
    ? await rememberChallenge(db, order.userId, order.codeChallenge, METHODS[order.type])
    : undefined
  const token = await createOneTimeToken(context, db, { ...order, flowStateId })
  const redirectTo = safeRedirect(order.redirectTo, context.siteUrl)
  const query = new URLSearchParams({ token: token.tokenHash, type: order.type, redirect_to: redirectTo })
  return { ...token, redirectTo, link: `${context.publicUrl}/auth/v1/verify?${query}` }
}

/**
 * Puts a mail with a code and a link into the local mailbox.
 * @throws AuthError 429 `over_email_send_rate_limit` when the same kind was sent to this person just now.
 */
export async function sendMail(context: AuthContext, db: Db, order: MailOrder): Promise<void> {
  await assertNotTooSoon(context, db, order)
  const { code, tokenHash, link } = await prepareLink(context, db, order)
  await db.query(
    'insert into sandbox.mail (recipient, subject, code, token_hash, link) values ($1, $2, $3, $4, $5)',
    [order.email, SUBJECTS[order.type], code, tokenHash, link],
  )
  await db.query(`delete from sandbox.mail where id <= (select max(id) - ${KEPT_MAILS} from sandbox.mail)`)
  await db.query(
    `update auth.users set
       confirmation_sent_at = case when $2 in ('signup', 'invite') then now() else confirmation_sent_at end,
       recovery_sent_at = case when $2 in ('recovery', 'magiclink') then now() else recovery_sent_at end,
       email_change_sent_at = case when $2 = 'email_change' then now() else email_change_sent_at end
     where id = $1`,
    [order.userId, order.type],
  )
}

/** How the session opened by a mail of this kind came about. */
export function methodOf(type: TokenType): AuthenticationMethod {
  return METHODS[type]
}

async function assertNotTooSoon(context: AuthContext, db: Db, order: MailOrder): Promise<void> {
  const { userId, type } = order
  await lockEmail(db, order.email)
  const { rows } = await db.query<{ created_at: Date }>(
    'select created_at from auth.one_time_tokens where user_id = $1 and token_type = $2',
    [userId, type],
  )
  const waitMs = (rows[0]?.created_at.getTime() ?? 0) + context.settings.mailIntervalMs - Date.now()
  if (waitMs <= 0) return
  const seconds = Math.ceil(waitMs / 1000)
  const message = `For security purposes, you can only request this after ${seconds} seconds.`
  throw new AuthError(429, 'over_email_send_rate_limit', message)
}
