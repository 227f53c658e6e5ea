import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../support/database.ts'

// What the catalogue says, whatever the rows: grants, policies and functions of the public schema.

/** Functions that act with the rights of their owner, each with the reason. */
const SECURITY_DEFINERS = {
  handle_new_user: 'the auth service, which has no rights in public, makes the profile at sign-up',
}

/** Columns whose names sound like a secret, which a browser may read all the same, each with the reason. */
const HARMLESS_COLUMNS: Record<string, string> = {
  'mirror_row.hash': 'of the person’s own to-do as it was last written to Notion, to see what changed',
  'notion_access_token_user.token_id': 'the number of a row whose secrets are not readable',
}
const SECRET = 'hash|token|secret|sealed|fingerprint|key_id|refresh'

let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

async function column(sql: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(sql, values)
  return rows.map(({ name }) => name)
}

const TABLES = "from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"

describe('tables', () => {
  it('all have row level security, for their owner too', async () => {
    expect(
      await column(`select relname as name ${TABLES} and not (relrowsecurity and relforcerowsecurity)`),
    ).toEqual([])
  })

  it('have no policy for everybody: each names the roles it is for', async () => {
    expect(
      await column(
        `select tablename || ': ' || policyname as name from pg_policies
         where schemaname = 'public' and not roles <@ array['authenticated', 'service_role', 'postgres']::name[]`,
      ),
    ).toEqual([])
  })

  it('let somebody signed in read by one rule alone, evaluated once a query', async () => {
    const rules = await column(
      `select distinct cmd || ' ' || regexp_replace(qual, '(user_)?id\\)$', 'owner)') || coalesce(with_check, '') as name
       from pg_policies where schemaname = 'public' and 'authenticated' = any (roles)`,
    )
    expect(rules).toEqual(['SELECT (( SELECT auth.uid() AS uid) = owner)'])
  })

  it('grant nothing to a visitor, and to somebody signed in nothing but reading', async () => {
    const grants = (role: string, privileges: string[]) =>
      column(
        `select c.relname || ' ' || p as name, has_table_privilege($1, c.oid, p) ${TABLES.replace(
          'from pg_class c',
          'from pg_class c cross join unnest($2::text[]) p',
        )} and (has_table_privilege($1, c.oid, p)
           or p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege($1, c.oid, p))`,
        [role, privileges],
      )
    const writing = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']
    expect(await grants('anon', ['SELECT', ...writing])).toEqual([])
    expect(await grants('authenticated', writing)).toEqual([])
  })

  it('show a browser no column that sounds like a secret', async () => {
    const readable = await column(
      `select distinct c.relname || '.' || a.attname as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       cross join unnest(array['anon', 'authenticated']) r
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
         and a.attname ~* $1 and has_column_privilege(r, c.oid, a.attnum, 'SELECT') order by 1`,
      [SECRET],
    )
    expect(readable).toEqual(Object.keys(HARMLESS_COLUMNS).sort())
  })

  it('keep their sequences to themselves', async () => {
    expect(
      await column(
        `select relname || ' ' || r as name from pg_class c cross join unnest(array['anon', 'authenticated']) r
         where relnamespace = 'public'::regnamespace and relkind = 'S'
           and has_sequence_privilege(r, c.oid, 'USAGE, SELECT, UPDATE')`,
      ),
    ).toEqual([])
  })

  it('are tables: a view would pass row level security by', async () => {
    expect(
      await column(
        `select relname as name from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f')`,
      ),
    ).toEqual([])
  })

  it('made by a later migration are closed until it opens them', async () => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('create table public.forgotten (id bigint generated always as identity primary key)')
      await client.query(
        'create function public.forgotten_function() returns integer language sql as $$ select 1 $$',
      )
      const { rows } = await client.query(
        `select has_table_privilege(r, 'public.forgotten', 'SELECT, INSERT, UPDATE, DELETE') as table,
           has_sequence_privilege(r, 'public.forgotten_id_seq', 'USAGE') as sequence
         from unnest(array['anon', 'authenticated']) r`,
      )
      expect(rows).toEqual([
        { table: false, sequence: false },
        { table: false, sequence: false },
      ])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

describe('what belongs to the installation', () => {
  it('is a schema that no browser role may look into', async () => {
    expect(
      await column(
        `select r as name from unnest(array['anon', 'authenticated']) r
         where has_schema_privilege(r, 'roundup_internal', 'USAGE, CREATE')`,
      ),
    ).toEqual([])
  })
})

describe('functions', () => {
  const FUNCTIONS = "from pg_proc f where f.pronamespace = 'public'::regnamespace"

  it('name every object in full: their search path is empty', async () => {
    expect(
      await column(
        `select proname as name ${FUNCTIONS} and not 'search_path=""' = any (coalesce(proconfig, '{}'))`,
      ),
    ).toEqual([])
  })

  it('cannot be called by browsers, triggers included', async () => {
    expect(
      await column(
        `select proname || ' ' || r as name ${FUNCTIONS.replace('pg_proc f', "pg_proc f cross join unnest(array['anon', 'authenticated']) r")}
           and has_function_privilege(r, f.oid, 'EXECUTE')`,
      ),
    ).toEqual([])
    // A role that does not exist yet would inherit what everybody may do.
    expect(
      await column(
        `select proname as name ${FUNCTIONS}
           and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0)`,
      ),
    ).toEqual([])
  })

  it('act with the rights of the caller, but for those that say why not', async () => {
    expect(await column(`select proname as name ${FUNCTIONS} and prosecdef`)).toEqual(
      Object.keys(SECURITY_DEFINERS),
    )
  })
})
