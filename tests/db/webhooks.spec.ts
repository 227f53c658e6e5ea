import { randomUUID } from 'node:crypto'
import { signWebhookPayload } from '@notionhq/client'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { storeConnection } from '../../server/db/connections.ts'
import { createTokenCipher } from '../../server/security/token-cipher.ts'
import type { WebhookContext } from '../../server/webhooks/receive.ts'
import { receiveWebhook } from '../../server/webhooks/receive.ts'
import { awaitHandshake, forgetVerificationToken } from '../../server/webhooks/verification-token.ts'
import {
  addDatabase,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
  tokenRecord,
} from '../support/database.ts'
import { claimSyncJob, finishSyncJob, startSyncJob } from '../../server/db/sync-jobs.ts'
import { createTodoList } from '../../server/db/todo-lists.ts'

// R97, S36–S40, S42: what Notion says reaches only whom it concerns, once, and only when Notion said it.

const TOKEN = `secret_${'a'.repeat(40)}`
const DAY_MS = 86_400_000
const NOTION = { NOTION_API_URL: 'https://api.notion.com' }
const db = openServiceDb()
let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

type Queued = { connectionId: number }

function instance(verificationToken: string | undefined = TOKEN) {
  const queued: Queued[] = []
  const log: string[] = []
  const write = (...line: unknown[]) => void log.push(JSON.stringify(line))
  const context: WebhookContext = {
    db,
    sql: pool,
    cipher: createTokenCipher('k'.repeat(32)),
    environment: { ...NOTION, NOTION_WEBHOOK_VERIFICATION_TOKEN: verificationToken },
    log: { info: write, warn: write, error: write },
    sendJob: (_, data) => {
      if ('connectionId' in data) queued.push({ connectionId: data.connectionId })
      return Promise.resolve()
    },
  }
  return { context, queued, log }
}

/** Somebody with a connected workspace, a chosen database and some pages of it that were read an hour ago. */
async function reader(pages = 1, identity: { botId?: string; workspaceId?: string } = {}) {
  const { id: userId } = await signUpMember()
  const botId = identity.botId ?? randomUUID()
  const workspaceId = identity.workspaceId ?? randomUUID()
  const connectionId = await storeConnection(db, userId, tokenRecord({ botId, workspaceId }))
  const { databaseId, dataSourceId } = await addDatabase(db, connectionId)
  await createTodoList(db, userId, 'Everything', [dataSourceId])
  const pageIds = Array.from({ length: pages }, () => randomUUID())
  await pool.query(
    `insert into public.page (user_id, connection_id, database_id, notion_page_id, url, read_at)
     select $1, $2, $3, p, 'https://www.notion.so/p', now() - interval '1 hour' from unnest($4::text[]) p`,
    [userId, connectionId, databaseId, pageIds],
  )
  return {
    userId,
    botId,
    workspaceId,
    connectionId,
    databaseId,
    dataSourceId,
    pageIds,
    pageId: pageIds[0] ?? '',
  }
}
type Reader = Awaited<ReturnType<typeof reader>>

function event(of: Reader, overrides: Record<string, unknown> = {}) {
  return {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    workspace_id: of.workspaceId,
    workspace_name: 'Workspace',
    subscription_id: randomUUID(),
    integration_id: randomUUID(),
    type: 'page.content_updated',
    authors: [{ id: randomUUID(), type: 'person' }],
    accessible_by: [{ id: of.botId, type: 'bot' }],
    attempt_number: 1,
    api_version: '2026-03-11',
    entity: { id: of.pageId, type: 'page' },
    data: { parent: { id: randomUUID(), type: 'database', data_source_id: of.dataSourceId } },
    ...overrides,
  }
}

async function deliver({ context }: { context: WebhookContext }, payload: object | string, token = TOKEN) {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return receiveWebhook(context, {
    body,
    signature: await signWebhookPayload({ body, verificationToken: token }),
  })
}

async function dirty({ connectionId }: Reader): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select notion_page_id as id from public.dirty_page where connection_id = $1 order by 1',
    [connectionId],
  )
  return rows.map(({ id }) => id)
}

/** As a run that began now would leave it: everything was listed and read. */
async function readNow({ connectionId }: Reader, change = ''): Promise<void> {
  await pool.query('delete from public.dirty_page where connection_id = $1', [connectionId])
  await pool.query(`update public.page set read_at = now() ${change} where connection_id = $1`, [
    connectionId,
  ])
  await pool.query(`update public.notion_database set listed_at = now() ${change} where connection_id = $1`, [
    connectionId,
  ])
}

async function owesReading({ connectionId }: Reader): Promise<boolean> {
  const { owes } = await one<{ owes: boolean }>(pool, 'select public.owes_reading($1) as owes', [
    connectionId,
  ])
  return owes
}

describe('the handshake', () => {
  const handshake = (token: string) => Buffer.from(JSON.stringify({ verification_token: token }))
  beforeEach(async () => {
    await pool.query('delete from roundup_internal.webhook_token')
    await pool.query('delete from roundup_internal.webhook_arming')
  })

  it('arms once, keeps the token encrypted, logs nothing of it, and accepts what is signed with it from then on', async () => {
    const app = instance('')
    app.context.environment = NOTION
    const who = await reader()
    await expect(deliver(app, event(who))).rejects.toMatchObject({ code: 'WEBHOOK_NOT_READY' })
    expect(await awaitHandshake({ sql: pool })).toBe(true)
    expect(await receiveWebhook(app.context, { body: handshake(TOKEN), signature: undefined })).toBe('armed')
    const { token } = await one<{ token: string }>(pool, 'select token from roundup_internal.webhook_token')
    expect(token).not.toContain('aaaa')
    expect(app.log.join()).not.toContain('aaaa')
    expect(await deliver(app, event(who))).toBe('queued')
  })

  it('is repeated by Notion without harm, and cannot be replaced by anybody else', async () => {
    const app = instance()
    app.context.environment = NOTION
    await awaitHandshake({ sql: pool })
    await receiveWebhook(app.context, { body: handshake(TOKEN), signature: undefined })
    expect(await receiveWebhook(app.context, { body: handshake(TOKEN), signature: undefined })).toBe('armed')
    const theirs = `secret_${'b'.repeat(40)}`
    const attack = receiveWebhook(app.context, { body: handshake(theirs), signature: undefined })
    await expect(attack).rejects.toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' })
    await expect(deliver(app, event(await reader()), theirs)).rejects.toMatchObject({
      code: 'WEBHOOK_SIGNATURE_INVALID',
    })
  })

  it('of two that come at once, one wins', async () => {
    const app = instance()
    app.context.environment = NOTION
    await awaitHandshake({ sql: pool })
    const tokens = ['c', 'd', 'e', 'f'].map((letter) => `secret_${letter.repeat(40)}`)
    const outcomes = await Promise.allSettled(
      tokens.map((token) => receiveWebhook(app.context, { body: handshake(token), signature: undefined })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is taken from nobody before an operator waits for one, nor after, nor twice', async () => {
    const app = instance()
    app.context.environment = NOTION
    const offer = () => receiveWebhook(app.context, { body: handshake(TOKEN), signature: undefined })
    await expect(offer()).rejects.toMatchObject({ code: 'WEBHOOK_NOT_READY' })
    await awaitHandshake({ sql: pool })
    await pool.query(`update roundup_internal.webhook_arming set until = now() - interval '1 second'`)
    await expect(offer()).rejects.toMatchObject({ code: 'WEBHOOK_NOT_READY' })
    // Waiting anew begins anew.
    await awaitHandshake({ sql: pool })
    expect(await offer()).toBe('armed')
    expect(await awaitHandshake({ sql: pool }), 'there is one already').toBe(false)
    await forgetVerificationToken({ sql: pool })
    await expect(offer()).rejects.toMatchObject({ code: 'WEBHOOK_NOT_READY' })
  })

  it('of the stand-in on this machine is taken at any time', async () => {
    const app = instance()
    app.context.environment = { NOTION_API_URL: 'http://localhost:54323' }
    expect(await receiveWebhook(app.context, { body: handshake(TOKEN), signature: undefined })).toBe('armed')
  })

  it('is not taken while a token is set, nor when it looks like anything else', async () => {
    const other = handshake(`secret_${'b'.repeat(40)}`)
    await expect(
      receiveWebhook(instance().context, { body: other, signature: undefined }),
    ).rejects.toMatchObject({
      code: 'WEBHOOK_SIGNATURE_INVALID',
    })
    const unarmed = instance()
    unarmed.context.environment = NOTION
    await awaitHandshake({ sql: pool })
    for (const body of [
      '',
      '{',
      '[]',
      '{"verification_token":1}',
      '{"verification_token":"short"}',
      `{"verification_token":"${TOKEN}","x":1}`,
    ]) {
      await expect(
        receiveWebhook(unarmed.context, { body: Buffer.from(body), signature: undefined }),
      ).rejects.toMatchObject({ code: 'WEBHOOK_NOT_READY' })
    }
  })
})

describe('a signature', () => {
  it.each<[string, (body: string, good: string) => [string, string | undefined]]>([
    ['is missing', (body) => [body, undefined]],
    ['is empty', (body) => [body, '']],
    ['is of another token', (body) => [body, `sha256=${'0'.repeat(64)}`]],
    ['lacks its prefix', (body, good) => [body, good.replace('sha256=', '')]],
    ['is cut short', (body, good) => [body, good.slice(0, -1)]],
    [
      'is over the same JSON written another way',
      (body, good) => [JSON.stringify(JSON.parse(body), null, 1), good],
    ],
    [
      'is over a body that was changed',
      (body, good) => [body.replace('"attempt_number":1', '"attempt_number":2'), good],
    ],
  ])('that %s is refused, and nothing happens', async (_, forge) => {
    const app = instance()
    const who = await reader()
    const good = JSON.stringify(event(who))
    const [body, signature] = forge(good, await signWebhookPayload({ body: good, verificationToken: TOKEN }))
    const refused = receiveWebhook(app.context, { body: Buffer.from(body), signature })
    await expect(refused).rejects.toMatchObject({ code: 'WEBHOOK_SIGNATURE_INVALID' })
    expect(await dirty(who)).toEqual([])
    expect(app.queued).toEqual([])
  })
})

describe('an event', () => {
  it('marks the page and asks for one reading', async () => {
    const app = instance()
    const who = await reader()
    expect(await deliver(app, event(who))).toBe('queued')
    expect(await dirty(who)).toEqual([who.pageId])
    expect(app.queued).toEqual([{ connectionId: who.connectionId }])
  })

  it('counts once, however often and in whatever attempt it comes', async () => {
    const app = instance()
    const who = await reader()
    const first = event(who)
    await deliver(app, first)
    await readNow(who)
    for (let attempt = 2; attempt <= 8; attempt += 1) {
      expect(await deliver(app, { ...first, attempt_number: attempt })).toBe('nothing_to_read')
    }
    expect(await dirty(who)).toEqual([])
    expect(app.queued).toHaveLength(1)
  })

  it('that comes again before its reading was asked for is made good', async () => {
    const who = await reader()
    const first = event(who)
    await deliver(instance(), first)
    const restarted = instance()
    expect(await deliver(restarted, { ...first, attempt_number: 2 })).toBe('queued')
    expect(restarted.queued).toHaveLength(1)
  })

  it('a week old says nothing about what was read since', async () => {
    const app = instance()
    const who = await reader()
    const weekOld = { timestamp: new Date(Date.now() - 7 * DAY_MS).toISOString() }
    await deliver(app, event(who, weekOld))
    expect(await dirty(who)).toEqual([])
  })

  it('about something that was listed and read since, told of late, asks for nothing', async () => {
    const app = instance()
    const who = await reader()
    const late = { timestamp: new Date(Date.now() - 5_000).toISOString() }
    await readNow(who)
    expect(await deliver(app, event(who, late))).toBe('nothing_to_read')
    const inside = { entity: { id: randomUUID(), type: 'page' }, type: 'page.created' }
    expect(await deliver(app, event(who, { ...late, ...inside }))).toBe('nothing_to_read')
    expect(await owesReading(who)).toBe(false)
    // A second before the reading began, clocks may disagree about what came first.
    await readNow(who, "- interval '5 seconds'")
    expect(await deliver(app, event(who, late))).toBe('queued')
    expect(await owesReading(who)).toBe(true)
  })

  it('that lands while a run is at work is met by it, or by one that follows', async () => {
    const app = instance()
    const who = await reader()
    await deliver(app, event(who))
    const { jobId } = (await startSyncJob(db, who.connectionId, false)) ?? { jobId: 0 }
    await pool.query(
      "update public.integration_sync_jobs set state = 'running', pages_total = 1 where id = $1",
      [jobId],
    )
    await readNow(who)
    expect(await finishSyncJob(db, jobId, { state: 'done', complete: true })).toBeNull()

    // Met by a run on a host whose clock is a minute behind: that one is not followed for ever.
    await deliver(instance(), event(who))
    const slow = (await startSyncJob(db, who.connectionId, false))?.jobId ?? 0
    await claimSyncJob(db, slow, undefined)
    await pool.query(
      "update public.page set read_at = now() - interval '1 minute' where connection_id = $1",
      [who.connectionId],
    )
    expect(await finishSyncJob(db, slow, { state: 'done', complete: true })).toBeNull()

    const second = (await startSyncJob(db, who.connectionId, false))?.jobId ?? 0
    await claimSyncJob(db, second, undefined)
    await deliver(instance(), event(who))
    const follower = await finishSyncJob(db, second, { state: 'done', complete: true })
    expect(follower).not.toBeNull()
    // It failed: trying at once would press a Notion that is down. The marks stay for the next one.
    expect(await finishSyncJob(db, follower ?? 0, { state: 'failed', code: 'NOTION_UNAVAILABLE' })).toBeNull()
    expect(await owesReading(who)).toBe(true)
  })

  it('about a page that no list counts boxes of is not owed for ever', async () => {
    const who = await reader()
    await readNow(who, "- interval '1 hour'")
    await pool.query('update public.notion_database set count_boxes = false where connection_id = $1', [
      who.connectionId,
    ])
    await deliver(instance(), event(who, { data: {} }))
    expect(await owesReading(who)).toBe(false)
  })

  it('in any order marks the same', async () => {
    const who = await reader(3)
    const events = who.pageIds.flatMap((id) => [
      event(who, { entity: { id, type: 'page' } }),
      event(who, { entity: { id, type: 'page' }, type: 'page.deleted' }),
      event(who, { entity: { id, type: 'page' }, type: 'page.undeleted' }),
    ])
    for (const each of events.toReversed()) await deliver(instance(), each)
    expect(await dirty(who)).toEqual([...who.pageIds].sort())
  })

  it('reaches the bots that may see it, and nobody else in the workspace or beside it', async () => {
    const app = instance()
    const ada = await reader()
    const bob = await reader(1, { workspaceId: ada.workspaceId })
    const eve = await reader(1, { botId: ada.botId })
    await pool.query('update public.page set notion_page_id = $1 where connection_id = any ($2)', [
      ada.pageId,
      [bob.connectionId, eve.connectionId],
    ])
    await deliver(app, event(ada))
    expect([await dirty(ada), await dirty(bob), await dirty(eve)]).toEqual([[ada.pageId], [], []])
    // Internal connections are told nothing about who may see it.
    await deliver(app, event(ada, { accessible_by: undefined }))
    expect(await dirty(bob)).toEqual([ada.pageId])
  })

  it('reaches no connection that has ended', async () => {
    const app = instance()
    const who = await reader()
    await pool.query('update public.notion_access_token_user set deleted_at = now() where id = $1', [
      who.connectionId,
    ])
    expect(await deliver(app, event(who))).toBe('nothing_to_read')
    expect(app.queued).toEqual([])
  })

  it('about a page nobody chose costs nothing', async () => {
    const app = instance()
    const who = await reader()
    const elsewhere = {
      entity: { id: randomUUID(), type: 'page' },
      data: { parent: { id: randomUUID(), type: 'page' } },
    }
    expect(await deliver(app, event(who, elsewhere))).toBe('nothing_to_read')
    expect(app.queued).toEqual([])
  })

  it.each([
    [
      'page.created',
      (who: Reader) => ({ entity: { id: randomUUID(), type: 'page' }, data: event(who).data }),
    ],
    ['page.moved', (who: Reader) => ({ entity: { id: randomUUID(), type: 'page' }, data: event(who).data })],
    [
      'data_source.content_updated',
      (who: Reader) => ({ entity: { id: who.dataSourceId, type: 'data_source' } }),
    ],
    [
      'data_source.schema_updated',
      (who: Reader) => ({ entity: { id: who.dataSourceId, type: 'data_source' } }),
    ],
    ['data_source.deleted', (who: Reader) => ({ entity: { id: who.dataSourceId, type: 'data_source' } })],
  ])('%s in a chosen database asks for a reading', async (type, what) => {
    const app = instance()
    const who = await reader()
    expect(await deliver(app, event(who, { type, ...what(who) }))).toBe('queued')
    expect(app.queued).toEqual([{ connectionId: who.connectionId }])
  })

  it('about a new page inside a known one marks the page around it', async () => {
    const who = await reader()
    const inside = {
      entity: { id: randomUUID(), type: 'page' },
      data: { parent: { id: who.pageId, type: 'page' } },
    }
    await deliver(instance(), event(who, { type: 'page.created', ...inside }))
    expect(await dirty(who)).toEqual([who.pageId])
  })

  it.each(['comment.created', 'view.updated', 'page.locked', 'page.unlocked', 'something.new'])(
    '%s is nothing to us',
    async (type) => {
      expect(await deliver(instance(), event(await reader(), { type }))).toBe('ignored')
    },
  )

  it.each(['null', '[]', '{}', 'garbage', '{"id":"x","type":"page.created"}'])(
    'signed, but not to be understood (%s), is taken and does nothing',
    async (body) => {
      expect(await deliver(instance(), body)).toBe('ignored')
    },
  )
})

describe('our own tick coming back', () => {
  async function ticked() {
    const who = await reader()
    const blockId = randomUUID()
    await pool.query(
      `with k as (
         insert into public.todo (user_id, connection_id, database_id, page_id, notion_id, kind, checked, seq)
         select user_id, connection_id, database_id, id, $2, 'block', true, 1 from public.page where connection_id = $1
         returning *
       )
       insert into public.todo_change (user_id, connection_id, todo_id, before_checked, after_checked, state)
       select user_id, connection_id, id, false, true, 'saved' from k`,
      [who.connectionId, blockId],
    )
    const own = { id: who.botId, type: 'bot' }
    const data = { ...event(who).data, updated_blocks: [{ id: blockId, type: 'block' }] }
    return { who, own, data }
  }

  it('asks for nothing', async () => {
    const { who, own, data } = await ticked()
    expect(await deliver(instance(), event(who, { authors: [own], data }))).toBe('nothing_to_read')
    expect(await dirty(who)).toEqual([])
  })

  it('together with a person, or with anything else on the page, asks for a reading', async () => {
    const { who, own, data } = await ticked()
    const person = { id: randomUUID(), type: 'person' }
    expect(await deliver(instance(), event(who, { authors: [own, person], data }))).toBe('queued')
    const more = { ...data, updated_blocks: [...data.updated_blocks, { id: randomUUID(), type: 'block' }] }
    expect(await deliver(instance(), event(who, { authors: [own], data: more }))).toBe('queued')
  })

  it('is news to somebody else in the same workspace', async () => {
    const { who, own, data } = await ticked()
    const other = await reader(1, { workspaceId: who.workspaceId })
    const seenBy = [
      { id: who.botId, type: 'bot' },
      { id: other.botId, type: 'bot' },
    ]
    await pool.query('update public.page set notion_page_id = $1 where connection_id = $2', [
      who.pageId,
      other.connectionId,
    ])
    await deliver(instance(), event(who, { authors: [own], data, accessible_by: seenBy }))
    expect([await dirty(who), await dirty(other)]).toEqual([[], [who.pageId]])
  })
})

it('a storm of 1 000 events for 10 pages leaves 10 marks and one reading, each answered within a second', async () => {
  const app = instance()
  const who = await reader(10)
  const timestamp = new Date().toISOString()
  let slowestMs = 0
  const startedAt = performance.now()
  let next = 0
  const sender = async () => {
    for (let n = next++; n < 1_000; n = next++) {
      const sentAt = performance.now()
      await deliver(app, event(who, { timestamp, entity: { id: who.pageIds[n % 10], type: 'page' } }))
      slowestMs = Math.max(slowestMs, performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: 8 }, sender))
  const tookMs = performance.now() - startedAt
  console.info(
    `1 000 events in ${tookMs.toFixed(0)} ms, slowest ${slowestMs.toFixed(0)} ms, ${app.queued.length} reading(s) asked for`,
  )
  expect(await dirty(who)).toEqual([...who.pageIds].sort())
  // One at once, then at most two a second.
  expect(app.queued.length).toBeLessThanOrEqual(1 + Math.ceil(tookMs / 500))
  expect(slowestMs).toBeLessThan(1_000)
})

it('a connection that ends takes its marks and its schedule with it', async () => {
  const who = await reader()
  await deliver(instance(), event(who))
  const { jobId } = (await startSyncJob(db, who.connectionId, false)) ?? { jobId: 0 }
  await finishSyncJob(db, jobId, { state: 'failed', code: 'NOTION_UNAVAILABLE' })
  const left = () =>
    one(
      pool,
      `select (select count(*) from public.dirty_page where connection_id = $1)::int as marks,
        (select count(*) from public.sync_schedule where connection_id = $1)::int as plans`,
      [who.connectionId],
    )
  expect(await left()).toEqual({ marks: 1, plans: 1 })
  await pool.query('update public.notion_access_token_user set deleted_at = now() where id = $1', [
    who.connectionId,
  ])
  expect(await left()).toEqual({ marks: 0, plans: 0 })
})

it('forgets events after a month', async () => {
  const who = await reader()
  const old = randomUUID()
  await pool.query(
    `insert into roundup_internal.integration_webhook_events (id, type, occurred_at, received_at)
     values ($1, 'page.created', now(), now() - interval '31 days')`,
    [old],
  )
  await deliver(instance(), event(who))
  const { rows } = await pool.query(
    'select 1 from roundup_internal.integration_webhook_events where id = $1',
    [old],
  )
  expect(rows).toEqual([])
})
