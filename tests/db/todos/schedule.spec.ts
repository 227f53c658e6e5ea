import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  finishSyncJob,
  startMarkedSyncJob,
  startSyncJob,
  takeDueConnections,
} from '../../../server/db/sync-jobs.ts'
import type { Workspace } from '../../support/database.ts'
import { makeWorkspace, one, openPostgres, openServiceDb, signUpMember } from '../../support/database.ts'

// R57: when a connection is read by itself. Times are PostgreSQL's own, so what is due is made due in the table.

const MINUTE_S = 60
const db = openServiceDb()
let pool: Pool
let workspace: Workspace
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())
beforeEach(async () => {
  workspace = await makeWorkspace(db, (await signUpMember()).id)
  await finishSyncJob(db, workspace.jobId, { state: 'done', complete: true })
})

const makeDue = (what = "next_run_at = now() - interval '1 second'", connectionId = workspace.connectionId) =>
  pool.query(`update public.sync_schedule set ${what} where connection_id = $1`, [connectionId])

/** Takes what is due of everybody; answers what was taken of these. */
async function take(connectionIds = [workspace.connectionId]) {
  const taken = await takeDueConnections(db, 1_000)
  return taken.filter(({ connectionId }) => connectionIds.includes(connectionId))
}

/** Seconds until the next regular run. */
async function nextInSeconds(connectionId = workspace.connectionId): Promise<number> {
  const { seconds } = await one<{ seconds: string }>(
    pool,
    'select extract(epoch from next_run_at - now()) as seconds from public.sync_schedule where connection_id = $1',
    [connectionId],
  )
  return Number(seconds)
}

const around = (seconds: number, expected: number) => {
  expect(seconds).toBeGreaterThan(expected * 0.875 - 30)
  expect(seconds).toBeLessThan(expected * 1.125 + 1)
}

it('what is due is taken once, by whoever comes first, and put off by some ten minutes', async () => {
  expect(await take()).toEqual([])
  await makeDue()
  const rounds = await Promise.all(Array.from({ length: 5 }, () => take()))
  expect(rounds.flat()).toEqual([{ connectionId: workspace.connectionId, sweep: false }])
  around(await nextInSeconds(), 10 * MINUTE_S)
  expect(await take()).toEqual([])
})

it('connections that came together do not stay together', async () => {
  const times = new Set<number>()
  for (let time = 0; time < 12; time += 1) {
    await makeDue()
    await take()
    times.add(Math.round(await nextInSeconds()))
  }
  expect(times.size).toBeGreaterThan(6)
})

it('a connection that has ended, cannot be read, or is in no list is left alone', async () => {
  await makeDue()
  const { id: token } = await one<{ id: string }>(
    pool,
    `select t.id from public.notion_access_token t
     join public.notion_access_token_user c on c.token_id = t.id where c.id = $1`,
    [workspace.connectionId],
  )
  await pool.query(
    `update public.notion_access_token set status = 'needs_reauthorization', disconnect_reason = 'revoked_remotely' where id = $1`,
    [token],
  )
  expect(await take()).toEqual([])
  await pool.query(
    `update public.notion_access_token set status = 'connected', disconnect_reason = null where id = $1`,
    [token],
  )
  await pool.query('delete from public.todo_list where user_id = $1', [workspace.userId])
  expect(await take()).toEqual([])
})

it('once a day it is a sweep', async () => {
  await makeDue("next_run_at = now(), next_sweep_at = now() - interval '1 minute'")
  expect(await take()).toEqual([{ connectionId: workspace.connectionId, sweep: true }])
  await makeDue()
  expect(await take()).toEqual([{ connectionId: workspace.connectionId, sweep: false }])
})

it('failing costs patience, twice as much each time up to six hours; a success makes good', async () => {
  const fail = async () => {
    const { jobId } = (await startSyncJob(db, workspace.connectionId, false)) ?? { jobId: 0 }
    await finishSyncJob(db, jobId, { state: 'failed', code: 'NOTION_UNAVAILABLE' })
    return nextInSeconds()
  }
  for (const minutes of [10, 20, 40, 80, 160, 320, 360, 360]) around(await fail(), minutes * MINUTE_S)
  const { jobId } = (await startSyncJob(db, workspace.connectionId, false)) ?? { jobId: 0 }
  await finishSyncJob(db, jobId, { state: 'done', complete: true })
  around(await nextInSeconds(), 10 * MINUTE_S)
  around(await fail(), 10 * MINUTE_S)
})

it('reading news does not take the place of the regular run', async () => {
  await pool.query(
    'update public.notion_database set told_at = clock_timestamp(), changed_at = now() where connection_id = $1',
    [workspace.connectionId],
  )
  await makeDue("next_run_at = now() + interval '1 minute'")
  const { jobId } = (await startMarkedSyncJob(db, workspace.connectionId)) ?? { jobId: 0 }
  expect(jobId).toBeGreaterThan(0)
  await pool.query(
    'update public.notion_database set listed_at = clock_timestamp() where connection_id = $1',
    [workspace.connectionId],
  )
  await finishSyncJob(db, jobId, { state: 'done', complete: true })
  expect(await nextInSeconds()).toBeLessThan(MINUTE_S + 1)
  // With nothing left to read, no run is made.
  expect(await startMarkedSyncJob(db, workspace.connectionId)).toBeNull()
})
