import { randomBytes, randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OAuthStateRecord } from '../../server/db/oauth-states.ts'
import { consumeOAuthState, storeOAuthState } from '../../server/db/oauth-states.ts'
import { openPostgres, openServiceDb, signUpMember } from '../support/database.ts'

const db = openServiceDb()
let pool: Pool
let userId: string
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())
beforeEach(async () => {
  userId = (await signUpMember()).id
})

const hash = () => randomBytes(32).toString('hex')

async function store(overrides: Partial<OAuthStateRecord> = {}): Promise<OAuthStateRecord> {
  const state = {
    stateHash: hash(),
    userId,
    provider: 'notion',
    redirectUri: 'http://localhost:3000/connect-notion',
    returnTo: '/databases',
    browserHash: hash(),
    codeVerifier: null,
    ...overrides,
  }
  await storeOAuthState(db, state)
  return state
}

describe('an OAuth state', () => {
  it('gives back what was stored with it', async () => {
    const state = await store({ codeVerifier: 'verifier' })
    expect(await consumeOAuthState(db, state)).toEqual({
      redirectUri: state.redirectUri,
      returnTo: '/databases',
      codeVerifier: 'verifier',
    })
    expect(await consumeOAuthState(db, await store())).toMatchObject({ codeVerifier: null })
  })

  it('is used up by exactly one of 50 who come at once', async () => {
    for (let round = 0; round < 5; round++) {
      const state = await store()
      const answers = await Promise.all(Array.from({ length: 50 }, () => consumeOAuthState(db, state)))
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    }
  })

  it('is good for nobody else, no other browser and no other provider, and is not used up by them', async () => {
    const state = await store()
    const stranger = await signUpMember()
    for (const wrong of [
      { userId: stranger.id },
      { browserHash: hash() },
      { provider: 'other' },
      { stateHash: hash() },
    ]) {
      expect(await consumeOAuthState(db, { ...state, ...wrong })).toBeNull()
    }
    expect(await consumeOAuthState(db, state)).not.toBeNull()
    expect(await consumeOAuthState(db, state)).toBeNull()
  })

  it('lives ten minutes by the clock of the database', async () => {
    const state = await store()
    const { rows } = await pool.query(
      "select expires_at - created_at = interval '10 minutes' as ok from oauth_states where state_hash = $1",
      [state.stateHash],
    )
    expect(rows).toEqual([{ ok: true }])
    await pool.query('update oauth_states set expires_at = now() where state_hash = $1', [state.stateHash])
    expect(await consumeOAuthState(db, state)).toBeNull()
  })

  it('cannot be made to live longer than a quarter of an hour', async () => {
    const { stateHash } = await store()
    await expect(
      pool.query(
        "update oauth_states set expires_at = created_at + interval '16 minutes' where state_hash = $1",
        [stateHash],
      ),
    ).rejects.toThrow('oauth_states_short_lived')
  })

  it('is not stored twice, nor for somebody who does not exist', async () => {
    const { stateHash } = await store()
    await expect(store({ stateHash })).rejects.toThrow('23505')
    await expect(store({ userId: randomUUID() })).rejects.toThrow('23503')
  })

  it('nobody came back for is cleared away by the next', async () => {
    const old = await store()
    await pool.query(
      "update oauth_states set created_at = now() - interval '2 days', expires_at = now() - interval '2 days' where state_hash = $1",
      [old.stateHash],
    )
    const fresh = await store()
    const { rows } = await pool.query('select state_hash from oauth_states where user_id = $1', [userId])
    expect(rows).toEqual([{ state_hash: fresh.stateHash }])
  })
})
