import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { sendMail } from '../mail.ts'
import { EmailSchema, MetadataSchema, parse, PkceBody } from '../parse.ts'
import { assertAcceptable, matchesPassword, setPassword } from '../passwords.ts'
import { endSessions, requireUser, type SignedIn } from '../sessions.ts'
import { inTransaction, type Db } from '../transaction.ts'
import { toUserJson } from '../user-json.ts'
import { emailExists, findUserByEmail, getUser } from '../users.ts'

const UpdateSchema = z.strictObject({
  email: EmailSchema.optional(),
  password: z.string().optional(),
  current_password: z.string().optional(),
  data: MetadataSchema.optional(),
  ...PkceBody,
})
const ScopeSchema = z.enum(['global', 'local', 'others']).default('global')

/** `GET /user`: the person signed in. */
export async function showUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const { user } = await requireUser(context, context.db, request)
  return { status: 200, body: toUserJson(user) }
}

/** `PUT /user`: a new password, new metadata, or a new address, which a mail to it must confirm. */
export async function updateUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(UpdateSchema, request.body)
  return inTransaction(context.db, async (db) => {
    const signedIn = await requireUser(context, db, request)
    if (body.password !== undefined) await changePassword(context, db, signedIn, body.password, body)
    if (body.data !== undefined) await mergeMetadata(db, signedIn, body.data)
    if (body.email !== undefined && body.email !== signedIn.user.email) {
      await requestEmailChange(context, db, signedIn, {
        email: body.email,
        redirectTo: request.query.get('redirect_to'),
        codeChallenge: body.code_challenge,
      })
    }
    return { status: 200, body: toUserJson(await getUser(db, signedIn.user.id)) }
  })
}

/** `POST /logout?scope=…`: ends every session of the person, this one, or all the others. */
export async function logOut(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const scope = parse(ScopeSchema, request.query.get('scope') ?? 'global')
  const { user, sessionId } = await requireUser(context, context.db, request)
  await endSessions(context.db, { userId: user.id, sessionId }, scope)
  return { status: 204 }
}

async function changePassword(
  context: AuthContext,
  db: Db,
  { user, sessionId }: SignedIn,
  password: string,
  { current_password: current }: { current_password?: string | undefined },
): Promise<void> {
  assertAcceptable(password, context.settings)
  if (current !== undefined && !(await matchesPassword(db, current, user.encrypted_password))) {
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  }
  if (await matchesPassword(db, password, user.encrypted_password)) {
    const message = 'New password should be different from the old password.'
    throw new AuthError(422, 'same_password', message)
  }
  await setPassword(db, user.id, password)
  await endSessions(db, { userId: user.id, sessionId }, 'others')
}

async function mergeMetadata(db: Db, { user }: SignedIn, data: Record<string, unknown>): Promise<void> {
  await db.query(
    `update auth.users
     set raw_user_meta_data = jsonb_strip_nulls(raw_user_meta_data || $2), updated_at = now() where id = $1`,
    [user.id, data],
  )
}

async function requestEmailChange(
  context: AuthContext,
  db: Db,
  { user }: SignedIn,
  wanted: { email: string; redirectTo: string | null; codeChallenge: string | null | undefined },
): Promise<void> {
  if ((await findUserByEmail(db, wanted.email)) !== undefined) throw emailExists()
  await db.query('update auth.users set email_change = $2, updated_at = now() where id = $1', [
    user.id,
    wanted.email,
  ])
  await sendMail(context, db, { ...wanted, userId: user.id, type: 'email_change' })
}
