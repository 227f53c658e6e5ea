import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { issueAuthCode } from '../flow-states.ts'
import { methodOf } from '../mail.ts'
import { redeemCode, redeemTokenHash, type TokenRow, type TokenType } from '../one-time-tokens.ts'
import { CommonBody, EmailSchema, parse } from '../parse.ts'
import { safeRedirect } from '../redirects.ts'
import { startSession } from '../sessions.ts'
import { inTransaction, type Db } from '../transaction.ts'
import { changeEmail, confirmEmail, getUser } from '../users.ts'

/** Which mails each `type` of supabase-js accepts. */
const ACCEPTED = {
  email: ['signup', 'magiclink', 'invite'],
  signup: ['signup'],
  magiclink: ['magiclink'],
  recovery: ['recovery'],
  invite: ['invite'],
  email_change: ['email_change'],
} as const satisfies Record<string, readonly TokenType[]>

const TypeSchema = z.enum(['email', 'signup', 'magiclink', 'recovery', 'invite', 'email_change'])
const BodySchema = z.strictObject({
  type: TypeSchema,
  email: EmailSchema.optional(),
  token: z.string().optional(),
  token_hash: z.string().optional(),
  options: z.unknown().optional(),
  ...CommonBody,
})
const LinkSchema = z.object({ type: TypeSchema, token: z.string().min(1) })

/** `POST /verify`: a session for the code of a mail, or for the token its link carried. */
export async function verifyCode(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(BodySchema, request.body)
  const types = ACCEPTED[body.type]
  const session = await inTransaction(context.db, async (db) => {
    const token = await redeem(context, db, types, body)
    if (token === undefined) return undefined
    await acceptProof(db, token)
    const by = { method: methodOf(token.token_type), userAgent: request.userAgent }
    return startSession(context, db, token.user_id, by)
  })
  if (session === undefined) throw new AuthError(403, 'otp_expired', 'Token has expired or is invalid')
  return { status: 200, body: session }
}

/** `GET /verify`: where the link of a mail leads; it goes on to the app with a session or a PKCE code. */
export async function followLink(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const target = new URL(safeRedirect(request.query.get('redirect_to'), context.siteUrl))
  const query = LinkSchema.safeParse(Object.fromEntries(request.query))
  const isPkce = query.success && query.data.token.startsWith('pkce_')
  if (query.success) {
    const { token: tokenHash, type } = query.data
    const found = await inTransaction(context.db, async (db) => {
      const token = await redeemTokenHash(db, ACCEPTED[type], tokenHash)
      if (token === undefined) return undefined
      await acceptProof(db, token)
      if (token.flow_state_id !== null) {
        return { kind: 'code', code: await issueAuthCode(db, token.flow_state_id) } as const
      }
      const by = { method: methodOf(token.token_type), userAgent: request.userAgent }
      return { kind: 'session', session: await startSession(context, db, token.user_id, by) } as const
    })
    if (found?.kind === 'code') return redirect(withQuery(target, { code: found.code }))
    if (found?.kind === 'session') return redirect(withFragment(target, { ...found.session, type }))
  }
  const refusal = {
    error: 'access_denied',
    error_code: 'otp_expired',
    error_description: 'Email link is invalid or has expired',
  }
  // A browser in the PKCE flow reads the query; the fragment is there for the others.
  return redirect(withFragment(isPkce ? withQuery(target, refusal) : target, refusal))
}

function redeem(
  context: AuthContext,
  db: Db,
  types: readonly TokenType[],
  body: z.output<typeof BodySchema>,
): Promise<TokenRow | undefined> {
  if (body.token_hash !== undefined) {
    if (body.email !== undefined || body.token !== undefined) {
      throw new AuthError(400, 'validation_failed', 'Only the token_hash and type should be provided')
    }
    return redeemTokenHash(db, types, body.token_hash)
  }
  if (body.email === undefined || body.token === undefined) {
    throw new AuthError(400, 'validation_failed', 'Verify requires either a token or a token hash')
  }
  return redeemCode(context, db, types, { email: body.email, code: body.token })
}

/** A mail came back, so the address is proven; for a change of address, the new one is taken over. */
async function acceptProof(db: Db, token: TokenRow): Promise<void> {
  if (token.token_type === 'email_change') return changeEmail(db, token.user_id, token.relates_to)
  const user = await getUser(db, token.user_id)
  if (user.email_confirmed_at !== null) return
  // Somebody else may have signed up with this address and a password before its owner came by mail. Only
  // the mail that confirms the sign-up itself stands for that password.
  if (token.token_type !== 'signup') {
    await db.query('update auth.users set encrypted_password = null where id = $1', [token.user_id])
  }
  await confirmEmail(db, token.user_id)
}

function redirect(location: URL): AuthReply {
  return { status: 303, headers: { location: location.href } }
}

function withQuery(target: URL, values: Record<string, string>): URL {
  const url = new URL(target)
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return url
}

function withFragment(target: URL, values: Record<string, unknown>): URL {
  const url = new URL(target)
  const texts = Object.entries(values).filter(([, value]) => typeof value !== 'object')
  url.hash = new URLSearchParams(texts.map(([name, value]) => [name, String(value)])).toString()
  return url
}
