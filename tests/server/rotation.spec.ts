import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { disconnect } from '#server/connections/disconnect'
import { revokeDue } from '#server/connections/revoke'
import { checkKeys, rotateKeys } from '#server/connections/rotate'
import { getToken, isConnected, link, removeToken } from '#server/connections/user-token'
import { withConnection } from '#server/connections/vault'
import { readOwnBot } from '#server/notion/own-bot'
import { createTokenCipher } from '#server/security/token-cipher'
import { startTestStack } from '../support/stack.ts'
import type { Instance, Linked, Member } from '../support/connection-lab.ts'
import {
  forgetConnections,
  isActive,
  linkWorkspace,
  newInstance,
  newMember,
  notionControl,
  openPool,
  tokenRow,
} from '../support/connection-lab.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/rotate-keys.mjs', import.meta.url))
const NEXT_KEY = 'the key of the next year, long enough to be one'.replaceAll(',', '')

const pool = openPool()
const notion = notionControl()
const firstKey = inject('environment').CREDENTIAL_ENCRYPTION_KEY ?? ''
let before: Instance
let both: Instance
let after: Instance
let member: Member

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off' })
  await forgetConnections(pool)
  before = newInstance(pool)
  both = newInstance(pool, { CREDENTIAL_ENCRYPTION_KEY: NEXT_KEY, CREDENTIAL_ENCRYPTION_KEYS_OLD: firstKey })
  after = newInstance(pool, { CREDENTIAL_ENCRYPTION_KEY: NEXT_KEY })
  member = await newMember()
})
afterAll(async () => {
  // Back under the key of this installation: its app goes on.
  await rotateKeys(newInstance(pool, { CREDENTIAL_ENCRYPTION_KEYS_OLD: NEXT_KEY }).context)
  await pool.end()
})

async function rotateByCommand(
  settings: Record<string, string>,
): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { PATH: process.env.PATH, SANDBOX_DIR: '/nowhere', ...inject('environment'), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, printed }
}

describe('changing the key', () => {
  it('by the command puts tokens and those to be given back under the new one; the old is needed no more', async () => {
    const links: Linked[] = []
    for (let count = 0; count < 4; count += 1) links.push(await linkWorkspace(before, member.userId))
    const ended = await linkWorkspace(before, member.userId)
    await disconnect(before.context, {
      userId: member.userId,
      connectionId: ended.connectionId,
      lists: 'freeze',
    })
    await pool.query(`update public.token_revocation set next_attempt_at = now() + interval '1 hour'`)

    const settings = { CREDENTIAL_ENCRYPTION_KEY: NEXT_KEY, CREDENTIAL_ENCRYPTION_KEYS_OLD: firstKey }
    const { code, printed } = await rotateByCommand(settings)
    expect(printed).toMatch(/^\d+ re-encrypted, 0 in use just now, 0 that no key opens\.\n$/)
    expect(code).toBe(0)
    expect(parseInt(printed, 10)).toBeGreaterThanOrEqual(5)
    for (const { workspaceId, accessToken } of links) {
      expect(await getToken(after.context, member.userId, workspaceId)).toBe(accessToken)
    }
    await checkKeys(after.context)
    // A fingerprint belongs to its key, so connecting with the same token again still meets its row.
    const row = await tokenRow(pool, links[0]?.connectionId ?? 0)
    expect(row.token_fingerprint).toBe(
      createTokenCipher(NEXT_KEY).fingerprint(links[0]?.accessToken ?? '', member.userId),
    )
    const { revocationId } = before.jobs.at(-1)?.data as { revocationId: string }
    await pool.query('update public.token_revocation set next_attempt_at = now() where id = $1', [
      revocationId,
    ])
    expect(await revokeDue(after.context, revocationId)).toBeNull()
    expect(await isActive(before, ended.accessToken)).toBe(false)

    expect((await rotateByCommand(settings)).printed).toBe(
      '0 re-encrypted, 0 in use just now, 0 that no key opens.\n',
    )
    await rotateKeys(newInstance(pool, { CREDENTIAL_ENCRYPTION_KEYS_OLD: NEXT_KEY }).context)
  })

  it('goes on under the feet of the app: refreshes and changes of keys at once lose nothing', async () => {
    const links: Linked[] = []
    for (let count = 0; count < 8; count += 1) links.push(await linkWorkspace(before, member.userId))
    for (const { botId } of links) await notion.token({ op: 'expire', bot_id: botId })
    const uses = links.map(({ connectionId }) =>
      withConnection(both.context, connectionId, 'interactive', ({ client }) => readOwnBot(client)),
    )
    const rotations = [rotateKeys(both.context), rotateKeys(both.context)]
    const bots = await Promise.all(uses)
    await Promise.all(rotations)
    expect(bots.map((bot) => bot?.botId)).toEqual(links.map(({ botId }) => botId))
    let busy = 1
    for (let runs = 0; busy > 0 && runs < 5; runs += 1) ({ busy } = await rotateKeys(both.context))
    expect(busy).toBe(0)
    for (const { connectionId, botId } of links) {
      const use = withConnection(after.context, connectionId, 'interactive', ({ client }) =>
        readOwnBot(client),
      )
      expect((await use)?.botId).toBe(botId)
    }
    await rotateKeys(newInstance(pool, { CREDENTIAL_ENCRYPTION_KEYS_OLD: NEXT_KEY }).context)
  })

  it('counts what no key opens, changes nothing of it, and says which setting lacks it', async () => {
    const { connectionId } = await linkWorkspace(before, member.userId)
    const row = await tokenRow(pool, connectionId)
    const { code, printed } = await rotateByCommand({ CREDENTIAL_ENCRYPTION_KEY: NEXT_KEY })
    expect(code).toBe(1)
    expect(printed).toContain('CREDENTIAL_ENCRYPTION_KEYS_OLD lacks the key')
    expect(printed).not.toContain(NEXT_KEY)
    expect(await tokenRow(pool, connectionId)).toEqual(row)
  })

  it('names missing settings instead of failing darkly', async () => {
    const { code, printed } = await rotateByCommand({ SUPABASE_URL: '' })
    expect(code).toBe(1)
    expect(printed).toContain('SUPABASE_URL is missing')
  })
})

describe('a process without the key of what is stored', () => {
  it('refuses to serve, naming the setting and the id of the key, never a value', async () => {
    const { connectionId } = await linkWorkspace(before, member.userId)
    const { key_id } = await tokenRow(pool, connectionId)
    const refusal = checkKeys(after.context)
    await expect(refusal).rejects.toMatchObject({ name: 'EnvironmentError' })
    await expect(refusal).rejects.toThrow('CREDENTIAL_ENCRYPTION_KEYS_OLD')
    await expect(refusal).rejects.toThrow(key_id)
    await expect(refusal).rejects.not.toThrow(NEXT_KEY)
    await checkKeys(both.context)
  })

  it('does not start at all', async () => {
    const stack = await startTestStack()
    try {
      await stack.app.stop()
      await link(
        newInstance(pool, stack.environment).context,
        await memberOf(stack.environment),
        {
          accessToken: 'ntn_x',
          refreshToken: null,
          tokenType: 'bearer',
          botId: 'bot',
          workspaceId: randomUUID(),
          workspaceName: null,
          workspaceIcon: null,
          requestId: null,
          owner: null,
          duplicatedTemplateId: null,
          expiresIn: null,
          warnings: [],
        },
        { kind: 'oauth', provider: 'notion' },
      )
      const { startApp } = await import('../support/app.ts')
      const port = Number(new URL(stack.app.url).port)
      await expect(
        startApp(port, { ...stack.environment, CREDENTIAL_ENCRYPTION_KEY: NEXT_KEY }),
      ).rejects.toThrow('CREDENTIAL_ENCRYPTION_KEYS_OLD')
    } finally {
      await stack.stop()
    }
  })
})

describe('a ciphertext in the wrong hands', () => {
  const use = (instance: Instance, connectionId: number) =>
    withConnection(instance.context, connectionId, 'interactive', ({ client }) => readOwnBot(client))

  async function expectUnreadable(connectionId: number, instance = newInstance(pool)): Promise<void> {
    const { status } = await tokenRow(pool, connectionId)
    await expect(use(instance, connectionId)).rejects.toMatchObject({ name: 'TokenCipherError' })
    const line = instance.log.find((entry) => entry.includes('vault.unreadable')) ?? ''
    expect(line).toContain('TokenCipherError')
    expect(instance.log.join()).not.toMatch(/eyJ|ntn_|nrt_/)
    // It is our failure: the connection is not taken from the person for it.
    expect((await tokenRow(pool, connectionId)).status).toBe(status)
  }

  it('is not opened by another key', async () => {
    const { connectionId } = await linkWorkspace(before, member.userId)
    await expectUnreadable(
      connectionId,
      newInstance(pool, { CREDENTIAL_ENCRYPTION_KEY: `wrong ${randomUUID()}` }),
    )
  })

  it('is not opened in the row of another person, another workspace, or another use', async () => {
    const one = await linkWorkspace(before, member.userId)
    const two = await linkWorkspace(before, member.userId)
    const theirs = await linkWorkspace(before, (await newMember()).userId, { workspaceId: one.workspaceId })
    const source = await tokenRow(pool, one.connectionId)
    for (const { connectionId } of [two, theirs]) {
      const { id } = await tokenRow(pool, connectionId)
      await pool.query('update public.notion_access_token set access_token = $2 where id = $1', [
        id,
        source.access_token,
      ])
      await expectUnreadable(connectionId)
    }
    await pool.query('update public.notion_access_token set access_token = refresh_token where id = $1', [
      source.id,
    ])
    await expectUnreadable(one.connectionId)
  })

  it('is not opened with any bit of it flipped', async () => {
    const { connectionId } = await linkWorkspace(before, member.userId)
    const { id, access_token } = await tokenRow(pool, connectionId)
    const parts = (access_token ?? '').split('.')
    for (const part of [0, 2, 3, 4]) {
      const bytes = Buffer.from(parts[part] ?? '', 'base64url')
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ 1
        const text = parts
          .map((whole, index) => (index === part ? flipped.toString('base64url') : whole))
          .join('.')
        const stored = await pool
          .query('update public.notion_access_token set access_token = $2 where id = $1', [id, text])
          .catch(() => null)
        if (stored) await expectUnreadable(connectionId)
      }
    }
  })
})

describe('the token of a user', () => {
  it('is linked, found, and removed', async () => {
    const { userId } = await newMember()
    const { context } = before
    expect(await isConnected(context, userId)).toBe(false)
    expect(await getToken(context, userId)).toBeNull()
    const first = await linkWorkspace(before, userId)
    const second = await linkWorkspace(before, userId)
    expect(await isConnected(context, userId)).toBe(true)
    expect(await getToken(context, userId)).toBe(first.accessToken)
    expect(await getToken(context, userId, second.workspaceId)).toBe(second.accessToken)
    expect(await getToken(context, userId, randomUUID())).toBeNull()
    await removeToken(context, userId, first.workspaceId)
    expect(await getToken(context, userId)).toBe(second.accessToken)
    await removeToken(context, userId)
    expect(await isConnected(context, userId)).toBe(false)
    expect(await getToken(context, userId)).toBeNull()
    await removeToken(context, userId)
  })

  it('is not connected when only the person can help', async () => {
    const { userId } = await newMember()
    const linked = await linkWorkspace(before, userId)
    await notion.token({ op: 'revoke', bot_id: linked.botId })
    await expect(
      withConnection(before.context, linked.connectionId, 'interactive', ({ client }) => readOwnBot(client)),
    ).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' })
    expect(await isConnected(before.context, userId)).toBe(false)
    expect(await getToken(before.context, userId)).toBeNull()
  })
})

/** Somebody in another installation. */
async function memberOf(environment: Record<string, string>): Promise<string> {
  const { context } = newInstance(pool, environment)
  const { data, error } = await context.db.auth.admin.createUser({
    email: `${randomUUID()}@people.test`,
    email_confirm: true,
  })
  if (error) throw error
  return data.user.id
}
