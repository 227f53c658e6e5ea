import { createServerClient } from '@supabase/ssr'
import { describe, expect, it } from 'vitest'
import { AppError } from '#server/errors/app-error'
import { createSessionGuard } from '#server/session/session-guard'

const NAME = 'sb-test-auth-token'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const future = () => Math.floor(Date.now() / 1_000) + 3_600

function tokenOf(header: object, exp = future()): string {
  return `${base64url(header)}.${base64url({ sub: 'somebody', exp })}.AA`
}

/** Supabase's own client behind the guard, with a cookie, as server/utils/session.ts puts them together. */
function asked(
  session: { access_token: string; expires_at: number },
  answer: () => Response | Promise<Response>,
  admit = true,
) {
  const requests: string[] = []
  const written: { name: string; value: string }[] = []
  let points = 0
  const guard = createSessionGuard(
    {
      take: () => {
        points += 1
        return admit ? Promise.resolve() : Promise.reject(new AppError('TOO_MANY_REQUESTS'))
      },
      giveBack: () => {
        points -= 1
        return Promise.resolve()
      },
    },
    async (input) => {
      requests.push(String(input instanceof Request ? input.url : input))
      return answer()
    },
  )
  const cookie = `base64-${base64url({ ...session, refresh_token: 'made up' })}`
  const client = createServerClient('http://supabase.test', 'key', {
    cookieOptions: { name: NAME },
    global: { fetch: guard.fetch },
    cookies: {
      getAll: () => [{ name: NAME, value: cookie }],
      setAll: (cookies) => void written.push(...guard.writable(cookies)),
    },
  })
  return { guard, client, requests, written, points: () => points }
}

const expired = { access_token: tokenOf({ alg: 'ES256', kid: 'a' }, 1), expires_at: 1 }

describe('a cookie that makes us ask Supabase', () => {
  it.each([
    ['with a token that has run out', expired],
    [
      'under a key id that nobody knows',
      { access_token: tokenOf({ alg: 'ES256', kid: crypto.randomUUID() }), expires_at: future() },
    ],
    ['with an algorithm of its own', { access_token: tokenOf({ alg: 'HS256' }), expires_at: future() }],
  ])('%s is paid for before it is asked about, and not asked about when it cannot be', async (_, session) => {
    const no = () => Response.json({ error_code: 'bad_jwt', keys: [] }, { status: 403 })
    const admitted = asked(session, no)
    expect((await admitted.client.auth.getClaims()).data).toBeNull()
    expect(admitted.requests.length).toBeGreaterThan(0)
    expect(admitted.points()).toBe(admitted.requests.length)

    const refused = asked(session, no, false)
    expect((await refused.client.auth.getClaims()).data).toBeNull()
    expect(refused.requests).toEqual([])
    expect(refused.guard.trouble()?.code).toBe('TOO_MANY_REQUESTS')
    expect(refused.written).toEqual([])
  })

  it('is given back what it paid when it was genuine', async () => {
    const { guard, client, points } = asked(expired, () => Response.json({ keys: [] }))
    await client.auth.getClaims()
    expect(points()).toBeGreaterThan(0)
    await guard.proven()
    expect(points()).toBe(0)
  })
})

describe('when Supabase does not answer a refresh', () => {
  it.each([
    ['429', () => Response.json({ code: 'over_request_rate_limit' }, { status: 429 }), 'TOO_MANY_REQUESTS'],
    ['503', () => new Response('down', { status: 503 }), 'INTERNAL'],
    ['not at all', () => Promise.reject(new TypeError('fetch failed')), 'INTERNAL'],
  ])('%s: nobody is signed out, and it is asked once', async (_, answer, code) => {
    const { guard, client, requests, written } = asked(expired, answer)
    expect((await client.auth.getClaims()).data).toBeNull()
    expect(requests).toHaveLength(1)
    expect(written).toEqual([])
    expect(guard.trouble()?.code).toBe(code)
  })

  it('and says when to come back, that is when', async () => {
    const busy = () => Response.json({}, { status: 429, headers: { 'retry-after': '7' } })
    const { guard, client } = asked(expired, busy)
    await client.auth.getClaims()
    expect(guard.trouble()?.retryAfterMs).toBe(7_000)
  })

  it('but refuses it, the session is over and its cookie goes', async () => {
    const over = () => Response.json({ error_code: 'refresh_token_not_found' }, { status: 400 })
    const { guard, client, written } = asked(expired, over)
    await client.auth.getClaims()
    expect(guard.trouble()).toBeNull()
    expect(written).toMatchObject([{ name: NAME, value: '' }])
  })
})

it('what a person asks for themselves goes through untouched', async () => {
  const { guard, client, points } = asked(expired, () => Response.json({ msg: 'no' }, { status: 503 }))
  const { error } = await client.auth.signInWithPassword({ email: 'a@people.test', password: 'x' })
  expect(error?.status).toBe(503)
  expect([points(), guard.trouble()]).toEqual([0, null])
})
