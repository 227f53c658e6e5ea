import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConnectionLogReplySchema } from '../../shared/schemas/connection.ts'
import { disconnect } from '#server/connections/disconnect'
import { probeConnection, startProbes } from '#server/connections/probe'
import type { Instance, Linked, Member } from '../support/connection-lab.ts'
import {
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
import { connect } from '../support/people.ts'

const pool = openPool()
const notion = notionControl()
const signal = new AbortController().signal
let instance: Instance
let member: Member
let linked: Linked

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off' })
  member = await newMember()
})
afterEach(() => notion.clearFaults())
afterAll(() => pool.end())

async function link(): Promise<void> {
  instance = newInstance(pool)
  linked = await linkWorkspace(instance, member.userId)
}

const probe = () => probeConnection(instance.context, linked.connectionId, signal)

async function due(random = () => 0): Promise<{ connectionId: number; startAfterMs: number }[]> {
  const round = newInstance(pool)
  await startProbes(round.context, random)
  return round.jobs.flatMap(({ data, startAfterMs }) =>
    'connectionId' in data && typeof data.connectionId === 'number'
      ? [{ connectionId: data.connectionId, startAfterMs }]
      : [],
  )
}
const isDue = async () => (await due()).some(({ connectionId }) => connectionId === linked.connectionId)

async function ageProbe(hours: number): Promise<void> {
  const { id } = await tokenRow(pool, linked.connectionId)
  await pool.query(
    `update public.notion_access_token set last_probed_at = now() - $2 * interval '1 hour' where id = $1`,
    [id, hours],
  )
}

describe('the round of probes', () => {
  it('asks after a connection that nobody has asked after for six hours, and no other', async () => {
    await link()
    expect(await isDue()).toBe(true)
    await probe()
    expect(await isDue()).toBe(false)
    await ageProbe(5.9)
    expect(await isDue()).toBe(false)
    await ageProbe(6.1)
    expect(await isDue()).toBe(true)
    await disconnect(instance.context, {
      userId: member.userId,
      connectionId: linked.connectionId,
      lists: 'freeze',
    })
    expect(await isDue()).toBe(false)
  })

  it('is spread over ten minutes', async () => {
    await link()
    let turn = 0
    const spread = await due(() => (turn++ % 10) / 10)
    expect(Math.max(...spread.map(({ startAfterMs }) => startAfterMs))).toBeLessThan(600_000)
    expect(new Set((await due(() => 0.5)).map(({ startAfterMs }) => startAfterMs))).toEqual(
      new Set([300_000]),
    )
  })

  it('leaves alone what only the person can help, and takes up what waits for a refresh', async () => {
    await link()
    await notion.token({ op: 'expire', bot_id: linked.botId })
    await notion.fault({ path: '/v1/oauth/token', what: { kind: 'status', status: 503 } })
    await probe()
    expect((await tokenRow(pool, linked.connectionId)).status).toBe('expired')
    expect(await isDue()).toBe(true)
    await notion.token({ op: 'revoke', bot_id: linked.botId })
    await pool.query('update public.notion_access_token set refresh_not_before = null')
    await probe()
    expect((await tokenRow(pool, linked.connectionId)).status).toBe('needs_reauthorization')
    expect(await isDue()).toBe(false)
  })
})

describe('a probe', () => {
  it('says that all is well', async () => {
    await link()
    const since = await ledgerNow(notion)
    await probe()
    expect((await notion.ledger(since)).entries.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/users/me',
    ])
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'health ok'])
  })

  it('refreshes what has expired, before anybody needs it', async () => {
    await link()
    await notion.token({ op: 'expire', bot_id: linked.botId })
    const since = await ledgerNow(notion)
    await probe()
    expect(await tokenCalls(notion, since)).toBe(1)
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'refresh ok', 'health ok'])
  })

  it('says what is wrong, by its code, and never more', async () => {
    await link()
    await notion.token({ op: 'revoke', bot_id: linked.botId })
    await probe()
    expect(await logOf(pool, linked.connectionId)).toEqual([
      'connect ok',
      'refresh failed NOTION_TOKEN_INVALID',
      'health failed NOTION_TOKEN_INVALID',
    ])
    expect(instance.log.join()).not.toContain(linked.accessToken)
    expect(instance.log.join()).not.toContain(linked.refreshToken)
  })

  it('of a connection that has ended says nothing', async () => {
    await link()
    await disconnect(instance.context, {
      userId: member.userId,
      connectionId: linked.connectionId,
      lists: 'freeze',
    })
    await probe()
    expect(await logOf(pool, linked.connectionId)).toEqual(['connect ok', 'disconnect ok freeze'])
  })
})

describe('the log of a connection', () => {
  it('shows its owner what happened, newest first, without a secret', async () => {
    const { browser } = await newVisitor()
    const { workspace } = await connect(browser)
    await probeConnection(newInstance(pool).context, workspace.connectionId, signal)
    const answer = await browser.get(`/api/connections/${workspace.connectionId}/log`)
    expect(answer.status, answer.text).toBe(200)
    const { entries } = ConnectionLogReplySchema.parse(answer.json)
    expect(entries.map(({ event, outcome }) => `${event} ${outcome}`)).toEqual(['health ok', 'connect ok'])
    const shown = await browser.get('/api/auth-notion')
    expect(shown.json).toMatchObject({ workspaces: [{ checkedAt: expect.any(String) as string }] })
  })
})
