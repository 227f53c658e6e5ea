import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SupabaseClient } from '@supabase/supabase-js'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poll } from '../../../sandbox/stack/poll.ts'
import { applyMigrations } from '../../../scripts/migrate.ts'
import { newEmail, openAdmin, openBrowser, openOwnTarget, PASSWORD, type OwnTarget } from './target.ts'

// Whether row level security means here what it means on a hosted project: one table, asked as nobody, as
// two people, and with the secret key.

const NOTES = `
  create table public.contract_note (
    id bigint generated always as identity primary key,
    owner_id uuid not null default auth.uid() references auth.users on delete cascade,
    body text not null check (body <> ''),
    price numeric(6, 2),
    created_at timestamptz not null default now()
  );
  alter table public.contract_note enable row level security;
  alter table public.contract_note force row level security;
  grant all on public.contract_note to anon, authenticated, service_role;
  create policy own on public.contract_note to authenticated
    using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
  create function public.contract_whoami() returns text language sql stable as
    $$ select coalesce(auth.uid()::text, 'nobody') || ' as ' || current_user $$;
  create function public.contract_fail() returns void language plpgsql as
    $$ begin raise exception 'not today' using errcode = 'P0002', hint = 'tomorrow'; end $$;
  grant execute on function public.contract_whoami, public.contract_fail
    to anon, authenticated, service_role;`

interface Person {
  id: string
  client: SupabaseClient
}

let target: OwnTarget
let database: Client
let ada: Person
let bob: Person

beforeAll(async () => {
  target = await openOwnTarget()
  database = new Client({ connectionString: target.databaseUrl })
  await database.connect()
  await database.query(NOTES)
  ada = await signUp()
  bob = await signUp()
  // The REST interface learns of the new table by notification; that takes a moment.
  const isKnown = async () => (await ada.client.rpc('contract_whoami')).error === null || undefined
  expect(await poll(isKnown, 10_000)).toBe(true)
})
afterAll(async () => {
  await database.end()
  await target.stop()
})

async function signUp(): Promise<Person> {
  const client = openBrowser(target)
  const { data } = await client.auth.signUp({ email: newEmail(), password: PASSWORD })
  if (data.user === null) throw new Error('not signed up')
  return { id: data.user.id, client }
}

describe('row level security', () => {
  it('shows and changes one’s own rows only', async () => {
    const written = await ada.client.from('contract_note').insert({ body: 'of Ada' }).select().single()
    expect(written.data).toMatchObject({ owner_id: ada.id, body: 'of Ada' })
    expect((await bob.client.from('contract_note').select().eq('body', 'of Ada')).data).toEqual([])
    const changed = await bob.client
      .from('contract_note')
      .update({ body: 'of Bob' })
      .eq('id', written.data.id)
      .select()
    expect(changed.data).toEqual([])
    const removed = await bob.client.from('contract_note').delete().eq('id', written.data.id).select()
    expect(removed.data).toEqual([])
    expect((await ada.client.from('contract_note').select('body').eq('id', written.data.id)).data).toEqual([
      { body: 'of Ada' },
    ])
  })

  it('refuses rows in somebody else’s name', async () => {
    const { error, status } = await bob.client
      .from('contract_note')
      .insert({ body: 'forged', owner_id: ada.id })
    expect(error?.code).toBe('42501')
    expect(status).toBe(403)
  })

  it('shows nothing to nobody', async () => {
    const nobody = openBrowser(target)
    expect((await nobody.from('contract_note').select()).data).toEqual([])
    expect((await nobody.from('contract_note').insert({ body: 'x', owner_id: ada.id })).error?.code).toBe(
      '42501',
    )
  })

  it('does not bind the secret key', async () => {
    await ada.client.from('contract_note').insert({ body: 'seen by the server' })
    const { data } = await openAdmin(target)
      .from('contract_note')
      .select('owner_id')
      .eq('body', 'seen by the server')
    expect(data).toEqual([{ owner_id: ada.id }])
  })

  it('goes by the person, even beside the secret key', async () => {
    const token = (await bob.client.auth.getSession()).data.session?.access_token
    const answer = await fetch(`${target.url}/rest/v1/rpc/contract_whoami`, {
      method: 'POST',
      headers: { apikey: target.secretKey, authorization: `Bearer ${token}` },
    })
    expect(await answer.json()).toBe(`${bob.id} as authenticated`)
  })

  it('knows who asks', async () => {
    expect((await ada.client.rpc('contract_whoami')).data).toBe(`${ada.id} as authenticated`)
    expect((await openBrowser(target).rpc('contract_whoami')).data).toBe('nobody as anon')
    expect((await openAdmin(target).rpc('contract_whoami')).data).toBe('nobody as service_role')
  })

  it('refuses a made-up token', async () => {
    const answer = await fetch(`${target.url}/rest/v1/contract_note`, {
      headers: {
        apikey: target.key,
        authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.',
      },
    })
    expect(answer.status).toBe(401)
  })
})

describe('the REST interface', () => {
  it('answers in PostgREST’s own formats', async () => {
    const { data } = await ada.client
      .from('contract_note')
      .insert({ body: 'priced', price: 12.5 })
      .select()
      .single()
    expect(data.price).toBe(12.5)
    expect(data.created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/)
    const counted = await ada.client
      .from('contract_note')
      .select('*', { count: 'exact', head: true })
      .eq('body', 'priced')
    expect(counted.count).toBe(1)
  })

  it('passes on what the database objects to', async () => {
    expect((await ada.client.from('contract_note').insert({ body: '' })).error?.code).toBe('23514')
    expect((await ada.client.rpc('contract_fail')).error).toMatchObject({
      code: 'P0002',
      message: 'not today',
      hint: 'tomorrow',
    })
  })

  it('shows no table of the auth server, the mailbox or the migrations', async () => {
    for (const schema of ['auth', 'sandbox', 'supabase_migrations', 'sandbox_bootstrap']) {
      const { error } = await openAdmin(target).schema(schema).from('users').select()
      expect(error).not.toBeNull()
    }
  })
})

describe('the role of the migrations', () => {
  it('is no superuser, can make schemas, and cannot read the mailbox', async () => {
    const { rows } = await database.query(
      'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    )
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: true }])
    await database.query('create schema contract_jobs; drop schema contract_jobs')
    await expect(database.query('select * from sandbox.mail')).rejects.toThrow('permission denied')
  })

  it('gives every row of a deleted account up', async () => {
    const leaver = await signUp()
    await leaver.client.from('contract_note').insert({ body: 'soon gone' })
    await openAdmin(target).auth.admin.deleteUser(leaver.id)
    const { rows } = await database.query('select from public.contract_note where owner_id = $1', [leaver.id])
    expect(rows).toEqual([])
  })
})

describe('migrations', () => {
  it('run once, in order, all of a file or nothing of it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'roundup-migrations-'))
    const add = (file: string, sql: string) => writeFileSync(join(directory, file), sql)
    const migrate = () => applyMigrations({ databaseUrl: target.databaseUrl, directory })
    add('29990101000002_second.sql', 'insert into public.contract_order values (2);')
    add('29990101000001_first.sql', 'create table public.contract_order (n int);')
    expect(await migrate()).toEqual(['29990101000001', '29990101000002'])
    expect(await migrate()).toEqual([])

    add('29990101000003_broken.sql', 'insert into public.contract_order values (3); select nonsense;')
    await expect(migrate()).rejects.toThrow('29990101000003_broken.sql failed')
    const { rows } = await database.query('select n from public.contract_order')
    expect(rows).toEqual([{ n: 2 }])

    add('29990101000003_broken.sql', 'insert into public.contract_order values (3);')
    // From two places at once: one does it, the other waits and finds it done.
    expect((await Promise.all([migrate(), migrate()])).flat()).toEqual(['29990101000003'])
    const recorded = await database.query(
      "select name, statements from supabase_migrations.schema_migrations where version = '29990101000002'",
    )
    expect(recorded.rows).toEqual([
      { name: 'second', statements: ['insert into public.contract_order values (2);'] },
    ])

    add('first.sql', '')
    await expect(migrate()).rejects.toThrow('first.sql is not named like a migration')
    rmSync(directory, { recursive: true })
  })
})
