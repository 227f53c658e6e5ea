import { isAuthApiError } from '@supabase/supabase-js'
import type { ConfirmBody, SessionUser, SignInBody, SignUpBody, SignUpReply } from '#shared/schemas/session'
import type { Db } from '#server/db/client'
import { invalidField } from '#server/errors/app-error'
import { fromAuthError } from './auth-error'

/** Signs in with a password; the session's cookies are set by the client. @throws {AppError} UNAUTHENTICATED */
export async function signIn(db: Db, body: SignInBody): Promise<SessionUser> {
  const { data, error } = await db.auth.signInWithPassword(body)
  if (error) throw fromAuthError(error)
  return { id: data.user.id, email: data.user.email ?? '' }
}

/**
 * Makes an account. Where the Supabase project asks for a confirmed address, a mail goes out first.
 *
 * @param confirmUrl where the mail's link leads
 * @throws {AppError} INVALID_REQUEST naming `email` or `password`
 */
export async function signUp(db: Db, body: SignUpBody, confirmUrl: string): Promise<SignUpReply> {
  const { data, error } = await db.auth.signUp({
    email: body.email,
    password: body.password,
    options: { emailRedirectTo: confirmUrl },
  })
  if (error) throw fromAuthError(error)
  // Supabase answers a made-up user without identities when the address is taken and mails are confirmed.
  return { outcome: data.session ? 'signed_in' : 'confirm_email' }
}

/**
 * Sends a link (and a code) to sign in with. Whether there is such an account is nobody's business, so the
 * answer does not depend on it.
 *
 * @throws {AppError} TOO_MANY_REQUESTS when this caller asks too often, whoever they ask for
 */
export async function sendMagicLink(db: Db, email: string, confirmUrl: string): Promise<void> {
  const { error } = await db.auth.signInWithOtp({ email, options: { emailRedirectTo: confirmUrl } })
  if (error) throwUnlessSilent(error)
}

/** Sends a link to set a new password with. @throws {AppError} TOO_MANY_REQUESTS */
export async function sendRecovery(db: Db, email: string, resetUrl: string): Promise<void> {
  const { error } = await db.auth.resetPasswordForEmail(email, { redirectTo: resetUrl })
  if (error) throwUnlessSilent(error)
}

function throwUnlessSilent(error: Error): void {
  // "A mail went there a moment ago" is only ever said of an address that has an account.
  if (isAuthApiError(error) && error.code === 'over_email_send_rate_limit') return
  const failure = fromAuthError(error)
  if (failure.code === 'TOO_MANY_REQUESTS' || failure.code === 'INTERNAL') throw failure
}

/** Signs in with what a mail carried. @throws {AppError} INVALID_REQUEST when it is used up, too old or foreign */
export async function confirm(db: Db, body: ConfirmBody): Promise<SessionUser> {
  const { data, error } = await exchange(db, body)
  if (error) throw fromAuthError(error)
  if (!data.user) throw invalidField('code', 'expired')
  return { id: data.user.id, email: data.user.email ?? '' }
}

function exchange(db: Db, body: ConfirmBody) {
  if ('code' in body) return db.auth.exchangeCodeForSession(body.code)
  if ('otp' in body) return db.auth.verifyOtp({ email: body.email, token: body.otp, type: 'email' })
  return db.auth.verifyOtp({ token_hash: body.tokenHash, type: body.type })
}

/** @throws {AppError} UNAUTHENTICATED, or INVALID_REQUEST naming `password` */
export async function setPassword(db: Db, password: string): Promise<void> {
  const { error } = await db.auth.updateUser({ password })
  if (error) throw fromAuthError(error)
}

/** Ends this session, here and at Supabase. Idempotent. */
export async function signOut(db: Db): Promise<void> {
  const { error } = await db.auth.signOut({ scope: 'local' })
  if (error && fromAuthError(error).code === 'INTERNAL') throw fromAuthError(error)
}
