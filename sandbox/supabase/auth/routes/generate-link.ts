import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { prepareLink } from '../mail.ts'
import type { TokenType } from '../one-time-tokens.ts'
import { EmailSchema, MetadataSchema, parse } from '../parse.ts'
import { assertAcceptable } from '../passwords.ts'
import { inTransaction, type Db } from '../transaction.ts'
import { toUserJson } from '../user-json.ts'
import { createUser, emailExists, findUserByEmail, getUser, lockEmail, type UserRow } from '../users.ts'

const BodySchema = z.strictObject({
  type: z.enum(['signup', 'magiclink', 'recovery', 'invite', 'email_change_new']),
  email: EmailSchema,
  new_email: EmailSchema.optional(),
  password: z.string().optional(),
  data: MetadataSchema.optional(),
  redirectTo: z.string().optional(),
  redirect_to: z.string().optional(),
})

type Body = z.output<typeof BodySchema>

/** `POST /admin/generate_link`: what a mail would carry, for a server that sends its own. */
export async function adminGenerateLink(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(BodySchema, request.body)
  return inTransaction(context.db, async (db) => {
    const user = await subjectOf(context, db, body)
    const type: TokenType = body.type === 'email_change_new' ? 'email_change' : body.type
    const email = body.type === 'email_change_new' ? await newAddressOf(db, body) : body.email
    const redirectTo = request.query.get('redirect_to') ?? body.redirect_to ?? body.redirectTo
    const prepared = await prepareLink(context, db, { userId: user.id, email, type, redirectTo })
    return {
      status: 200,
      body: {
        ...toUserJson(await getUser(db, user.id)),
        action_link: prepared.link,
        email_otp: prepared.code,
        hashed_token: prepared.tokenHash,
        redirect_to: prepared.redirectTo,
        verification_type: body.type,
      },
    }
  })
}

async function subjectOf(context: AuthContext, db: Db, body: Body): Promise<UserRow> {
  await lockEmail(db, body.email)
  const existing = await findUserByEmail(db, body.email)
  if (body.type === 'signup' || body.type === 'invite') {
    if (existing?.email_confirmed_at) throw emailExists()
    if (existing !== undefined) return existing
    if (body.type === 'signup' && body.password === undefined) {
      throw new AuthError(400, 'validation_failed', 'Signup requires a valid password')
    }
    if (body.password !== undefined) assertAcceptable(body.password, context.settings)
    return createUser(db, {
      email: body.email,
      password: body.password,
      confirmed: false,
      userMetadata: body.data,
    })
  }
  if (existing === undefined) throw new AuthError(404, 'user_not_found', 'User with this email not found')
  return existing
}

async function newAddressOf(db: Db, { email, new_email: newEmail }: Body): Promise<string> {
  if (newEmail === undefined) {
    throw new AuthError(400, 'validation_failed', 'An email address is required for the new email')
  }
  if ((await findUserByEmail(db, newEmail)) !== undefined) throw emailExists()
  await db.query('update auth.users set email_change = $2 where email = $1', [email, newEmail])
  return newEmail
}
