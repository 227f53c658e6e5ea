import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConnectReplySchema } from '../../shared/schemas/connection.ts'
import { connectWithToken } from '#server/connections/paste'
import type { Instance } from '../support/connection-lab.ts'
import {
  linkWorkspace,
  logOf,
  newInstance,
  newMember,
  newVisitor,
  newWorkspace,
  notionControl,
  openPool,
  tokenRow,
} from '../support/connection-lab.ts'
import { expectRefusal } from '../support/envelope.ts'

const pool = openPool()
const notion = notionControl()
let instance: Instance

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off', search_lag_ms: 0 })
  instance = newInstance(pool)
})
afterEach(() => notion.clearFaults())
afterAll(() => pool.end())

const MintedSchema = z.object({ access_token: z.string() })

async function mint(kind: 'internal' | 'personal', workspaceId?: string): Promise<string> {
  const order = { op: 'mint', kind, workspace_id: workspaceId ?? (await newWorkspace(notion)) } as const
  return MintedSchema.parse(await notion.token(order)).access_token
}

async function tokensOf(userId: string): Promise<number> {
  return (
    (await pool.query('select from public.notion_access_token where user_id = $1', [userId])).rowCount ?? 0
  )
}

describe('a pasted token', () => {
  it.each(['internal', 'personal'] as const)(
    '%s connects like any other: stored closed, databases read',
    async (kind) => {
      const { userId } = await newMember()
      const token = await mint(kind)
      const { connection, databases } = await connectWithToken(instance.context, { userId, token })
      expect(connection).toMatchObject({ kind, status: 'connected' })
      expect(databases).toHaveLength(1)
      const row = await tokenRow(pool, connection.id)
      expect(JSON.stringify(row)).not.toContain(token)
      expect(row.refresh_token).toBeNull()
      expect(instance.log.join()).not.toContain(token)
      expect(await logOf(pool, connection.id)).toEqual(['connect ok'])
    },
  )

  it('of two people is stored for each of them', async () => {
    const token = await mint('internal')
    const [one, two] = [await newMember(), await newMember()]
    const first = await connectWithToken(instance.context, { userId: one.userId, token })
    const second = await connectWithToken(instance.context, { userId: two.userId, token })
    expect(second.connection.id).not.toBe(first.connection.id)
    expect((await tokenRow(pool, first.connection.id)).status).toBe('connected')
  })

  it("takes the place of the workspace's former token, and keeps the connection", async () => {
    const { userId } = await newMember()
    const workspaceId = await newWorkspace(notion)
    const linked = await linkWorkspace(instance, userId, { workspaceId })
    const token = await mint('internal', workspaceId)
    const { connection } = await connectWithToken(instance.context, { userId, token })
    expect(connection.id).toBe(linked.connectionId)
    expect(await logOf(pool, connection.id)).toEqual(['connect ok', 'connect ok replaced'])
  })

  it('that Notion refuses is not stored', async () => {
    const { userId } = await newMember()
    await expect(connectWithToken(instance.context, { userId, token: 'ntn_nobody' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      issues: [{ path: 'token', code: 'refused' }],
    })
    expect(await tokensOf(userId)).toBe(0)
    expect(instance.log.join()).not.toContain('ntn_nobody')
  })

  it('is not stored while Notion is down, and nobody says it is wrong', async () => {
    const { userId } = await newMember()
    const token = await mint('internal')
    await notion.fault({ path: '/v1/users/me', times: null, what: { kind: 'status', status: 503 } })
    await expect(connectWithToken(instance.context, { userId, token })).rejects.toMatchObject({
      code: 'NOTION_UNAVAILABLE',
    })
    expect(await tokensOf(userId)).toBe(0)
  })

  it.each([
    ['a person', { object: 'user', id: '0'.repeat(32), type: 'person', person: {} }],
    ['a bot without a workspace', { object: 'user', id: 'x', type: 'bot', bot: {} }],
    ['something else', { object: 'list' }],
  ])('of %s has no workspace behind it', async (_, body) => {
    const { userId } = await newMember()
    await notion.fault({ path: '/v1/users/me', what: { kind: 'reply', status: 200, body } })
    await expect(
      connectWithToken(instance.context, { userId, token: await mint('internal') }),
    ).rejects.toMatchObject({
      issues: [{ path: 'token', code: 'no_workspace' }],
    })
    expect(await tokensOf(userId)).toBe(0)
  })

  it('over HTTP answers like the consent page does', async () => {
    const { browser, userId } = await newVisitor()
    const token = await mint('personal')
    const answer = await browser.post('/api/connect-notion/token', { token: ` ${token}\n` })
    expect(answer.status, answer.text).toBe(200)
    expect(ConnectReplySchema.parse(answer.json)).toMatchObject({
      workspace: { kind: 'personal', status: 'connected' },
      returnTo: '/databases',
    })
    expect(answer.text).not.toContain(token)
    for (const wrong of [
      '',
      '  ',
      'two words',
      'ntn_<script>',
      'x'.repeat(501),
      'ntn_ünïcode',
      'a\r\nb: c',
    ]) {
      const refused = await browser.post('/api/connect-notion/token', { token: wrong })
      expect(expectRefusal(refused, 'INVALID_REQUEST').issues?.[0]?.path).toBe('token')
    }
    const refused = await browser.post('/api/connect-notion/token', { token: 'ntn_nobody' })
    expect(expectRefusal(refused, 'INVALID_REQUEST').issues).toEqual([{ path: 'token', code: 'refused' }])
    expect(await tokensOf(userId)).toBe(1)
  })
})
