import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { sendMail } from '../mail.ts'
import { CommonBody, EmailSchema, MetadataSchema, parse, PkceBody } from '../parse.ts'
import { inTransaction } from '../transaction.ts'
import { createUser, findUserByEmail, lockEmail } from '../users.ts'

const OtpSchema = z.strictObject({
  email: z.string().optional(),
  phone: z.string().optional(),
  channel: z.string().optional(),
  data: MetadataSchema.nullish(),
  create_user: z.boolean().default(true),
  ...CommonBody,
  ...PkceBody,
})
const RecoverSchema = z.strictObject({ email: EmailSchema, ...CommonBody, ...PkceBody })
const ResendSchema = z.strictObject({
  email: EmailSchema,
  type: z.enum(['signup', 'email_change']),
  ...CommonBody,
  ...PkceBody,
})

/** `POST /otp`: a mail with a link and a code to sign in with, for a new account too unless forbidden. */
export async function sendOtp(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(OtpSchema, request.body)
  if (body.phone) throw new AuthError(400, 'phone_provider_disabled', 'Unsupported phone provider')
  const email = parse(EmailSchema, body.email ?? '')
  await inTransaction(context.db, async (db) => {
    await lockEmail(db, email)
    const existing = await findUserByEmail(db, email)
    if (existing === undefined && !body.create_user) {
      throw new AuthError(422, 'otp_disabled', 'Signups not allowed for otp')
    }
    const user =
      existing ?? (await createUser(db, { email, confirmed: false, userMetadata: body.data ?? {} }))
    await sendMail(context, db, {
      userId: user.id,
      email,
      type: 'magiclink',
      redirectTo: request.query.get('redirect_to'),
      codeChallenge: body.code_challenge,
    })
  })
  return { status: 200, body: {} }
}

/** `POST /recover`: a mail to choose a new password with. The answer is the same for unknown addresses. */
export async function recover(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(RecoverSchema, request.body)
  await inTransaction(context.db, async (db) => {
    const user = await findUserByEmail(db, body.email)
    if (user === undefined) return
    await sendMail(context, db, {
      userId: user.id,
      email: body.email,
      type: 'recovery',
      redirectTo: request.query.get('redirect_to'),
      codeChallenge: body.code_challenge,
    })
  })
  return { status: 200, body: {} }
}

/** `POST /resend`: once more the mail that confirms an account or a new address, if one is due. */
export async function resend(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(ResendSchema, request.body)
  await inTransaction(context.db, async (db) => {
    const user = await findUserByEmail(db, body.email)
    if (user === undefined) return
    const email = body.type === 'signup' ? body.email : user.email_change
    const isDue = body.type === 'signup' ? user.email_confirmed_at === null : email !== ''
    if (!isDue) return
    await sendMail(context, db, {
      userId: user.id,
      email,
      type: body.type,
      redirectTo: request.query.get('redirect_to'),
      codeChallenge: body.code_challenge,
    })
  })
  return { status: 200, body: {} }
}
