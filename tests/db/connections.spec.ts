import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeConnection } from '../../server/db/connections.ts'
import { createTodoList } from '../../server/db/todo-lists.ts'
import {
  addDatabase,
  fakeCiphertext,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
  tokenRecord,
} from '../support/database.ts'

const db = openServiceDb()
let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

interface Stored {
  profiles: number
  tokens: number
  live_tokens: number
  links: number
  live_links: number
  logs: number
}

/** What somebody has stored, counted. */
function countOf(userId: string): Promise<Stored> {
  return one<Stored & Record<string, unknown>>(
    pool,
    `select (select count(*)::int from profiles where id = $1) as profiles,
       (select count(*)::int from notion_access_token where user_id = $1) as tokens,
       (select count(*)::int from notion_access_token where user_id = $1 and deleted_at is null) as live_tokens,
       (select count(*)::int from notion_access_token_user where user_id = $1) as links,
       (select count(*)::int from notion_access_token_user where user_id = $1 and deleted_at is null) as live_links,
       (select count(*)::int from integration_logs where user_id = $1) as logs`,
    [userId],
  )
}

const tokenOf = (fingerprint: string) =>
  one(pool, 'select * from notion_access_token where token_fingerprint = $1', [fingerprint])

describe('connecting a workspace', () => {
  it('makes the profile that is missing, before the token', async () => {
    const { id } = await signUpMember()
    await pool.query('delete from profiles where id = $1', [id])
    await storeConnection(db, id, tokenRecord())
    expect(await countOf(id)).toEqual({
      profiles: 1,
      tokens: 1,
      live_tokens: 1,
      links: 1,
      live_links: 1,
      logs: 1,
    })
  })

  it(
    'leaves one profile, one token and one link when two tabs come back at once',
    { timeout: 120_000 },
    async () => {
      for (let round = 0; round < 40; round++) {
        const { id } = await signUpMember()
        await pool.query('delete from profiles where id = $1', [id])
        const workspaceId = randomUUID()
        const connections = await Promise.all(
          Array.from({ length: 3 }, () => storeConnection(db, id, tokenRecord({ workspaceId }))),
        )
        expect(new Set(connections).size).toBe(1)
        expect(await countOf(id)).toMatchObject({ profiles: 1, live_tokens: 1, links: 1, live_links: 1 })
      }
    },
  )

  it('stores the whole reply in columns of its own', async () => {
    const { id } = await signUpMember()
    const record = tokenRecord({
      owner: { type: 'user', user: { id: randomUUID() } },
      workspaceName: 'Garden',
    })
    await storeConnection(db, id, record)
    expect(await tokenOf(record.tokenFingerprint)).toMatchObject({
      user_id: id,
      bot_id: record.botId,
      access_token: record.accessToken,
      refresh_token: record.refreshToken,
      key_id: record.keyId,
      token_type: 'bearer',
      kind: 'oauth',
      workspace_id: record.workspaceId,
      workspace_name: 'Garden',
      request_id: record.requestId,
      owner: record.owner,
      status: 'connected',
      deleted_at: null,
    })
  })

  it('with the token it has already takes the new ciphertext and stays one row', async () => {
    const { id } = await signUpMember()
    const record = tokenRecord()
    const first = await storeConnection(db, id, record)
    const again = { ...record, accessToken: fakeCiphertext(), workspaceName: 'Renamed' }
    expect(await storeConnection(db, id, again)).toBe(first)
    expect(await tokenOf(record.tokenFingerprint)).toMatchObject({
      access_token: again.accessToken,
      workspace_name: 'Renamed',
    })
    expect(await countOf(id)).toMatchObject({ tokens: 1, links: 1 })
  })

  it('anew erases the former ciphertext and keeps the connection, its databases and lists', async () => {
    const { id } = await signUpMember()
    const former = tokenRecord()
    const connection = await storeConnection(db, id, former)
    const { dataSourceId } = await addDatabase(db, connection)
    const list = await createTodoList(db, id, 'Home', [dataSourceId])
    await storeConnection(db, id, tokenRecord({ workspaceId: former.workspaceId }))
    expect(await tokenOf(former.tokenFingerprint)).toMatchObject({
      access_token: null,
      refresh_token: null,
      status: 'disconnected',
      disconnect_reason: 'replaced',
    })
    expect(await countOf(id)).toMatchObject({ tokens: 2, live_tokens: 1, links: 1, live_links: 1 })
    const { rows } = await pool.query('select list_id from todo_list_source where user_id = $1', [id])
    expect(rows).toEqual([{ list_id: String(list) }])
  })

  it('a workspace more leaves the others as they are', async () => {
    const { id } = await signUpMember()
    const first = tokenRecord()
    const connections = [await storeConnection(db, id, first), await storeConnection(db, id, tokenRecord())]
    expect(new Set(connections).size).toBe(2)
    expect(await tokenOf(first.tokenFingerprint)).toMatchObject({
      access_token: first.accessToken,
      deleted_at: null,
    })
  })

  it('that somebody else has connected too leaves theirs untouched', async () => {
    const [ada, bob] = [await signUpMember(), await signUpMember()]
    const theirs = tokenRecord()
    await storeConnection(db, ada.id, theirs)
    const before = await tokenOf(theirs.tokenFingerprint)
    await storeConnection(db, bob.id, tokenRecord({ workspaceId: theirs.workspaceId }))
    await storeConnection(db, bob.id, tokenRecord({ workspaceId: theirs.workspaceId }))
    expect(await tokenOf(theirs.tokenFingerprint)).toEqual(before)
  })

  it('cannot take over the token of somebody else, nor move one to another workspace', async () => {
    const [ada, bob] = [await signUpMember(), await signUpMember()]
    const theirs = tokenRecord()
    await storeConnection(db, ada.id, theirs)
    const before = await tokenOf(theirs.tokenFingerprint)
    for (const [userId, record] of [
      [bob.id, theirs],
      [ada.id, { ...theirs, workspaceId: randomUUID() }],
    ] as const) {
      await expect(storeConnection(db, userId, { ...record, accessToken: fakeCiphertext() })).rejects.toThrow(
        'P0001',
      )
    }
    expect(await tokenOf(theirs.tokenFingerprint)).toEqual(before)
    expect(await countOf(bob.id)).toMatchObject({ tokens: 0, links: 0, logs: 0 })
    expect(await countOf(ada.id)).toMatchObject({ tokens: 1, links: 1 })
  })
})

describe('a plain token', () => {
  it.each([
    'ntn_1234567890abcdef',
    'secret_1234567890',
    '',
    'eyJhbGciOiJub25lIn0.e30.',
    'eyJx..a.b.c\nntn_x',
  ])('such as %j is refused by the table itself, wherever it is put', async (plain) => {
    const { id } = await signUpMember()
    await expect(storeConnection(db, id, tokenRecord({ accessToken: plain }))).rejects.toThrow('23514')
    await expect(storeConnection(db, id, tokenRecord({ refreshToken: plain }))).rejects.toThrow('23514')
    const record = tokenRecord()
    await storeConnection(db, id, record)
    const { error } = await db
      .from('notion_access_token')
      .update({ access_token: plain })
      .eq('token_fingerprint', record.tokenFingerprint)
    expect(error?.code).toBe('23514')
  })
})

describe('a connect that breaks off', () => {
  it.each([
    ['the new link', 'notion_access_token_user', 'insert'],
    ['the log line', 'integration_logs', 'insert'],
    ['erasing the former token', 'notion_access_token', 'update'],
  ])('at %s leaves everything as it was', async (_, table, operation) => {
    const { id } = await signUpMember()
    const former = tokenRecord()
    if (operation === 'update') await storeConnection(db, id, former)
    const before = await countOf(id)
    const client = await pool.connect()
    try {
      await client.query('begin')
      // Only in this transaction: the statement fails as it would on a full disk.
      await client.query(`
        create function public.break_off() returns trigger language plpgsql as $$
        begin raise exception 'broken off' using errcode = '58030'; end $$;
        create trigger break_off before ${operation} on public.${table} for each row execute function public.break_off();
        savepoint broken`)
      await expect(
        client.query('select connect_workspace($1, $2)', [
          id,
          toJson(tokenRecord({ workspaceId: former.workspaceId })),
        ]),
      ).rejects.toThrow('broken off')
      await client.query('rollback to savepoint broken')
      const { rows } = await client.query(
        'select count(*)::int as n from notion_access_token where user_id = $1',
        [id],
      )
      expect(rows).toEqual([{ n: before.tokens }])
    } finally {
      await client.query('rollback')
      client.release()
    }
    expect(await countOf(id)).toEqual(before)
    if (before.tokens > 0) {
      expect(await tokenOf(former.tokenFingerprint)).toMatchObject({
        access_token: former.accessToken,
        deleted_at: null,
      })
    }
  })

  it('because its connection is cut in the middle leaves nothing', async () => {
    const { id } = await signUpMember()
    const before = await countOf(id)
    const client = await pool.connect()
    client.on('error', () => undefined)
    const { pid } = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0] ?? {}
    await client.query('begin')
    await client.query('select connect_workspace($1, $2)', [id, toJson(tokenRecord())])
    await pool.query('select pg_terminate_backend($1)', [pid])
    client.release(true)
    expect(await countOf(id)).toEqual(before)
    await storeConnection(db, id, tokenRecord())
    expect(await countOf(id)).toMatchObject({ tokens: 1, links: 1 })
  })
})

/** The argument of connect_workspace, for calls past the REST interface. */
function toJson(record: ReturnType<typeof tokenRecord>) {
  return {
    bot_id: record.botId,
    access_token: record.accessToken,
    refresh_token: record.refreshToken,
    token_fingerprint: record.tokenFingerprint,
    key_id: record.keyId,
    token_type: record.tokenType,
    kind: record.kind,
    workspace_id: record.workspaceId,
    owner: record.owner,
  }
}
