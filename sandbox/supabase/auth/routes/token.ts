import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { redeemAuthCode } from '../flow-states.ts'
import { CommonBody, EmailSchema, parse } from '../parse.ts'
import { matchesPassword } from '../passwords.ts'
import { refreshSession, startSession } from '../sessions.ts'
import { inTransaction } from '../transaction.ts'
import { findUserByEmail } from '../users.ts'

const PasswordSchema = z.strictObject({
  email: z.string().optional(),
  phone: z.string().optional(),
  password: z.string().default(''),
  ...CommonBody,
})
const RefreshSchema = z.strictObject({ refresh_token: z.string() })
const CodeSchema = z.strictObject({ auth_code: z.string().min(1), code_verifier: z.string().min(1) })

/** `POST /token?grant_type=…`: a session for a password, a refresh token or a PKCE code. */
export async function grantToken(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const grantType = request.query.get('grant_type')
  switch (grantType) {
    case 'password':
      return { status: 200, body: await byPassword(request, context) }
    case 'refresh_token':
      return {
        status: 200,
        body: await refreshSession(context, parse(RefreshSchema, request.body).refresh_token),
      }
    case 'pkce':
      return { status: 200, body: await byCode(request, context) }
    default:
      throw new AuthError(400, 'validation_failed', 'unsupported_grant_type')
  }
}

async function byPassword(request: AuthRequest, context: AuthContext): Promise<Record<string, unknown>> {
  const body = parse(PasswordSchema, request.body)
  if (body.phone) throw new AuthError(422, 'phone_provider_disabled', 'Phone logins are disabled')
  const email = parse(EmailSchema, body.email ?? '')
  const user = await findUserByEmail(context.db, email)
  const matches = await matchesPassword(context.db, body.password, user?.encrypted_password ?? null)
  if (user === undefined || !matches) {
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  }
  if (user.email_confirmed_at === null) {
    throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed')
  }
  const by = { method: 'password', userAgent: request.userAgent } as const
  return inTransaction(context.db, (db) => startSession(context, db, user.id, by))
}

async function byCode(request: AuthRequest, context: AuthContext): Promise<Record<string, unknown>> {
  const body = parse(CodeSchema, request.body)
  return inTransaction(context.db, async (db) => {
    const flow = await redeemAuthCode(db, body.auth_code, body.code_verifier)
    const by = { method: flow.authentication_method, userAgent: request.userAgent }
    return startSession(context, db, flow.user_id, by)
  })
}
