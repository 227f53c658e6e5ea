import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { sendMail } from '../mail.ts'
import { CommonBody, EmailSchema, MetadataSchema, parse, PkceBody } from '../parse.ts'
import { assertAcceptable } from '../passwords.ts'
import { startSession } from '../sessions.ts'
import { inTransaction } from '../transaction.ts'
import { toUserJson } from '../user-json.ts'
import { createUser, findUserByEmail, lockEmail } from '../users.ts'

const BodySchema = z.strictObject({
  email: z.string().optional(),
  phone: z.string().optional(),
  channel: z.string().optional(),
  password: z.string().optional(),
  data: MetadataSchema.nullish(),
  ...CommonBody,
  ...PkceBody,
})

/** `POST /signup`: an account with a password. */
export async function signUp(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(BodySchema, request.body)
  if (body.phone) throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled')
  if (!body.email) throw new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled')
  if (!body.password) throw new AuthError(400, 'validation_failed', 'Signup requires a valid password')
  const email = parse(EmailSchema, body.email)
  const { password } = body
  assertAcceptable(password, context.settings)

  return inTransaction(context.db, async (db) => {
    await lockEmail(db, email)
    const existing = await findUserByEmail(db, email)
    if (existing?.email_confirmed_at) {
      if (context.settings.autoconfirm) {
        throw new AuthError(422, 'user_already_exists', 'User already registered')
      }
      return { status: 200, body: unrevealing(email) }
    }
    // An account nobody has confirmed keeps its first password: this may be somebody else.
    const user =
      existing ??
      (await createUser(db, {
        email,
        password,
        confirmed: context.settings.autoconfirm,
        userMetadata: body.data ?? {},
      }))
    if (existing === undefined && context.settings.autoconfirm) {
      const by = { method: 'password', userAgent: request.userAgent } as const
      return { status: 200, body: await startSession(context, db, user.id, by) }
    }
    await sendMail(context, db, {
      userId: user.id,
      email,
      type: 'signup',
      redirectTo: request.query.get('redirect_to'),
      codeChallenge: body.code_challenge,
    })
    return { status: 200, body: toUserJson(user) }
  })
}

/** The answer for an address that has an account already: it looks like a new one, and tells nothing. */
function unrevealing(email: string): Record<string, unknown> {
  const now = new Date()
  return {
    id: randomUUID(),
    aud: 'authenticated',
    role: '',
    email,
    phone: '',
    confirmation_sent_at: now,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: {},
    identities: [],
    created_at: now,
    updated_at: now,
    is_anonymous: false,
  }
}
