import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { finishAccountDeletions } from '#server/account/delete'
import { finishConnecting } from '#server/connections/connect'
import { disconnect } from '#server/connections/disconnect'
import { createSecret } from '#server/connections/oauth-state'
import { connectWithToken } from '#server/connections/paste'
import { recoverRevocations, revokeDue } from '#server/connections/revoke'
import { rotateKeys } from '#server/connections/rotate'
import { startConnecting } from '#server/connections/start'
import { getToken } from '#server/connections/user-token'
import { withConnection } from '#server/connections/vault'
import { readOwnBot } from '#server/notion/own-bot'
import type { Linked, Member } from '../support/connection-lab.ts'
import {
  forgetConnections,
  isActive,
  linkWorkspace,
  newInstance,
  newMember,
  newWorkspace,
  notionControl,
  openPool,
  tokenRow,
} from '../support/connection-lab.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { killEverywhere, killFlow } from '../support/killed-flow.ts'

/**
 * Each flow is ended by `kill -9` before its first request and after each that was carried out: that is every point at
 * which what it leaves behind differs, of which a run of the suite takes each third unless they are few. Then a new
 * process goes on.
 */

/** A new process for every point takes its time. */
const PATIENCE_MS = 240_000

const pool = openPool()
const notion = notionControl()
let database: Inspector

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off', search_lag_ms: 0 })
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
})
afterAll(async () => {
  await database.close()
  await pool.end()
})

/** The process that comes up after the crash. */
const restarted = () => newInstance(pool)

interface Live {
  token_id: string
  connection_id: string | null
}

/** Live tokens of a user, with the connection each belongs to. */
async function liveTokens(userId: string): Promise<Live[]> {
  const { rows } = await pool.query<Live>(
    `select t.id as token_id, c.id as connection_id from public.notion_access_token t
     left join public.notion_access_token_user c on c.token_id = t.id and c.deleted_at is null
     where t.user_id = $1 and t.deleted_at is null`,
    [userId],
  )
  return rows
}

/** Minutes pass: leases end, revocations fall due. */
async function letMinutesPass(): Promise<void> {
  await pool.query(
    `update public.notion_access_token set refresh_lease_until = now() - interval '1 s'
     where refresh_lease_until is not null`,
  )
  await pool.query(`update public.token_revocation set next_attempt_at = now() - interval '1 s'`)
}

/** What the workers do every minute, until nothing is left to give back. */
async function giveEverythingBack(): Promise<void> {
  const instance = restarted()
  await letMinutesPass()
  await recoverRevocations(instance.context)
  for (const { data } of instance.jobs) {
    if ('revocationId' in data) await revokeDue(instance.context, String(data.revocationId))
  }
}

/** Notion no longer takes it, and nothing of it is kept. The app of this run may be the one who is at it. */
async function expectGivenBack(accessToken: string, where: string): Promise<void> {
  await eventually(`${where}: the token given back`, async () => !(await isActive(restarted(), accessToken)))
  await eventually(
    `${where}: nothing left to give back`,
    async () => (await database.count('public.token_revocation', 'true')) === 0,
  )
}

/** A person just back from Notion's consent page. */
async function comeBack({ userId }: Member, workspaceId: string) {
  const browserSecret = createSecret()
  const { context } = restarted()
  const url = new URL(
    await startConnecting(context, { provider: 'notion', userId, browserSecret, returnTo: '/' }),
  )
  const form = new URLSearchParams({
    ...Object.fromEntries(url.searchParams),
    decision: 'approve',
    workspace: workspaceId,
  })
  const back = await fetch(new URL('/v1/oauth/authorize', url), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
  return { provider: 'notion', userId, browserSecret, state: url.searchParams.get('state') ?? '', code }
}

describe('kill -9', () => {
  it(
    'while connecting leaves all of a connection or nothing, and trying again connects',
    async () => {
      const workspaceId = await newWorkspace(notion)
      const { points, tried } = await killEverywhere('connect', {
        prepare: async () => {
          const member = await newMember()
          return { member, callback: await comeBack(member, workspaceId) }
        },
        args: ({ callback }) => callback,
        judge: async ({ member, callback }, where) => {
          const live = await liveTokens(member.userId)
          expect(live.length, where).toBeLessThanOrEqual(1)
          for (const { connection_id } of live) expect(connection_id, where).not.toBeNull()
          const { context } = restarted()
          if (live.length === 1) expect(await getToken(context, member.userId), where).not.toBeNull()

          // The same callback again is refused or, where it was never seen, taken; a new attempt always works.
          const again = await finishConnecting(context, callback).catch((error: unknown) => error)
          if (again instanceof Error) expect(again, where).toMatchObject({ code: 'OAUTH_STATE_INVALID' })
          const anew = await finishConnecting(context, await comeBack(member, workspaceId))
          expect(anew.databases, where).toHaveLength(1)
          expect(await liveTokens(member.userId), where).toEqual([
            { token_id: expect.any(String) as string, connection_id: String(anew.connection.id) },
          ])
        },
      })
      console.info(`connecting: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(10)
    },
    PATIENCE_MS,
  )

  it(
    'while a pasted token is taken leaves all of a connection or nothing',
    async () => {
      const workspaceId = await newWorkspace(notion)
      const { points, tried } = await killEverywhere('paste', {
        prepare: async () => {
          const member = await newMember()
          const minted = await notion.token({ op: 'mint', kind: 'internal', workspace_id: workspaceId })
          return { userId: member.userId, token: (minted as { access_token: string }).access_token }
        },
        args: (stage) => stage,
        judge: async (stage, where) => {
          for (const { connection_id } of await liveTokens(stage.userId))
            expect(connection_id, where).not.toBeNull()
          const { connection } = await connectWithToken(restarted().context, stage)
          expect(await liveTokens(stage.userId), where).toEqual([
            { token_id: expect.any(String) as string, connection_id: String(connection.id) },
          ])
        },
      })
      console.info(`pasting: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(8)
    },
    PATIENCE_MS,
  )

  it(
    'while refreshing: the next process goes on, or says that the person has to',
    async () => {
      const member = await newMember()
      const seen = new Set<string>()
      const { points, tried } = await killEverywhere('refresh', {
        isShort: true,
        prepare: async () => {
          const linked = await linkWorkspace(restarted(), member.userId)
          await notion.token({ op: 'expire', bot_id: linked.botId })
          return linked
        },
        args: ({ connectionId }) => ({ connectionId }),
        judge: async ({ connectionId, botId, refreshToken }, where) => {
          // Notion has made a new pair, and nobody has stored it: only then is the old one of no use.
          const isLost = !(await isActive(restarted(), refreshToken)) && !(await isStored(connectionId))
          await letMinutesPass()
          const { context } = restarted()
          const use = () =>
            withConnection(context, connectionId, 'interactive', ({ client }) => readOwnBot(client))
          if (isLost) {
            await expect(use(), where).rejects.toMatchObject({ code: 'NOTION_TOKEN_INVALID' })
            expect(await tokenRow(pool, connectionId), where).toMatchObject({
              status: 'needs_reauthorization',
              disconnect_reason: 'refresh_failed',
            })
          } else {
            expect((await use())?.botId, where).toBe(botId)
            expect((await tokenRow(pool, connectionId)).status, where).toBe('connected')
          }
          seen.add(isLost ? 'lost' : 'kept')
        },
      })
      console.info(`refreshing: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(6)
      expect([...seen].sort()).toEqual(['kept', 'lost'])
    },
    PATIENCE_MS,
  )

  it(
    'while disconnecting: it is still connected, or it has ended and its token is given back',
    async () => {
      const member = await newMember()
      const seen = new Set<string>()
      const { points, tried } = await killEverywhere('disconnect', {
        isShort: true,
        prepare: () => linkWorkspace(restarted(), member.userId),
        args: ({ connectionId }) => ({ userId: member.userId, connectionId, lists: 'remove' }),
        judge: async ({ connectionId, accessToken }, where) => {
          const row = await tokenRow(pool, connectionId)
          const hasEnded = row.status === 'disconnected'
          expect(row.access_token === null, where).toBe(hasEnded)
          expect(row.refresh_token === null, where).toBe(hasEnded)
          seen.add(row.status)
          await disconnect(restarted().context, { userId: member.userId, connectionId, lists: 'remove' })
          expect((await tokenRow(pool, connectionId)).status, where).toBe('disconnected')
          await giveEverythingBack()
          await expectGivenBack(accessToken, where)
        },
      })
      console.info(`disconnecting: killed at ${tried} of ${points} points`)
      expect([...seen].sort()).toEqual(['connected', 'disconnected'])
    },
    PATIENCE_MS,
  )

  it(
    'while a token is given back: it is given back',
    async () => {
      const member = await newMember()
      const { points, tried } = await killEverywhere('revoke', {
        prepare: async () => {
          const linked = await linkWorkspace(restarted(), member.userId)
          const instance = restarted()
          const { userId } = member
          await disconnect(instance.context, { userId, connectionId: linked.connectionId, lists: 'freeze' })
          return { ...linked, job: instance.jobs[0]?.data ?? {} }
        },
        args: ({ job }) => job,
        judge: async ({ accessToken }, where) => {
          await giveEverythingBack()
          await expectGivenBack(accessToken, where)
        },
      })
      console.info(`giving back: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(2)
    },
    PATIENCE_MS,
  )

  it(
    'while an account is deleted: nothing happened, or the next process finishes it',
    async () => {
      const { points, tried } = await killEverywhere('deleteAccount', {
        prepare: async () => {
          const member = await newMember()
          const links = [
            await linkWorkspace(restarted(), member.userId),
            await linkWorkspace(restarted(), member.userId),
          ]
          return { member, links }
        },
        args: ({ member }) => ({ user: { id: member.userId, email: member.email }, email: member.email }),
        judge: async ({ member, links }, where) => {
          if (
            !(await isMentioned('public.account_deletion', member.userId)) &&
            (await isMentioned('auth.users', member.userId))
          ) {
            expect(await liveTokens(member.userId), where).toHaveLength(2)
            return
          }
          await finishAccountDeletions(restarted().context, new Date(Date.now() + 3_600_000))
          for (const [table, text] of await database.dump()) {
            expect(text.includes(member.userId), `${where}: ${table}`).toBe(false)
          }
          await giveEverythingBack()
          for (const { accessToken } of links) await expectGivenBack(accessToken, where)
        },
      })
      console.info(`deleting an account: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(7)
    },
    PATIENCE_MS,
  )

  it(
    'while keys are changed: every token opens all the same, and the next run finishes',
    async () => {
      await forgetConnections(pool)
      const member = await newMember()
      const { CREDENTIAL_ENCRYPTION_KEY: oldKey = '' } = inject('environment')
      const settings = {
        CREDENTIAL_ENCRYPTION_KEY: 'a key that comes after the first one',
        CREDENTIAL_ENCRYPTION_KEYS_OLD: oldKey,
      }
      const links: Linked[] = []
      for (let count = 0; count < 3; count += 1) links.push(await linkWorkspace(restarted(), member.userId))
      const during = newInstance(pool, settings)
      const { points, tried } = await killEverywhere('rotate', {
        prepare: () =>
          rotateKeys(
            newInstance(pool, {
              CREDENTIAL_ENCRYPTION_KEY: oldKey,
              CREDENTIAL_ENCRYPTION_KEYS_OLD: settings.CREDENTIAL_ENCRYPTION_KEY,
            }).context,
          ),
        args: () => ({}),
        settings: () => settings,
        judge: async (_, where) => {
          for (const { workspaceId, accessToken } of links) {
            expect(await getToken(during.context, member.userId, workspaceId), where).toBe(accessToken)
          }
        },
      })
      console.info(`changing keys: killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThanOrEqual(5)
      expect((await killFlow('rotate', {}, null, settings)).killed).toBe(false)
      const after = newInstance(pool, { CREDENTIAL_ENCRYPTION_KEY: settings.CREDENTIAL_ENCRYPTION_KEY })
      for (const { workspaceId, accessToken } of links) {
        expect(await getToken(after.context, member.userId, workspaceId)).toBe(accessToken)
      }
      // Back under the key of this installation: its app is still running.
      await rotateKeys(
        newInstance(pool, { CREDENTIAL_ENCRYPTION_KEYS_OLD: settings.CREDENTIAL_ENCRYPTION_KEY }).context,
      )
    },
    PATIENCE_MS,
  )
})

/** Has the row a token that Notion takes? */
async function isStored(connectionId: number): Promise<boolean> {
  const { rows } = await pool.query<{ user_id: string; workspace_id: string }>(
    'select user_id, workspace_id from public.notion_access_token_user where id = $1',
    [connectionId],
  )
  const token = await getToken(restarted().context, rows[0]?.user_id ?? '', rows[0]?.workspace_id)
  return token !== null && (await isActive(restarted(), token))
}

function isMentioned(table: string, userId: string): Promise<boolean> {
  return database.count(`${table} t`, 't::text like $1', [`%${userId}%`]).then((count) => count > 0)
}
