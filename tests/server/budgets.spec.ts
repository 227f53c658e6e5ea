import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { SessionReplySchema } from '../../shared/schemas/session.ts'
import { SnapshotReplySchema } from '../../shared/schemas/snapshot.ts'
import { CHANGES_MAX } from '../../shared/schemas/todo.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { signUp } from '../support/people.ts'

// What server/security/rate-limits.ts allows a person.
const SNAPSHOTS_A_MINUTE = 60
const CHANGES_A_MINUTE = 50_000
const EXPORTS = 5

let database: Inspector
beforeAll(async () => {
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
})
afterAll(() => database?.close())

describe('what costs more has a budget of its own', () => {
  it('a whole snapshot, also for a cursor that no longer holds; what changed since does not use it up', async () => {
    const { browser } = await signUp()
    const whole = () => browser.get('/api/todos/snapshot')
    const { snapshot } = SnapshotReplySchema.parse((await whole()).json)
    for (let count = 0; count < SNAPSHOTS_A_MINUTE + 5; count += 1) {
      const answer = await browser.get(`/api/todos/snapshot?cursor=${snapshot.cursor}`)
      expect(answer.status, answer.text).toBe(200)
    }
    const forged = await browser.get('/api/todos/snapshot?cursor=1-000000000000')
    expect(SnapshotReplySchema.parse(forged.json).snapshot.whole).toBe(true)
    for (let count = 2; count < SNAPSHOTS_A_MINUTE; count += 1) expect((await whole()).status).toBe(200)
    expectRefusal(await whole(), 'TOO_MANY_REQUESTS')
    expectRefusal(await browser.get('/api/todos/snapshot?cursor=1-000000000000'), 'TOO_MANY_REQUESTS')
    expect((await browser.get('/api/todo-lists')).status, 'the rest goes on').toBe(200)
  })

  it('changes, by their number', async () => {
    const { browser } = await signUp()
    const { user } = SessionReplySchema.parse((await browser.get('/api/session')).json)
    const send = () =>
      browser.post('/api/todos/changes', {
        clientId: randomUUID(),
        changes: Array.from({ length: CHANGES_MAX }, () => ({ id: randomUUID(), checked: true })),
      })
    expect((await send()).status).toBe(200)
    const key = `changes:${createHash('sha256')
      .update(user?.id ?? '')
      .digest('base64url')}`
    const paid = (points: number) =>
      database.rows(
        'update roundup_internal.rate_limit set points = points + $2 where key = $1 returning points',
        [key, points],
      )
    // As if they had sent nearly all that they may.
    expect(await paid(CHANGES_A_MINUTE - 2 * CHANGES_MAX)).toEqual([
      { points: CHANGES_A_MINUTE - CHANGES_MAX },
    ])
    expect((await send()).status).toBe(200)
    expectRefusal(await send(), 'TOO_MANY_REQUESTS')
  })

  it("an account's export, a few times", async () => {
    const { browser } = await signUp()
    for (let count = 0; count < EXPORTS; count += 1) {
      expect((await browser.get('/api/account/export')).status).toBe(200)
    }
    expectRefusal(await browser.get('/api/account/export'), 'TOO_MANY_REQUESTS')
  })
})
