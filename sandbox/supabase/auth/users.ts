import { randomUUID } from 'node:crypto'
import { AuthError } from './auth-error.ts'
import { hashPassword } from './passwords.ts'
import type { Db } from './transaction.ts'

export interface IdentityRow {
  id: string
  provider_id: string
  provider: string
  identity_data: Record<string, unknown>
  last_sign_in_at: string | null
  created_at: string
  updated_at: string
}

export interface UserRow {
  id: string
  aud: string
  role: string
  email: string | null
  phone: string | null
  encrypted_password: string | null
  email_confirmed_at: Date | null
  invited_at: Date | null
  confirmation_sent_at: Date | null
  recovery_sent_at: Date | null
  email_change: string
  email_change_sent_at: Date | null
  last_sign_in_at: Date | null
  raw_app_meta_data: Record<string, unknown>
  raw_user_meta_data: Record<string, unknown>
  created_at: Date
  updated_at: Date
  banned_until: Date | null
  deleted_at: Date | null
  is_anonymous: boolean
  identities: IdentityRow[]
}

const SELECT = `
  select u.*, coalesce(i.list, '[]') as identities
  from auth.users u
  left join lateral (
    select jsonb_agg(to_jsonb(i) order by i.created_at) as list from auth.identities i where i.user_id = u.id
  ) i on true`

export async function findUserById(db: Db, id: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>(`${SELECT} where u.id = $1 and u.deleted_at is null`, [id])
  return rows[0]
}

export async function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>(`${SELECT} where u.email = $1 and u.deleted_at is null`, [email])
  return rows[0]
}

/**
 * Lets one transaction at a time decide about an address, so that two requests together neither make two
 * accounts nor send two mails.
 */
export async function lockEmail(db: Db, email: string): Promise<void> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('email:' || $1, 0))", [email])
}

/** @throws AuthError 404 `user_not_found` */
export async function getUser(db: Db, id: string): Promise<UserRow> {
  const user = await findUserById(db, id)
  if (user === undefined) throw new AuthError(404, 'user_not_found', 'User not found')
  return user
}

/** One page of all users, oldest first, and how many there are. */
export async function listUsers(
  db: Db,
  page: { limit: number; offset: number },
): Promise<{ users: UserRow[]; total: number }> {
  const { rows } = await db.query<UserRow>(
    `${SELECT} where u.deleted_at is null order by u.created_at, u.id limit $1 offset $2`,
    [page.limit, page.offset],
  )
  const count = await db.query<{ total: number }>(
    'select count(*)::int as total from auth.users where deleted_at is null',
  )
  return { users: rows, total: count.rows[0]?.total ?? 0 }
}

export interface NewUser {
  id?: string | undefined
  email: string
  password?: string | undefined
  confirmed: boolean
  role?: string | undefined
  userMetadata?: Record<string, unknown> | undefined
  appMetadata?: Record<string, unknown> | undefined
}

/** Creates a user with the identity that says an e-mail address is how they sign in. */
export async function createUser(db: Db, user: NewUser): Promise<UserRow> {
  const id = user.id ?? randomUUID()
  const identity = { sub: id, email: user.email, email_verified: user.confirmed, phone_verified: false }
  await db.query(
    `insert into auth.users
       (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
        raw_app_meta_data, raw_user_meta_data)
     values ('00000000-0000-0000-0000-000000000000', $1, 'authenticated', $2, $3, $4,
       case when $5 then now() end, $6, $7)`,
    [
      id,
      user.role ?? 'authenticated',
      user.email,
      user.password === undefined ? null : await hashPassword(db, user.password),
      user.confirmed,
      { provider: 'email', providers: ['email'], ...user.appMetadata },
      { ...identity, ...user.userMetadata },
    ],
  )
  await db.query(
    `insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at)
     values ($1::text, $1::uuid, $2, 'email', now())`,
    [id, identity],
  )
  return getUser(db, id)
}

/** Marks the address as proven, which a mail that came back does. */
export async function confirmEmail(db: Db, userId: string): Promise<void> {
  await db.query(
    `update auth.users set
       email_confirmed_at = coalesce(email_confirmed_at, now()), updated_at = now(),
       raw_user_meta_data = raw_user_meta_data || '{"email_verified": true}'
     where id = $1`,
    [userId],
  )
  await db.query(
    `update auth.identities set identity_data = identity_data || '{"email_verified": true}', updated_at = now()
     where user_id = $1`,
    [userId],
  )
}

/** Gives a user another proven address. @throws AuthError 422 `email_exists` when somebody else has it. */
export async function changeEmail(db: Db, userId: string, email: string): Promise<void> {
  await lockEmail(db, email)
  const holder = await findUserByEmail(db, email)
  if (holder !== undefined && holder.id !== userId) throw emailExists()
  const proof = { email, email_verified: true }
  await db.query(
    `update auth.users set
       email = $2, email_change = '', email_confirmed_at = now(), updated_at = now(),
       raw_user_meta_data = raw_user_meta_data || $3
     where id = $1`,
    [userId, email, proof],
  )
  await db.query(
    'update auth.identities set identity_data = identity_data || $2, updated_at = now() where user_id = $1',
    [userId, proof],
  )
}

export function emailExists(): AuthError {
  return new AuthError(422, 'email_exists', 'A user with this email address has already been registered')
}

/** @throws AuthError 400 `user_banned` */
export function assertMaySignIn(user: UserRow): void {
  if (user.banned_until !== null && user.banned_until > new Date()) {
    throw new AuthError(400, 'user_banned', 'User is banned')
  }
}
