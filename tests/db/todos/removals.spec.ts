import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { finishSyncJob } from '../../../server/db/sync-jobs.ts'
import { listTodosOf } from '../../../server/todos/list.ts'
import { makeWorkspace, openPostgres, openServiceDb, signUpMember } from '../../support/database.ts'

const db = openServiceDb()
let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

it('removals are told of for ninety days; whoever was away longer gets everything', async () => {
  const member = await signUpMember()
  const { jobId } = await makeWorkspace(db, member.id)
  await pool.query('update public.profiles set change_seq = 20 where id = $1', [member.id])
  await pool.query(
    `insert into public.removed_todo (user_id, todo_id, seq, removed_at) values
       ($1, 7001, 5, now() - interval '91 days'), ($1, 7002, 6, now() - interval '90 days 1 hour'),
       ($1, 7003, 9, now() - interval '89 days')`,
    [member.id],
  )
  const since = (count: number) => listTodosOf(member.db, { userId: member.id, since: count })
  expect((await since(3)).removed).toEqual([7001, 7002, 7003])

  await finishSyncJob(db, jobId, { state: 'done', complete: true })
  const tooOld = await since(5)
  expect(tooOld).toMatchObject({ removed: [], whole: true })
  // What was forgotten was known to somebody who has read as far as this.
  const recent = await since(6)
  expect(recent.removed).toEqual([7003])
  expect(recent.whole).toBeUndefined()
})
