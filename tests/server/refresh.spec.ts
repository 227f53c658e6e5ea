import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { ConnectionStatusSchema, DisconnectReasonSchema } from '#shared/schemas/connection'
import { isStatusMove } from '#server/connections/status'
import { withConnection } from '#server/connections/vault'
import { readOwnBot } from '#server/notion/own-bot'
import { eventually } from '../support/eventually.ts'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { SearchNotionReplySchema } from '../../shared/schemas/database.ts'
import { startApp } from '../support/app.ts'
import type { Instance, Linked, Member } from '../support/connection-lab.ts'
import {
  isActive,
  ledgerNow,
  linkWorkspace,
  logOf,
  newInstance,
  newMember,
  newVisitor,
  notionControl,
  openPool,
  tokenCalls,
  tokenRow,
} from '../support/connection-lab.ts'

const pool = openPool()
const notion = notionControl()
let member: Member
let instance: Instance
let linked: Linked

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off' })
  member = await newMember()
})
afterEach(() => notion.clearFaults())
afterAll(() => pool.end())

async function connect(options: Parameters<typeof linkWorkspace>[2] = {}): Promise<void> {
  instance = newInstance(pool)
  linked = await linkWorkspace(instance, member.userId, options)
}

/** Something that only a working token can do. */
function use({ context }: Instance, connectionId = linked.connectionId) {
  return withConnection(context, connectionId, 'interactive', ({ client }) => readOwnBot(client))
}

const expire = () => notion.token({ op: 'expire', bot_id: linked.botId })
const revoke = () => notion.token({ op: 'revoke', bot_id: linked.botId })

/** What a cool-down or a lease waits for, without the waiting. */
async function letTimePass(): Promise<void> {
  await pool.query(
    `update public.notion_access_token set refresh_not_before = now() - interval '1 s',
       refresh_lease_until = least(refresh_lease_until, now() - interval '1 s') where id = $1`,
    [(await tokenRow(pool, linked.connectionId)).id],
  )
}

describe('a token that Notion refuses', () => {
  it('is refreshed once, both tokens are stored, and the work is done all the same', async () => {
    await connect()
    const before = await tokenRow(pool, linked.connectionId)
    await expire()
    const since = await ledgerNow(notion)
    expect((await use(instance))?.botId).toBe(linked.botId)
    expect(await tokenCalls(notion, since)).toBe(1)
    const after = await tokenRow(pool, linked.connectionId)
    expect(after.status).toBe('connected')
    expect(after.access_token).not.toBe(before.access_token)
    expect(after.refresh_token).not.toBe(before.refresh_token)
    expect(after.token_fingerprint).not.toBe(before.token_fingerprint)
    expect(after.refresh_lease).toBeNull()
    expect(await isActive(instance, linked.refreshToken)).toBe(false)
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'refresh ok'])
    // The stored refresh token is the new one: it works for the next time.
    await expire()
    expect((await use(newInstance(pool)))?.botId).toBe(linked.botId)
  })

  it('is refreshed by one of fifty who need it at once, on five instances', async () => {
    await connect()
    await expire()
    const since = await ledgerNow(notion)
    const instances = Array.from({ length: 5 }, () => newInstance(pool))
    const all = Array.from({ length: 50 }, (_, index) => instances[index % 5]).filter(
      (one) => one !== undefined,
    )
    const answers = await Promise.all(all.map((one) => use(one)))
    expect(answers.map((bot) => bot?.botId)).toEqual(Array.from({ length: 50 }, () => linked.botId))
    expect(await tokenCalls(notion, since)).toBe(1)
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'refresh ok'])
  })

  it('and whose refresh token Notion refuses too needs the person, once and for all', async () => {
    await connect()
    await revoke()
    const since = await ledgerNow(notion)
    await expect(use(instance)).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' })
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'needs_reauthorization',
      disconnect_reason: 'refresh_failed',
    })
    // No storm: from here on nothing is sent at all.
    await Promise.all(
      Array.from({ length: 10 }, () =>
        expect(use(newInstance(pool))).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' }),
      ),
    )
    expect(await tokenCalls(notion, since)).toBe(1)
    expect((await notion.ledger(since)).entries).toHaveLength(2)
    expect(await logOf(pool, linked.connectionId)).toEqual([
      'connect ok',
      'refresh failed NOTION_TOKEN_INVALID',
    ])
  })

  it('and has no refresh token needs the person', async () => {
    await connect({ refreshToken: null })
    await revoke()
    await expect(use(instance)).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' })
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'needs_reauthorization',
      disconnect_reason: 'revoked_remotely',
    })
  })

  it('and is refused again although fresh needs the person: it is refreshed once, not for ever', async () => {
    await connect()
    const since = await ledgerNow(notion)
    await notion.fault({
      path: '/v1/users/me',
      times: null,
      bot_id: linked.botId,
      what: { kind: 'status', status: 401 },
    })
    await expect(use(instance)).rejects.toMatchObject({ kind: 'token_invalid' })
    expect(await tokenCalls(notion, since)).toBe(1)
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'needs_reauthorization',
      disconnect_reason: 'revoked_remotely',
    })
  })

  it('leaves the other connections of the person, and those of others, as they are', async () => {
    await connect()
    const broken = linked
    const second = await linkWorkspace(instance, member.userId)
    const somebody = await linkWorkspace(instance, (await newMember()).userId, {
      workspaceId: broken.workspaceId,
    })
    await revoke()
    await expect(use(instance, broken.connectionId)).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' })
    for (const { connectionId, botId } of [second, somebody]) {
      expect((await use(instance, connectionId))?.botId).toBe(botId)
      expect((await tokenRow(pool, connectionId)).status).toBe('connected')
      expect(await logOf(pool, connectionId)).toEqual(['connect ok'])
    }
  })
})

describe('two instances of the app', () => {
  it('refresh once for fifty requests at the same time, and all fifty are answered', async () => {
    const { browser, userId } = await newVisitor()
    instance = newInstance(pool)
    linked = await linkWorkspace(instance, userId)
    const environment = inject('environment')
    const second = await startApp(await findFreePort(), { ...environment, BASE_URL: inject('appUrl') })
    try {
      await expire()
      const since = await ledgerNow(notion)
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const origin = index % 2 === 0 ? inject('appUrl') : second.url
          const answer = await fetch(`${origin}/api/search-notion?refresh=true`, { headers: { cookie } })
          return { status: answer.status, reply: SearchNotionReplySchema.parse(await answer.json()) }
        }),
      )
      for (const { status, reply } of answers) {
        expect(status).toBe(200)
        expect(reply.stale).toEqual([])
        expect(reply.databases).toHaveLength(1)
      }
      expect(await tokenCalls(notion, since)).toBe(1)
      expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'refresh ok'])
      const { rowCount } = await pool.query('select from public.notion_access_token where user_id = $1', [
        userId,
      ])
      expect(rowCount).toBe(1)
      expect((await use(newInstance(pool)))?.botId).toBe(linked.botId)
    } finally {
      await second.stop()
    }
  })
})

describe('a stale failure', () => {
  it('never takes the winner out of use: an invalid_grant that comes late finds a newer token', async () => {
    await connect()
    await expire()
    // The first refresh is held up at Notion; its lease runs out meanwhile, and a second one wins.
    await notion.fault({
      path: '/v1/oauth/token',
      what: { kind: 'latency', ms: 1_500 },
    })
    const slow = newInstance(pool)
    const since = await ledgerNow(notion)
    const late = use(slow)
    await eventually('the first refresh', async () => (await tokenCalls(notion, since)) > 0)
    await letTimePass()
    expect((await use(newInstance(pool)))?.botId).toBe(linked.botId)
    expect((await late)?.botId).toBe(linked.botId)
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({ status: 'connected' })
    expect(await tokenCalls(notion, since)).toBe(2)
    expect((await use(newInstance(pool)))?.botId).toBe(linked.botId)
  })
})

describe('while Notion does not answer', () => {
  it('the connection is expired, not lost; nobody asks during the cool-down; it heals by itself', async () => {
    await connect()
    await expire()
    await notion.fault({ path: '/v1/oauth/token', times: null, what: { kind: 'status', status: 503 } })
    const since = await ledgerNow(notion)
    await expect(use(instance)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'expired',
      disconnect_reason: null,
    })
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(use(newInstance(pool))).rejects.toMatchObject({ kind: 'unavailable' })
    }
    expect(await tokenCalls(notion, since)).toBe(1)
    // It was asked for again at the end of the pause, by itself.
    expect(instance.jobs).toEqual([
      { queue: 'probe-connection', data: { connectionId: linked.connectionId }, startAfterMs: 5_000 },
    ])

    await letTimePass()
    await expect(use(instance)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await tokenCalls(notion, since)).toBe(2)
    expect(instance.jobs.at(-1)?.startAfterMs).toBe(10_000)

    await notion.clearFaults()
    await letTimePass()
    expect((await use(instance))?.botId).toBe(linked.botId)
    expect(await tokenRow(pool, linked.connectionId)).toMatchObject({
      status: 'connected',
      refresh_attempts: 0,
    })
    expect(await logOf(pool, linked.connectionId)).toEqual([
      'connect ok',
      'refresh failed NOTION_UNAVAILABLE',
      'refresh failed NOTION_UNAVAILABLE',
      'refresh ok',
    ])
  })

  it('a client that Notion does not know is our mistake, not the end of the connection', async () => {
    await connect()
    await expire()
    const misconfigured = newInstance(pool, { NOTION_OAUTH_CLIENT_SECRET: 'wrong' })
    await expect(use(misconfigured)).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await tokenRow(pool, linked.connectionId)).status).toBe('expired')
    await letTimePass()
    expect((await use(instance))?.botId).toBe(linked.botId)
  })
})

describe('a token whose end is told', () => {
  it('is refreshed before it ends', async () => {
    await connect({ expiresIn: 60 })
    const since = await ledgerNow(notion)
    expect((await use(instance))?.botId).toBe(linked.botId)
    expect(await tokenCalls(notion, since)).toBe(1)
    expect((await notion.ledger(since)).entries.map(({ status }) => status)).toEqual([200, 200])
  })

  it('is used on while it works, when its refresh has to wait', async () => {
    await connect({ expiresIn: 60 })
    await notion.fault({ path: '/v1/oauth/token', times: null, what: { kind: 'status', status: 503 } })
    expect((await use(instance))?.botId).toBe(linked.botId)
    expect((await tokenRow(pool, linked.connectionId)).status).toBe('connected')
    expect((await use(instance))?.botId).toBe(linked.botId)
  })

  it('is left alone while its end is far', async () => {
    await connect({ expiresIn: 3_600 })
    const since = await ledgerNow(notion)
    await use(instance)
    expect(await tokenCalls(notion, since)).toBe(0)
  })
})

describe('the moves between states', () => {
  it('are the same in the database and in the description of them', async () => {
    const states = ConnectionStatusSchema.options
    const reasons = [...DisconnectReasonSchema.options, null]
    let moves = 0
    for (const from of states) {
      for (const to of states) {
        for (const reason of reasons) {
          const { rows } = await pool.query<{ is: boolean }>(
            'select public.is_status_move($1, $2, $3) as is',
            [from, to, reason],
          )
          expect(rows[0]?.is, `${from} → ${to} (${reason})`).toBe(isStatusMove(from, to, reason))
          moves += rows[0]?.is ? 1 : 0
        }
      }
    }
    expect(moves).toBe(14)
  })

  it('are kept by the table itself, whoever writes', async () => {
    await connect()
    const { id } = await tokenRow(pool, linked.connectionId)
    await pool.query(
      `update public.notion_access_token set status = 'needs_reauthorization', disconnect_reason = 'refresh_failed'
       where id = $1`,
      [id],
    )
    await expect(
      pool.query(
        `update public.notion_access_token set status = 'expired', disconnect_reason = null where id = $1`,
        [id],
      ),
    ).rejects.toThrow('no such status move')
    await expect(
      pool.query(`update public.notion_access_token set status = 'connected' where id = $1`, [id]),
    ).rejects.toThrow('no such status move')
  })
})
