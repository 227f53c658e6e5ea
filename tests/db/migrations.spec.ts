import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { generateDatabaseTypes, TYPES_FILE } from '../../scripts/generate-database-types.ts'
import { applyMigrations } from '../../scripts/migrate.ts'
import { one, openPostgres, openServiceDb, signUpMember } from '../support/database.ts'
import { makeWorld, ownerColumn, TABLE_NAMES } from './fixtures.ts'
import { eventually } from '../support/eventually.ts'

const DIRECTORY = join(import.meta.dirname, '..', '..', 'supabase', 'migrations')
const FILES = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.sql'))
  .sort()
const VERSIONS = FILES.map((file) => file.slice(0, 14))

let pool: Pool
const scratch: string[] = []
beforeAll(() => {
  pool = openPostgres()
})
afterAll(async () => {
  // A vacuum that has just begun there is the server's own, and is not ours to end.
  for (const name of scratch)
    await eventually(`the end of ${name}`, () =>
      pool.query(`drop database if exists ${name} with (force)`).catch(() => null),
    )
  await pool.end()
})

/** A database of its own with what a hosted project has before the first migration, as far as they need it. */
async function emptyDatabase(): Promise<string> {
  const name = `migrations_${randomUUID().replaceAll('-', '')}`
  await pool.query(`create database ${name}`)
  scratch.push(name)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  const inside = openPostgres(url.href, 1)
  await inside.query(`
    create schema auth;
    create table auth.users (id uuid primary key);
    create function auth.uid() returns uuid language sql stable as 'select null::uuid';
    alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  `)
  await inside.end()
  return url.href
}

/** All that the migrations make, told by the catalogue. */
async function describeSchema(databaseUrl: string): Promise<string[]> {
  const inside = openPostgres(databaseUrl, 1)
  const { rows } = await inside.query<{ line: string }>(`
    select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
    union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all select format('policy %s %s %s %s %s', tablename, policyname, roles, qual, with_check) from pg_policies
    union all select 'function ' || pg_get_functiondef(oid) || coalesce(proacl::text, '') from pg_proc
      where pronamespace = 'public'::regnamespace
    union all select format('table %s %s %s %s', relname, relrowsecurity, relforcerowsecurity, relacl) from pg_class
      where relnamespace = 'public'::regnamespace
    union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    order by 1`)
  await inside.end()
  return rows.map(({ line }) => line)
}

let fresh: Promise<string[]> | undefined
/** The schema that all migrations together make. */
function freshSchema(): Promise<string[]> {
  fresh ??= (async () => {
    const databaseUrl = await emptyDatabase()
    await applyMigrations({ databaseUrl, directory: DIRECTORY })
    return describeSchema(databaseUrl)
  })()
  return fresh
}

describe('migrations', () => {
  it('make the whole schema from nothing, and nothing when they run again', async () => {
    const databaseUrl = await emptyDatabase()
    expect(await applyMigrations({ databaseUrl, directory: DIRECTORY })).toEqual(VERSIONS)
    const schema = await describeSchema(databaseUrl)
    expect(await applyMigrations({ databaseUrl, directory: DIRECTORY })).toEqual([])
    expect(await describeSchema(databaseUrl)).toEqual(schema)
    expect(schema.filter((line) => line.startsWith('table '))).not.toEqual([])
  })

  it.each(FILES.slice(0, -1).map((file, index) => [index + 1, file] as const))(
    'bring a database that has the first %i (to %s) to the same schema',
    async (count) => {
      const old = await emptyDatabase()
      const directory = mkdtempSync(join(tmpdir(), 'roundup-migrations-'))
      for (const file of FILES.slice(0, count)) copyFileSync(join(DIRECTORY, file), join(directory, file))
      await applyMigrations({ databaseUrl: old, directory })
      rmSync(directory, { recursive: true })
      expect(await applyMigrations({ databaseUrl: old, directory: DIRECTORY })).toEqual(VERSIONS.slice(count))
      expect(await describeSchema(old)).toEqual(await freshSchema())
    },
  )

  it('are applied once by several who start at the same time', async () => {
    const databaseUrl = await emptyDatabase()
    const applied = await Promise.all(
      Array.from({ length: 4 }, () => applyMigrations({ databaseUrl, directory: DIRECTORY })),
    )
    expect(applied.flat().sort()).toEqual(VERSIONS)
  })
})

describe('the schema', () => {
  it('has an index for every foreign key', async () => {
    const { rows } = await pool.query(`
      select c.conrelid::regclass || ' (' || string_agg(a.attname, ', ' order by k.n) || ')' as key
      from pg_constraint c
      cross join unnest(c.conkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
        -- A partial index does not help to find the rows that go with the one they refer to.
        select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
          and (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey
      )
      group by c.oid, c.conrelid`)
    expect(rows).toEqual([])
  })

  it('says of every table what it is for', async () => {
    const { rows } = await pool.query(`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and coalesce(obj_description(oid, 'pg_class'), '') = ''`)
    expect(rows).toEqual([])
  })

  it('keeps the time of the last change wherever it has a column for it', async () => {
    const { rows } = await pool.query(`
      select table_name from information_schema.columns c
      where table_schema = 'public' and column_name = 'updated_at' and not exists (
        select from pg_trigger t
        where t.tgrelid = ('public.' || c.table_name)::regclass and t.tgfoid = 'public.touch_updated_at'::regproc
      )`)
    expect(rows).toEqual([])
  })

  it('lets everything of a person go with their account', async () => {
    const service = openServiceDb()
    const [leaving, staying] = [await signUpMember(), await signUpMember()]
    await makeWorld(service, leaving.id)
    await makeWorld(service, staying.id)
    const owned = TABLE_NAMES.filter((name) => ownerColumn(name) !== null)
    const count = async (userId: string) => {
      const counts = owned.map(
        (name) => `(select count(*)::int from public.${name} where ${ownerColumn(name)} = $1) as ${name}`,
      )
      return one(pool, `select ${counts.join(', ')}`, [userId])
    }
    const full = Object.fromEntries(owned.map((name) => [name, 1]))
    expect(await count(leaving.id)).toEqual(full)
    expect((await service.auth.admin.deleteUser(leaving.id)).error).toBeNull()
    expect(await count(leaving.id)).toEqual(Object.fromEntries(owned.map((name) => [name, 0])))
    expect(await count(staying.id)).toEqual(full)
  })
})

describe('the generated types', () => {
  const program = join(DIRECTORY, '../../node_modules/@supabase/cli-linux-x64/bin/supabase')
  // The program that generates them comes as a package for this platform alone.
  it.skipIf(!existsSync(program))(
    'are those of the migrations (npm run types)',
    { timeout: 60_000 },
    async () => {
      expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await generateDatabaseTypes(inject('databaseUrl')))
    },
  )
})
