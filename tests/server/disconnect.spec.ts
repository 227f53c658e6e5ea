import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AuthNotionReplySchema, DisconnectReplySchema } from '../../shared/schemas/connection.ts'
import { disconnect } from '#server/connections/disconnect'
import { connectWithToken } from '#server/connections/paste'
import { recoverRevocations, revokeDue } from '#server/connections/revoke'
import { removeToken } from '#server/connections/user-token'
import { withConnection } from '#server/connections/vault'
import { listShownConnections } from '#server/db/connections'
import { cacheDatabases } from '#server/db/databases'
import { finishSyncJob, findSyncJob, startSyncJob } from '#server/db/sync-jobs'
import { listTodoLists } from '#server/db/todo-lists'
import { readOwnBot } from '#server/notion/own-bot'
import { listTodosOf } from '#server/todos/list'
import { readHistory } from '#server/history/read'
import { tickTodo } from '#server/todos/tick'
import type { Instance, Member } from '../support/connection-lab.ts'
import {
  isActive,
  ledgerNow,
  linkWorkspace,
  logOf,
  newInstance,
  newMember,
  newVisitor,
  newWorkspace,
  notionControl,
  openPool,
  readIntoList,
  tokenRow,
} from '../support/connection-lab.ts'
import { expectRefusal } from '../support/envelope.ts'
import { eventually } from '../support/eventually.ts'
import { connect } from '../support/people.ts'
import { recordTick } from '../support/ticks.ts'

const pool = openPool()
const notion = notionControl()
let instance: Instance
let member: Member

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off', search_lag_ms: 0 })
  instance = newInstance(pool)
})
afterEach(() => notion.clearFaults())
afterAll(() => pool.end())

const end = (connectionId: number, lists: 'remove' | 'freeze', userId = member.userId) =>
  disconnect(instance.context, { userId, connectionId, lists })
const read = (since?: number) =>
  listTodosOf(instance.context.db, { userId: member.userId, ...(since !== undefined && { since }) })

async function count(table: string, connectionId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from public.${table} where connection_id = $1`,
    [connectionId],
  )
  return rows[0]?.n ?? 0
}

describe('disconnecting', () => {
  beforeAll(async () => {
    member = await newMember()
  })

  it('erases both tokens here at once, asks Notion nothing, and puts the token by to be given back', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    const since = await ledgerNow(notion)
    await end(linked.connectionId, 'freeze')
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'disconnected',
      disconnect_reason: 'user_request',
      access_token: null,
      refresh_token: null,
    })
    expect((await notion.ledger(since)).entries).toEqual([])
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'disconnect ok freeze'])
    const job = instance.jobs.at(-1)
    expect(job?.queue).toBe('revoke-token')
    await expect(
      withConnection(instance.context, linked.connectionId, 'interactive', () => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'NOTION_NOT_CONNECTED' })

    const { revocationId } = job?.data as { revocationId: string }
    const { rows } = await pool.query<{ row: string }>(
      'select r::text as row from public.token_revocation r where id = $1',
      [revocationId],
    )
    expect(rows[0]?.row).not.toContain(member.userId)
    expect(rows[0]?.row).not.toContain(linked.accessToken)
    expect(await revokeDue(instance.context, revocationId)).toBeNull()
    expect(await isActive(instance, linked.accessToken)).toBe(false)
    expect(await isActive(instance, linked.refreshToken)).toBe(false)
    expect(
      (await pool.query('select from public.token_revocation where id = $1', [revocationId])).rowCount,
    ).toBe(0)
  })

  it('says the same twice, and refuses what is not mine without a word about it', async () => {
    const { connectionId } = await linkWorkspace(instance, member.userId)
    const stranger = await newMember()
    await expect(end(connectionId, 'remove', stranger.userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await tokenRow(pool, connectionId)).status).toBe('connected')
    await end(connectionId, 'remove')
    const jobs = instance.jobs.length
    await end(connectionId, 'remove')
    await Promise.all(Array.from({ length: 5 }, () => end(connectionId, 'remove')))
    expect(instance.jobs).toHaveLength(jobs)
    expect(await logOf(pool, connectionId)).toEqual(['connect ok', 'disconnect ok remove'])
    await expect(end(999_999_999, 'remove')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('twenty times at once ends it once', async () => {
    const { connectionId } = await linkWorkspace(instance, member.userId)
    const revocations = instance.jobs.length
    await Promise.all(Array.from({ length: 20 }, () => end(connectionId, 'freeze')))
    expect(await logOf(pool, connectionId)).toEqual(['connect ok', 'disconnect ok freeze'])
    // Whoever came too late has sealed a token for nothing: those rows were never written.
    const queued = instance.jobs
      .slice(revocations)
      .map(({ data }) => ('revocationId' in data ? data.revocationId : ''))
    const { rowCount } = await pool.query('select from public.token_revocation where id = any ($1)', [queued])
    expect(rowCount).toBe(1)
  })

  it('gives a pasted token back to nobody: it is only erased', async () => {
    const minted = await notion.token({
      op: 'mint',
      kind: 'internal',
      workspace_id: await newWorkspace(notion),
    })
    const token = (minted as { access_token: string }).access_token
    const { connection } = await connectWithToken(instance.context, { userId: member.userId, token })
    expect(connection.kind).toBe('internal')
    const jobs = instance.jobs.length
    await end(connection.id, 'freeze')
    expect((await tokenRow(pool, connection.id)).access_token).toBeNull()
    expect(instance.jobs).toHaveLength(jobs)
    const response = await fetch(`${notion.url}/v1/users/me`, {
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
    })
    expect(response.status).toBe(200)
  })

  it('works with a token that no key opens any more', async () => {
    const { connectionId } = await linkWorkspace(instance, member.userId)
    const keyless = newInstance(pool, { CREDENTIAL_ENCRYPTION_KEY: `another key ${randomUUID()}` })
    await disconnect(keyless.context, { userId: member.userId, connectionId, lists: 'freeze' })
    expect((await tokenRow(pool, connectionId)).access_token).toBeNull()
  })

  it('while a refresh is under way gives back the new pair too', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    await notion.token({ op: 'expire', bot_id: linked.botId })
    const canary = `ntn_${randomUUID()}`
    await notion.token({ op: 'next', access_token: canary })
    await notion.fault({ path: '/v1/oauth/token', what: { kind: 'latency', ms: 800 } })
    const refresher = newInstance(pool)
    const since = await ledgerNow(notion)
    const use = withConnection(refresher.context, linked.connectionId, 'interactive', ({ client }) =>
      readOwnBot(client),
    )
    const refused = expect(use).rejects.toMatchObject({ code: 'NOTION_NOT_CONNECTED' })
    await eventually('the refresh', async () =>
      (await notion.ledger(since)).entries.some(({ path }) => path === '/v1/oauth/token'),
    )
    await end(linked.connectionId, 'freeze')
    await refused
    for (const { data } of [...refresher.jobs, ...instance.jobs.slice(-1)]) {
      if ('revocationId' in data) await revokeDue(instance.context, String(data.revocationId))
    }
    expect(await isActive(instance, canary)).toBe(false)
    expect(await isActive(instance, linked.refreshToken)).toBe(false)
  })

  it('is tried again with growing pauses, and forgotten after a day', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    await end(linked.connectionId, 'freeze')
    const { revocationId } = instance.jobs.at(-1)?.data as { revocationId: string }
    await notion.fault({ path: '/v1/oauth/revoke', times: null, what: { kind: 'status', status: 503 } })
    const due = () =>
      pool.query(`update public.token_revocation set next_attempt_at = now() where id = $1`, [revocationId])
    const pauses: (number | null)[] = []
    for (let tries = 0; tries < 4; tries += 1) {
      await due()
      pauses.push(await revokeDue(instance.context, revocationId))
    }
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000])
    // Not due yet: nobody asks Notion.
    const since = await ledgerNow(notion)
    expect(await revokeDue(instance.context, revocationId)).toBeNull()
    expect((await notion.ledger(since)).entries).toEqual([])
    await pool.query(`update public.token_revocation set give_up_at = now() - interval '1 s' where id = $1`, [
      revocationId,
    ])
    await recoverRevocations(instance.context)
    expect(
      (await pool.query('select from public.token_revocation where id = $1', [revocationId])).rowCount,
    ).toBe(0)
  })
})

/** Notion takes its time with the ticks of a connection: they are not there yet when it ends. */
const holdWrites = ({ botId }: { botId: string }) =>
  notion.fault({ path: '/v1/**', bot_id: botId, times: null, what: { kind: 'latency', ms: 5_000 } })

describe('what was read', () => {
  beforeAll(async () => {
    member = await newMember()
  })

  it('is removed: a browser that is open hears of every to-do, lists left empty go, others keep the rest', async () => {
    const gone = await linkWorkspace(instance, member.userId)
    const kept = await linkWorkspace(instance, member.userId)
    const onlyGone = await readIntoList(instance, member.userId, [gone.connectionId])
    const both = await readIntoList(instance, member.userId, [gone.connectionId, kept.connectionId])
    const before = await read()
    const [doomedCount, keptCount] = [
      await count('todo', gone.connectionId),
      await count('todo', kept.connectionId),
    ]
    expect(doomedCount).toBeGreaterThan(0)
    expect(keptCount).toBeGreaterThan(0)
    expect(before.todos).toHaveLength(doomedCount + keptCount)
    const { rows } = await pool.query<{ notion_id: string }>(
      'select notion_id from public.todo where connection_id = $1 limit 1',
      [gone.connectionId],
    )
    await holdWrites(gone)
    await recordTick(instance.context.sql, member.userId, rows[0]?.notion_id ?? '', true)

    await end(gone.connectionId, 'remove')
    for (const table of ['notion_database', 'page', 'todo']) {
      expect(await count(table, gone.connectionId), table).toBe(0)
    }
    // What the person did stays in their history, and says that it did not get through.
    const { entries } = await readHistory(instance.context.db, member.userId, {})
    expect(entries[0]?.preview).toMatchObject([
      { id: rows[0]?.notion_id, state: 'failed', code: 'NOTION_NOT_CONNECTED', undoable: false },
    ])
    expect(entries[0]?.preview[0]?.text).not.toBe('')
    const after = await read()
    expect(after.todos).toHaveLength(keptCount)
    const delta = await read(before.seq)
    const stillThere = new Set(after.todos.map(({ id }) => id))
    const removed = before.todos.map(({ id }) => id).filter((id) => !stillThere.has(id))
    expect(removed).toHaveLength(doomedCount)
    expect([...delta.removed].sort()).toEqual(removed.sort())
    const lists = await listTodoLists(instance.context.db, member.userId)
    expect(lists.map(({ id }) => id)).toEqual([both])
    expect(lists.map(({ id }) => id)).not.toContain(onlyGone)
    expect(lists[0]?.databaseIds).toHaveLength(1)
    expect(await listShownConnections(instance.context.db, member.userId)).toHaveLength(1)
    // A delta from later on has nothing more to tell.
    expect((await read(delta.seq)).removed).toEqual([])
  })

  it('is frozen: readable as it was, not to be ticked, unsent ticks named; connecting again thaws it', async () => {
    const workspaceId = await newWorkspace(notion)
    const linked = await linkWorkspace(instance, member.userId, { workspaceId })
    const listId = await readIntoList(instance, member.userId, [linked.connectionId])
    const listed = () => listTodosOf(instance.context.db, { userId: member.userId, listId })
    const before = (await listed()).todos
    const [todo] = before
    await holdWrites(linked)
    await recordTick(instance.context.sql, member.userId, todo?.notionId ?? '', true)

    await end(linked.connectionId, 'freeze')
    const frozen = await listed()
    expect(frozen.todos.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort())
    expect(frozen.todos.find(({ id }) => id === todo?.id)).toMatchObject({
      write: { state: 'failed', code: 'NOTION_NOT_CONNECTED' },
    })
    await expect(
      tickTodo(instance.context, { userId: member.userId, notionId: todo?.notionId ?? '', checked: false }),
    ).rejects.toMatchObject({ code: 'NOTION_NOT_CONNECTED' })
    const shown = (await listShownConnections(instance.context.db, member.userId)).find(
      ({ id }) => id === linked.connectionId,
    )
    expect(shown).toMatchObject({ status: 'disconnected', reason: 'user_request' })

    const again = await linkWorkspace(instance, member.userId, { workspaceId })
    expect(again.connectionId).toBe(linked.connectionId)
    await tickTodo(instance.context, { userId: member.userId, notionId: todo?.notionId ?? '', checked: true })
    expect((await listed()).todos.find(({ id }) => id === todo?.id)?.write.state).toMatch(/^(waiting|saved)$/)
  })

  it('that is frozen can still be removed', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    await readIntoList(instance, member.userId, [linked.connectionId])
    await end(linked.connectionId, 'freeze')
    expect(await count('todo', linked.connectionId)).toBeGreaterThan(0)
    await end(linked.connectionId, 'remove')
    expect(await count('todo', linked.connectionId)).toBe(0)
    // And nothing brings it back.
    await end(linked.connectionId, 'freeze')
    const shown = await listShownConnections(instance.context.db, member.userId)
    expect(shown.map(({ id }) => id)).not.toContain(linked.connectionId)
  })

  it('gets nothing more from a run that was under way, and that run has failed for good', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    await readIntoList(instance, member.userId, [linked.connectionId])
    const started = await startSyncJob(instance.context.db, linked.connectionId, true)
    const jobId = started?.jobId ?? 0
    await end(linked.connectionId, 'remove')
    await expect(cacheDatabases(instance.context.db, linked.connectionId, [A_DATABASE])).rejects.toThrow()
    await finishSyncJob(instance.context.db, jobId, { state: 'done', complete: true })
    expect(await findSyncJob(instance.context.db, jobId)).toMatchObject({
      state: 'failed',
      code: 'NOTION_NOT_CONNECTED',
    })
    expect(await startSyncJob(instance.context.db, linked.connectionId, true)).toBeNull()
  })

  it('stays when the token is taken away by the word of the domain model', async () => {
    const linked = await linkWorkspace(instance, member.userId)
    await readIntoList(instance, member.userId, [linked.connectionId])
    await removeToken(instance.context, member.userId, linked.workspaceId)
    expect(await count('todo', linked.connectionId)).toBeGreaterThan(0)
  })
})

describe('over HTTP', () => {
  it('answers at once while Notion is down; the token is given back when Notion is there again', async () => {
    const { browser, userId } = await newVisitor()
    const { workspace } = await connect(browser)
    const { rows } = await pool.query<{ bot_id: string }>(
      'select bot_id from public.notion_access_token where user_id = $1',
      [userId],
    )
    expect(rows).toHaveLength(1)
    await notion.fault({ path: '/v1/oauth/revoke', times: 2, what: { kind: 'reset' } })
    const since = await ledgerNow(notion)
    const startedAt = Date.now()
    const body = { connectionId: workspace.connectionId, lists: 'freeze' }
    const answer = await browser.post('/api/disconnect-notion', body)
    expect(answer.status, answer.text).toBe(200)
    expect(DisconnectReplySchema.parse(answer.json)).toEqual({
      connectionId: workspace.connectionId,
      status: 'disconnected',
    })
    expect(Date.now() - startedAt).toBeLessThan(3_000)
    expect((await browser.post('/api/disconnect-notion', body)).json).toEqual(answer.json)
    const shown = AuthNotionReplySchema.parse((await browser.get('/api/auth-notion')).json)
    expect(shown).toMatchObject({
      connected: false,
      workspaces: [{ status: 'disconnected', reason: 'user_request' }],
    })
    await eventually(
      'the revocation',
      async () =>
        (await notion.ledger(since)).entries.some(
          ({ path, status }) => path === '/v1/oauth/revoke' && status === 200,
        ),
      30_000,
    )
    await eventually(
      'nothing left to give back',
      async () =>
        (await pool.query('select from public.token_revocation where attempts >= 3')).rowCount === 0,
    )
  })

  it('knows no connection of another person', async () => {
    const owner = await newMember()
    const { connectionId } = await linkWorkspace(instance, owner.userId)
    const { browser } = await newVisitor()
    expectRefusal(
      await browser.post('/api/disconnect-notion', { connectionId, lists: 'remove' }),
      'NOT_FOUND',
    )
    expectRefusal(await browser.get(`/api/connections/${connectionId}/log`), 'NOT_FOUND')
    for (const body of [
      { connectionId },
      { connectionId, lists: 'keep' },
      { connectionId: '1', lists: 'freeze' },
    ]) {
      expectRefusal(await browser.post('/api/disconnect-notion', body), 'INVALID_REQUEST')
    }
    expect((await tokenRow(pool, connectionId)).status).toBe('connected')
  })
})

const A_DATABASE = {
  notionDatabaseId: randomUUID(),
  dataSourceId: randomUUID(),
  name: 'Late',
  icon: null,
  url: 'https://www.notion.so/late',
  metadata: {},
  lastEditedTime: '2026-01-01T00:00:00.000Z',
  counts: { boxes: true, rows: false },
  doneProperty: null,
}
