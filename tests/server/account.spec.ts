import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { deleteAccount, finishAccountDeletions } from '#server/account/delete'
import { exportAccount } from '#server/account/export'
import { disconnect } from '#server/connections/disconnect'
import { recoverRevocations, revokeDue } from '#server/connections/revoke'
import { requestAccountDeletion } from '#server/db/accounts'
import { listTodosOf } from '#server/todos/list'
import type { Instance, Member } from '../support/connection-lab.ts'
import {
  isActive,
  linkWorkspace,
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
import { Inspector } from '../support/inspector.ts'
import { connect } from '../support/people.ts'
import { recordTick } from '../support/ticks.ts'

const pool = openPool()
const notion = notionControl()
let instance: Instance
let database: Inspector

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off', search_lag_ms: 0 })
  instance = newInstance(pool)
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
})
afterAll(async () => {
  await database.close()
  await pool.end()
})

/** A row of somebody in every table that people have rows in. */
async function live(member: Member, rows = 1) {
  const linked = await linkWorkspace(instance, member.userId, {
    workspaceId: await newWorkspace(notion, rows),
  })
  await readIntoList(instance, member.userId, [linked.connectionId])
  const { todos } = await listTodosOf(instance.context.db, { userId: member.userId })
  await recordTick(instance.context.sql, member.userId, todos[0]?.notionId ?? '', true)
  const left = await linkWorkspace(instance, member.userId)
  await readIntoList(instance, member.userId, [left.connectionId])
  await disconnect(instance.context, {
    userId: member.userId,
    connectionId: left.connectionId,
    lists: 'remove',
  })
  await pool.query(
    `insert into public.oauth_states (state_hash, user_id, provider, redirect_uri, return_to, browser_hash, expires_at)
     values ('hash-' || $1, $1::uuid, 'notion', 'http://x', '/', 'hash', now() + interval '1 minute')`,
    [member.userId],
  )
  await pool.query(
    'insert into public.dirty_page (user_id, connection_id, notion_page_id) values ($1, $2, gen_random_uuid()::text)',
    [member.userId, linked.connectionId],
  )
  await keepView(member, todos[0]?.notionId ?? '', linked.connectionId)
  return linked
}

/** A view with its feed, a page kept out of the lists, and a mirror with a row. */
async function keepView({ userId }: Member, todoId: string, connectionId: number) {
  await pool.query(
    `with view as (
       insert into public.saved_view (user_id, name, group_by, sort_by, show)
       values ($1::uuid, 'Mine', 'page', 'document', 'open') returning id)
     insert into public.calendar_feed (user_id, view_id, token_hash, contains, locale, time_zone)
     select $1::uuid, id, 'secret-' || $1, 'both', 'en', 'UTC' from view`,
    [userId],
  )
  await pool.query(
    `insert into public.list_rule (user_id, page_id, effect)
     select user_id, id, 'hide' from public.page where user_id = $1 limit 1`,
    [userId],
  )
  await pool.query(
    `with made as (
       insert into public.mirror (user_id, connection_id, parent_page_id, title, state)
       values ($1::uuid, $2, gen_random_uuid()::text, 'Mirror', 'stopped') returning id)
     insert into public.mirror_row (mirror_id, todo_id, user_id, hash) select id, $3, $1::uuid, 'secret-' || $1 from made`,
    [userId, connectionId, todoId],
  )
}

describe('the export', () => {
  it('has every row of mine, none of anybody else, and no secret', async () => {
    const [mine, other] = [await newMember(), await newMember()]
    const linked = await live(mine)
    await live(other)
    const exported = await exportAccount(instance.context, { id: mine.userId, email: mine.email })
    expect(exported.account).toMatchObject({ id: mine.userId, email: mine.email })

    const owned = await database.rows<{ table_name: string; column_name: string }>(
      `select table_name, column_name from information_schema.columns where table_schema = 'public'
       and (column_name = 'user_id' or (table_name = 'profiles' and column_name = 'id')) order by 1`,
    )
    expect(Object.keys(exported.tables).sort()).toEqual(owned.map(({ table_name }) => table_name).sort())
    for (const { table_name, column_name } of owned) {
      const count = await database.count(`public.${table_name}`, `${column_name} = $1`, [mine.userId])
      expect(exported.tables[table_name]?.length, table_name).toBe(count)
      if (table_name !== 'account_deletion') expect(count, table_name).toBeGreaterThan(0)
    }

    const text = JSON.stringify(exported)
    expect(text).not.toContain(other.userId)
    expect(text).not.toContain(other.email)
    const row = await tokenRow(pool, linked.connectionId)
    for (const secret of [
      linked.accessToken,
      linked.refreshToken,
      row.access_token,
      row.refresh_token,
      row.token_fingerprint,
      row.key_id,
      'hash',
      'secret-',
      'eyJ',
    ]) {
      expect(text).not.toContain(secret)
    }
  })

  it('is whole beyond the thousand rows that one request gives', async () => {
    const member = await newMember()
    const { connectionId } = await live(member)
    await pool.query(
      `insert into public.integration_logs (user_id, connection_id, event, outcome)
       select $1, $2, 'health', 'ok' from generate_series(1, 2500)`,
      [member.userId, connectionId],
    )
    const { tables } = await exportAccount(instance.context, { id: member.userId, email: member.email })
    const ids = (tables.integration_logs ?? []).map((row) => z.object({ id: z.number() }).parse(row).id)
    const count = await database.count('public.integration_logs', 'user_id = $1', [member.userId])
    expect(count).toBeGreaterThan(2_500)
    expect(new Set(ids).size).toBe(count)
  })

  it('is a file that only its owner gets', async () => {
    const { browser, userId, email } = await newVisitor()
    const answer = await browser.get('/api/account/export')
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.json).toMatchObject({ account: { id: userId, email } })
  })
})

describe('deleting an account', () => {
  it('leaves no row anywhere that mentions the person, and every token is given back', async () => {
    const member = await newMember()
    const bystander = await newMember()
    await live(bystander)
    const linked = await live(member)
    expect([...(await database.dump()).values()].join('\n')).toContain(member.userId)
    await deleteAccount(
      instance.context,
      { id: member.userId, email: member.email },
      ` ${member.email.toUpperCase()} `,
    )
    for (const [table, text] of await database.dump()) {
      expect(text.includes(member.userId), table).toBe(false)
      expect(text.includes(member.email), table).toBe(false)
      expect(text.includes(linked.accessToken), table).toBe(false)
    }
    expect(instance.log.join('\n')).not.toContain(member.userId)
    await recoverRevocations(instance.context)
    for (const { data } of instance.jobs) {
      if ('revocationId' in data) await revokeDue(instance.context, String(data.revocationId))
    }
    await eventually('the token given back', async () => !(await isActive(instance, linked.accessToken)))
    const { tables } = await exportAccount(instance.context, { id: bystander.userId, email: bystander.email })
    expect(tables.todo).not.toEqual([])
  })

  it('does nothing unless the address is confirmed', async () => {
    const member = await newMember()
    const { connectionId } = await linkWorkspace(instance, member.userId)
    const attempt = deleteAccount(
      instance.context,
      { id: member.userId, email: member.email },
      'else@people.test',
    )
    await expect(attempt).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      issues: [{ path: 'email', code: 'other_address' }],
    })
    expect((await tokenRow(pool, connectionId)).status).toBe('connected')
  })

  it('that was cut off is finished by the next process, and only then', async () => {
    const member = await newMember()
    await requestAccountDeletion(instance.context.db, member.userId)
    const isThere = () => database.count('auth.users', 'id = $1', [member.userId])
    // Younger than a minute: somebody may be at it.
    await finishAccountDeletions(instance.context)
    expect(await isThere()).toBe(1)
    await finishAccountDeletions(instance.context, new Date(Date.now() + 3_600_000))
    expect(await isThere()).toBe(0)
    await finishAccountDeletions(instance.context, new Date(Date.now() + 3_600_000))
  })

  it('over HTTP ends the session everywhere, and the address is free again', async () => {
    const { browser, email, userId } = await newVisitor()
    await connect(browser)
    expectRefusal(
      await browser.ask('DELETE', '/api/account', { body: { email: 'else@people.test' } }),
      'INVALID_REQUEST',
    )
    const cookies = new Map(browser.cookies)
    const answer = await browser.ask('DELETE', '/api/account', { body: { email } })
    expect(answer.status, answer.text).toBe(204)
    expect((await browser.get('/api/session')).json).toEqual({ user: null })
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expectRefusal(await browser.get('/api/auth-notion'), 'UNAUTHENTICATED')
    await eventually('nothing of the person left', async () => {
      const dump = await database.dump()
      return [...dump].every(([, text]) => !text.includes(userId))
    })
    expect(
      (await browser.post('/api/session/sign-up', { email, password: 'correct horse battery' })).status,
    ).toBe(200)
  })
})
