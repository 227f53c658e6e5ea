import { z } from 'zod'
import { AuthError } from '../auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'
import { EmailSchema, MetadataSchema, parse } from '../parse.ts'
import { assertAcceptable, setPassword } from '../passwords.ts'
import { inTransaction, type Db } from '../transaction.ts'
import { toUserJson } from '../user-json.ts'
import {
  changeEmail,
  confirmEmail,
  createUser,
  emailExists,
  findUserByEmail,
  getUser,
  listUsers,
  lockEmail,
} from '../users.ts'

const PER_PAGE = 50
const MAX_PER_PAGE = 1000

const AttributesSchema = z.strictObject({
  id: z.uuid().optional(),
  email: EmailSchema.optional(),
  password: z.string().optional(),
  email_confirm: z.boolean().optional(),
  role: z.enum(['authenticated']).optional(),
  user_metadata: MetadataSchema.optional(),
  app_metadata: MetadataSchema.optional(),
  ban_duration: z
    .string()
    .regex(/^(none|\d+h)$/, 'must be "none" or hours such as "24h"')
    .optional(),
})
const PageSchema = z.object({
  page: z.coerce.number().int().min(1).catch(1),
  per_page: z.coerce.number().int().min(1).max(MAX_PER_PAGE).catch(PER_PAGE),
})
const DeleteSchema = z.strictObject({ should_soft_delete: z.boolean().optional() })

type Attributes = z.output<typeof AttributesSchema>

/** `POST /admin/users` */
export async function adminCreateUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const body = parse(AttributesSchema, request.body)
  const { email, password } = body
  if (email === undefined) {
    throw new AuthError(400, 'validation_failed', 'Cannot create a user without either an email or phone')
  }
  if (password !== undefined) assertAcceptable(password, context.settings)
  return inTransaction(context.db, async (db) => {
    await lockEmail(db, email)
    if ((await findUserByEmail(db, email)) !== undefined) throw emailExists()
    const user = await createUser(db, {
      id: body.id,
      email,
      password,
      confirmed: body.email_confirm ?? false,
      userMetadata: body.user_metadata,
      appMetadata: body.app_metadata,
    })
    await ban(db, user.id, body)
    return { status: 200, body: toUserJson(await getUser(db, user.id)) }
  })
}

/** `GET /admin/users?page=&per_page=` */
export async function adminListUsers(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const { page, per_page: perPage } = parse(PageSchema, Object.fromEntries(request.query))
  const { users, total } = await listUsers(context.db, { limit: perPage, offset: (page - 1) * perPage })
  const last = Math.max(1, Math.ceil(total / perPage))
  const link = (to: number, rel: string) =>
    `<${context.publicUrl}/auth/v1/admin/users?page=${to}&per_page=${perPage}>; rel="${rel}"`
  const links = [...(page < last ? [link(page + 1, 'next')] : []), link(last, 'last')]
  return {
    status: 200,
    body: { users: users.map(toUserJson), aud: 'authenticated' },
    headers: { 'x-total-count': String(total), link: links.join(', ') },
  }
}

/** `GET /admin/users/:id` */
export async function adminShowUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  return { status: 200, body: toUserJson(await getUser(context.db, userIdOf(request))) }
}

/** `PUT /admin/users/:id` */
export async function adminUpdateUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const id = userIdOf(request)
  const body = parse(AttributesSchema.omit({ id: true }), request.body)
  if (body.password !== undefined) assertAcceptable(body.password, context.settings)
  return inTransaction(context.db, async (db) => {
    await getUser(db, id)
    if (body.email !== undefined) await changeEmail(db, id, body.email)
    if (body.password !== undefined) await setPassword(db, id, body.password)
    if (body.email_confirm === true) await confirmEmail(db, id)
    await db.query(
      `update auth.users set
         raw_user_meta_data = jsonb_strip_nulls(raw_user_meta_data || $2),
         raw_app_meta_data = jsonb_strip_nulls(raw_app_meta_data || $3), updated_at = now()
       where id = $1`,
      [id, body.user_metadata ?? {}, body.app_metadata ?? {}],
    )
    await ban(db, id, body)
    return { status: 200, body: toUserJson(await getUser(db, id)) }
  })
}

/** `DELETE /admin/users/:id`: the row and, by cascade, everything of that person. */
export async function adminDeleteUser(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const id = userIdOf(request)
  const { should_soft_delete: soft } = parse(DeleteSchema, request.body)
  await getUser(context.db, id)
  if (soft === true) {
    throw new AuthError(400, 'validation_failed', 'soft deletion is not part of the stand-in')
  }
  await context.db.query('delete from auth.users where id = $1', [id])
  return { status: 200, body: {} }
}

function userIdOf(request: AuthRequest): string {
  const id = z.uuid().safeParse(request.path.split('/').at(-1))
  if (!id.success) throw new AuthError(404, 'validation_failed', 'user_id must be an UUID')
  return id.data
}

async function ban(db: Db, id: string, { ban_duration: duration }: Attributes): Promise<void> {
  if (duration === undefined) return
  const hours = duration === 'none' ? null : Number.parseInt(duration, 10)
  await db.query(
    'update auth.users set banned_until = now() + make_interval(hours => $2::int) where id = $1',
    [id, hours],
  )
}
