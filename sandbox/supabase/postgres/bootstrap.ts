import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, escapeIdentifier, escapeLiteral } from 'pg'
import type { Secrets } from '../secrets.ts'
import { superuserUrl } from './cluster.ts'

const DIRECTORY = join(import.meta.dirname, '..', 'bootstrap')
const LOGIN_ROLES = ['postgres', 'authenticator', 'supabase_auth_admin'] as const

/**
 * Brings an empty database to what a hosted project offers before its first migration: roles, auth tables,
 * default privileges. Each file of `bootstrap/` runs once, in order, in a transaction of its own.
 */
export async function bootstrapDatabase(port: number, passwords: Secrets['passwords']): Promise<void> {
  const client = new Client({ connectionString: superuserUrl(port, passwords.supabase_admin) })
  await client.connect()
  try {
    await client.query('create schema if not exists sandbox_bootstrap')
    await client.query(
      'create table if not exists sandbox_bootstrap.applied (file text primary key, applied_at timestamptz default now())',
    )
    const { rows } = await client.query<{ file: string }>('select file from sandbox_bootstrap.applied')
    const applied = new Set(rows.map((row) => row.file))
    for (const file of readdirSync(DIRECTORY).sort()) {
      if (!applied.has(file)) await applyFile(client, file, passwords)
    }
  } finally {
    await client.end()
  }
}

async function applyFile(client: Client, file: string, passwords: Secrets['passwords']): Promise<void> {
  await client.query('begin')
  await client.query(readFileSync(join(DIRECTORY, file), 'utf8'))
  if (file === '01-roles.sql') {
    for (const role of LOGIN_ROLES) {
      await client.query(`alter role ${escapeIdentifier(role)} password ${escapeLiteral(passwords[role])}`)
    }
  }
  await client.query('insert into sandbox_bootstrap.applied (file) values ($1)', [file])
  await client.query('commit')
}
