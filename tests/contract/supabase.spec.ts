import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  APP_URL,
  followLink,
  isForeign,
  newEmail,
  newestMail,
  openAdmin,
  openBrowser,
  openTarget,
  PASSWORD,
  type Target,
} from './supabase/target.ts'

// What the app relies on in a Supabase, asked through supabase-js. Point it at another one with
// SUPABASE_CONTRACT_URL, SUPABASE_CONTRACT_KEY and SUPABASE_CONTRACT_SECRET_KEY.

let target: Target
beforeAll(async () => {
  target = await openTarget()
})
afterAll(() => target.stop())

/** A person with a confirmed account, signed in with their password. */
async function signIn(flowType?: 'pkce' | 'implicit') {
  const email = newEmail()
  const created = await openAdmin(target).auth.admin.createUser({
    email,
    password: PASSWORD,
    email_confirm: true,
  })
  expect(created.error).toBeNull()
  const browser = openBrowser(target, flowType)
  const { data, error } = await browser.auth.signInWithPassword({ email, password: PASSWORD })
  expect(error).toBeNull()
  if (data.session === null) throw new Error('no session')
  return { email, browser, session: data.session, userId: data.session.user.id }
}

describe('sign-up', () => {
  it.skipIf(isForeign)('signs a stranger in at once', async () => {
    const email = newEmail()
    const browser = openBrowser(target)
    const { data, error } = await browser.auth.signUp({
      email,
      password: PASSWORD,
      options: { data: { name: 'Ada' } },
    })
    expect(error).toBeNull()
    expect(data.session?.token_type).toBe('bearer')
    expect(data.user).toMatchObject({ email, user_metadata: { name: 'Ada', email_verified: true } })
    expect((await browser.auth.getUser()).data.user?.email).toBe(email)
  })

  it('refuses an address that has an account, in whatever spelling', async () => {
    const { email } = await signIn()
    const { data, error } = await openBrowser(target).auth.signUp({
      email: email.toUpperCase(),
      password: PASSWORD,
    })
    // A project that confirms addresses answers as if the account were new, without an identity.
    if (error === null) expect(data.user?.identities).toEqual([])
    else expect(error.code).toBe('user_already_exists')
    expect(data.session).toBeNull()
  })

  it('makes one account when asked twice at once', async () => {
    const email = newEmail()
    const asked = [openBrowser(target), openBrowser(target)]
    await Promise.all(asked.map((browser) => browser.auth.signUp({ email, password: PASSWORD })))
    const { data } = await openAdmin(target).auth.admin.listUsers({ page: 1, perPage: 1000 })
    expect(data.users.filter((user) => user.email === email)).toHaveLength(1)
  })

  it('refuses a short password and says why', async () => {
    const { error } = await openBrowser(target).auth.signUp({ email: newEmail(), password: 'abc' })
    expect(error).toMatchObject({ status: 422, code: 'weak_password', reasons: ['length'] })
  })

  it('refuses a password whose end bcrypt would ignore', async () => {
    const { error } = await openBrowser(target).auth.signUp({ email: newEmail(), password: 'é'.repeat(37) })
    expect(error?.code).toBe('validation_failed')
  })

  it('refuses what is no address', async () => {
    const { error } = await openBrowser(target).auth.signUp({ email: 'nobody', password: PASSWORD })
    expect(error).toMatchObject({ status: 400, code: 'validation_failed' })
  })

  it('refuses anonymous visitors', async () => {
    const { data, error } = await openBrowser(target).auth.signInAnonymously()
    expect(error).toMatchObject({ status: 422, code: 'anonymous_provider_disabled' })
    expect(data.session).toBeNull()
  })
})

describe('password', () => {
  it('signs in with the claims the app reads', async () => {
    const { browser, email, userId, session } = await signIn()
    const { data } = await browser.auth.getClaims()
    expect(data?.claims).toMatchObject({
      iss: expect.stringMatching(/\/auth\/v1$/),
      sub: userId,
      aud: 'authenticated',
      role: 'authenticated',
      email,
      phone: '',
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: expect.any(Number) }],
      session_id: expect.any(String),
      is_anonymous: false,
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: expect.any(Object),
    })
    expect((data?.claims.exp ?? 0) - (data?.claims.iat ?? 0)).toBe(3600)
    expect(session.expires_in).toBe(3600)
  })

  it('answers a wrong password and an unknown address alike', async () => {
    const { email } = await signIn()
    const wrong = await openBrowser(target).auth.signInWithPassword({ email, password: `${PASSWORD}!` })
    const unknown = await openBrowser(target).auth.signInWithPassword({
      email: newEmail(),
      password: PASSWORD,
    })
    expect(wrong.error).toMatchObject({ status: 400, code: 'invalid_credentials' })
    expect(unknown.error?.message).toBe(wrong.error?.message)
    expect(unknown.error?.code).toBe(wrong.error?.code)
  })

  it('changes, and ends the sessions opened with the old one elsewhere', async () => {
    const { browser, email } = await signIn()
    const elsewhere = openBrowser(target)
    await elsewhere.auth.signInWithPassword({ email, password: PASSWORD })
    expect((await browser.auth.updateUser({ password: PASSWORD })).error?.code).toBe('same_password')
    expect((await browser.auth.updateUser({ password: 'another horse' })).error).toBeNull()

    expect((await browser.auth.getUser()).error).toBeNull()
    expect((await elsewhere.auth.refreshSession()).error).not.toBeNull()
    const again = openBrowser(target)
    expect((await again.auth.signInWithPassword({ email, password: PASSWORD })).error?.code).toBe(
      'invalid_credentials',
    )
    expect((await again.auth.signInWithPassword({ email, password: 'another horse' })).error).toBeNull()
  })

  it('is not changed by a session that was ended', async () => {
    const { browser, email, session } = await signIn()
    await browser.auth.signOut()
    const thief = openBrowser(target)
    await thief.auth.setSession({ access_token: session.access_token, refresh_token: session.refresh_token })
    const answer = await fetch(`${target.url}/auth/v1/user`, {
      method: 'PUT',
      headers: {
        apikey: target.key,
        authorization: `Bearer ${session.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ password: 'stolen horse' }),
    })
    expect(answer.status).toBe(403)
    expect(
      (await openBrowser(target).auth.signInWithPassword({ email, password: PASSWORD })).error,
    ).toBeNull()
  })
})

describe('links and codes made by a server', () => {
  it('signs in with a code, once', async () => {
    const { email } = await signIn()
    const { data } = await openAdmin(target).auth.admin.generateLink({ type: 'magiclink', email })
    const token = data.properties?.email_otp ?? ''
    expect(token).toMatch(/^\d{6}$/)
    const first = await openBrowser(target).auth.verifyOtp({ email, token, type: 'email' })
    expect(first.data.user?.email).toBe(email)
    const second = await openBrowser(target).auth.verifyOtp({ email, token, type: 'email' })
    expect(second.error).toMatchObject({ status: 403, code: 'otp_expired' })
  })

  it('signs in with the hash of a link, once', async () => {
    const { email } = await signIn()
    const { data } = await openAdmin(target).auth.admin.generateLink({ type: 'magiclink', email })
    const token_hash = data.properties?.hashed_token ?? ''
    const first = await openBrowser(target).auth.verifyOtp({ token_hash, type: 'magiclink' })
    expect(first.data.session?.user.email).toBe(email)
    const second = await openBrowser(target).auth.verifyOtp({ token_hash, type: 'magiclink' })
    expect(second.error?.code).toBe('otp_expired')
  })

  it('refuses a wrong code, an unknown hash, and the code of somebody else', async () => {
    const [ada, bob] = [await signIn(), await signIn()]
    const { data } = await openAdmin(target).auth.admin.generateLink({ type: 'magiclink', email: ada.email })
    const token = data.properties?.email_otp ?? ''
    const wrong = token === '000000' ? '000001' : '000000'
    const browser = openBrowser(target)
    for (const attempt of [
      browser.auth.verifyOtp({ email: ada.email, token: wrong, type: 'email' }),
      browser.auth.verifyOtp({ email: bob.email, token, type: 'email' }),
      browser.auth.verifyOtp({ token_hash: 'f'.repeat(64), type: 'magiclink' }),
    ]) {
      expect((await attempt).error?.code).toBe('otp_expired')
    }
  })

  it('opens a session in which a forgotten password can be chosen anew', async () => {
    const { email } = await signIn()
    const { data } = await openAdmin(target).auth.admin.generateLink({ type: 'recovery', email })
    const browser = openBrowser(target)
    const token_hash = data.properties?.hashed_token ?? ''
    expect((await browser.auth.verifyOtp({ token_hash, type: 'recovery' })).error).toBeNull()
    expect((await browser.auth.updateUser({ password: 'remembered horse' })).error).toBeNull()
    const again = await openBrowser(target).auth.signInWithPassword({ email, password: 'remembered horse' })
    expect(again.error).toBeNull()
  })
})

describe.skipIf(isForeign)('mails', () => {
  it('bring a stranger in by link, in the browser that asked for it', async () => {
    const email = newEmail()
    const browser = openBrowser(target, 'pkce')
    const emailRedirectTo = `${APP_URL}/confirm?next=%2Flists`
    expect((await browser.auth.signInWithOtp({ email, options: { emailRedirectTo } })).error).toBeNull()
    const arrived = await followLink((await newestMail(target, email)).link)
    expect(arrived.origin + arrived.pathname).toBe(`${APP_URL}/confirm`)
    expect(arrived.searchParams.get('next')).toBe('/lists')
    expect(arrived.hash).toBe('')
    const code = arrived.searchParams.get('code') ?? ''

    const thief = await openBrowser(target, 'pkce').auth.exchangeCodeForSession(code)
    expect(thief.data.session).toBeNull()
    const { data, error } = await browser.auth.exchangeCodeForSession(code)
    expect(error).toBeNull()
    expect(data.user).toMatchObject({ email, email_confirmed_at: expect.any(String) })
  })

  it('refuses a code with another verifier, a second time, and an unknown one', async () => {
    const { email } = await signIn()
    const browser = openBrowser(target, 'pkce')
    await browser.auth.signInWithOtp({ email })
    const code = (await followLink((await newestMail(target, email)).link)).searchParams.get('code') ?? ''
    const redeem = async (auth_code: string, code_verifier: string) => {
      const answer = await fetch(`${target.url}/auth/v1/token?grant_type=pkce`, {
        method: 'POST',
        headers: { apikey: target.key, 'content-type': 'application/json' },
        body: JSON.stringify({ auth_code, code_verifier }),
      })
      return { status: answer.status, body: await answer.json() }
    }
    expect(await redeem(code, 'x'.repeat(56))).toMatchObject({
      status: 400,
      body: { error_code: 'bad_code_verifier' },
    })
    expect((await browser.auth.exchangeCodeForSession(code)).error).toBeNull()
    expect(await redeem(code, 'x'.repeat(56))).toMatchObject({
      status: 404,
      body: { error_code: 'flow_state_not_found' },
    })
    expect(await redeem('unknown', 'x'.repeat(56))).toMatchObject({ status: 404 })
  })

  it('carry a code and a token hash as good as the link', async () => {
    const email = newEmail()
    await openBrowser(target).auth.signInWithOtp({ email })
    const { code, tokenHash, subject } = await newestMail(target, email)
    expect(subject).not.toBe('')
    const { data } = await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'email' })
    expect(data.session?.user.email).toBe(email)
    const replay = await openBrowser(target).auth.verifyOtp({ token_hash: tokenHash, type: 'magiclink' })
    expect(replay.error?.code).toBe('otp_expired')
  })

  it('hand a session in the fragment to a browser without PKCE', async () => {
    const { email, userId } = await signIn()
    await openBrowser(target).auth.signInWithOtp({ email })
    const arrived = await followLink((await newestMail(target, email)).link)
    const fragment = new URLSearchParams(arrived.hash.slice(1))
    const { data } = await openBrowser(target).auth.setSession({
      access_token: fragment.get('access_token') ?? '',
      refresh_token: fragment.get('refresh_token') ?? '',
    })
    expect(data.user?.id).toBe(userId)
  })

  it('say on the page they lead to that a link was used before', async () => {
    const { email } = await signIn()
    await openBrowser(target, 'pkce').auth.signInWithOtp({ email })
    const { link } = await newestMail(target, email)
    await followLink(link)
    const arrived = await followLink(link)
    expect(arrived.searchParams.get('error_code')).toBe('otp_expired')
    expect(arrived.searchParams.has('code')).toBe(false)
  })

  it.each([
    'https://evil.example/',
    'http://localhost.evil.example/',
    'http://localhost:3000@evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    'http://user:secret@localhost:3000/',
    'https://127.0.0.1:3000.evil.example/',
  ])('never lead to %s', async (emailRedirectTo) => {
    const { email } = await signIn()
    await openBrowser(target).auth.signInWithOtp({ email, options: { emailRedirectTo } })
    const { link } = await newestMail(target, email)
    expect(new URL(link).searchParams.get('redirect_to')).toBe(APP_URL)
    const forged = new URL(link)
    forged.searchParams.set('redirect_to', emailRedirectTo)
    expect((await followLink(forged.href)).origin).toBe(APP_URL)
  })

  it('open the way to a new password', async () => {
    const { email } = await signIn()
    const browser = openBrowser(target, 'pkce')
    const redirectTo = `${APP_URL}/reset-password`
    expect((await browser.auth.resetPasswordForEmail(email, { redirectTo })).error).toBeNull()
    const arrived = await followLink((await newestMail(target, email)).link)
    expect(arrived.pathname).toBe('/reset-password')
    await browser.auth.exchangeCodeForSession(arrived.searchParams.get('code') ?? '')
    expect((await browser.auth.updateUser({ password: 'chosen anew' })).error).toBeNull()
  })

  it('are not sent to strangers, and nobody is told', async () => {
    const email = newEmail()
    expect((await openBrowser(target).auth.resetPasswordForEmail(email)).error).toBeNull()
    await expect(newestMail(target, email)).rejects.toThrow('no mail')
    const options = { shouldCreateUser: false }
    const { error } = await openBrowser(target).auth.signInWithOtp({ email, options })
    expect(error).toMatchObject({ status: 422, code: 'otp_disabled' })
  })

  it('come one at a time', async () => {
    const { email } = await signIn()
    const browser = openBrowser(target)
    const [first, second] = await Promise.all([
      browser.auth.signInWithOtp({ email }),
      browser.auth.signInWithOtp({ email }),
    ])
    const codes = [first.error?.code, second.error?.code]
    expect(codes).toContain('over_email_send_rate_limit')
    expect(codes).toContain(undefined)
  })

  it('confirm a new address before it counts', async () => {
    const { email, browser } = await signIn()
    const wanted = newEmail()
    const { data } = await browser.auth.updateUser({ email: wanted })
    expect(data.user).toMatchObject({ email, new_email: wanted })
    const { code } = await newestMail(target, wanted)
    const confirmed = await openBrowser(target).auth.verifyOtp({
      email: wanted,
      token: code,
      type: 'email_change',
    })
    expect(confirmed.data.user?.email).toBe(wanted)
  })

  it('stop counting after too many wrong codes', async () => {
    const { email } = await signIn()
    await openBrowser(target).auth.signInWithOtp({ email })
    const { code } = await newestMail(target, email)
    const wrong = code === '111111' ? '222222' : '111111'
    for (let attempt = 0; attempt < 10; attempt++) {
      await openBrowser(target).auth.verifyOtp({ email, token: wrong, type: 'email' })
    }
    const { error } = await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'email' })
    expect(error?.code).toBe('otp_expired')
  })
})

describe('sessions', () => {
  it('rotate their refresh token', async () => {
    const { browser, session } = await signIn()
    const { data, error } = await browser.auth.refreshSession()
    expect(error).toBeNull()
    expect(data.session?.refresh_token).not.toBe(session.refresh_token)
    expect(data.session?.user.id).toBe(session.user.id)
  })

  it('forgive two tabs that refresh together', async () => {
    const { session } = await signIn()
    const tabs = [openBrowser(target), openBrowser(target), openBrowser(target)]
    const refreshed = await Promise.all(
      tabs.map((tab) => tab.auth.refreshSession({ refresh_token: session.refresh_token })),
    )
    expect(refreshed.map(({ error }) => error)).toEqual([null, null, null])
    expect(new Set(refreshed.map(({ data }) => data.session?.refresh_token)).size).toBe(1)
  })

  it.skipIf(isForeign)('end for everybody when an older refresh token turns up', async () => {
    const { browser, session } = await signIn()
    await browser.auth.refreshSession()
    await browser.auth.refreshSession()
    const thief = await openBrowser(target).auth.refreshSession({ refresh_token: session.refresh_token })
    expect(thief.error).toMatchObject({ status: 400, code: 'refresh_token_already_used' })
    expect((await browser.auth.refreshSession()).error?.code).toBe('refresh_token_not_found')
  })

  it('refuse a refresh token that was made up', async () => {
    const { session } = await signIn()
    const forged = `${session.refresh_token.slice(0, -4)}AAAA`
    for (const refresh_token of [forged, 'short', '']) {
      const answer = await fetch(`${target.url}/auth/v1/token?grant_type=refresh_token`, {
        method: 'POST',
        headers: { apikey: target.key, 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token }),
      })
      expect(answer.status).toBe(400)
    }
  })

  it('end here, elsewhere or everywhere, as asked', async () => {
    const { email, browser } = await signIn()
    const open = async () => {
      const other = openBrowser(target)
      await other.auth.signInWithPassword({ email, password: PASSWORD })
      return other
    }
    const [second, third] = [await open(), await open()]
    await second.auth.signOut({ scope: 'local' })
    expect((await browser.auth.getUser()).error).toBeNull()
    await browser.auth.signOut({ scope: 'others' })
    expect((await browser.auth.getUser()).error).toBeNull()
    expect((await third.auth.getUser()).error).not.toBeNull()
    const fourth = await open()
    await browser.auth.signOut({ scope: 'global' })
    expect((await fourth.auth.getUser()).error).not.toBeNull()
  })

  it('are verified without asking the server, by a public key', async () => {
    const { session } = await signIn()
    const answer = await fetch(`${target.url}/auth/v1/.well-known/jwks.json`)
    const jwks: { keys: Record<string, unknown>[] } = await answer.json()
    expect(jwks.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256' })
    expect(jwks.keys[0]).not.toHaveProperty('d')
    const offline = openBrowser({ ...target, url: 'http://127.0.0.1:9' })
    const { data, error } = await offline.auth.getClaims(session.access_token, { jwks: { keys: [] } })
    expect(data).toBeNull()
    expect(error).not.toBeNull()
    const verified = await openBrowser(target).auth.getClaims(session.access_token)
    expect(verified.data?.claims.sub).toBe(session.user.id)
    expect(verified.data?.header.alg).toBe('ES256')
  })

  it('are refused when their token was tampered with', async () => {
    const { session } = await signIn()
    const [header, payload, signature] = session.access_token.split('.')
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
    const raised = Buffer.from(JSON.stringify({ ...claims, role: 'service_role' })).toString('base64url')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    for (const token of [`${header}.${raised}.${signature}`, `${none}.${raised}.`, 'nonsense']) {
      const { error } = await openBrowser(target).auth.getUser(token)
      expect(error).toMatchObject({ status: 403, code: 'bad_jwt' })
    }
  })
})

describe('administration', () => {
  it('creates, finds, changes, lists and deletes people', async () => {
    const { admin } = openAdmin(target).auth
    const email = newEmail()
    const created = await admin.createUser({
      email,
      password: PASSWORD,
      email_confirm: true,
      user_metadata: { a: 1 },
    })
    const id = created.data.user?.id ?? ''
    expect((await admin.createUser({ email })).error).toMatchObject({ status: 422, code: 'email_exists' })
    expect((await admin.getUserById(id)).data.user).toMatchObject({ email, user_metadata: { a: 1 } })
    const changed = await admin.updateUserById(id, { password: 'changed horse', app_metadata: { plan: 'x' } })
    expect(changed.data.user?.app_metadata).toMatchObject({ provider: 'email', plan: 'x' })
    expect(
      (await openBrowser(target).auth.signInWithPassword({ email, password: 'changed horse' })).error,
    ).toBeNull()
    const listed = await admin.listUsers({ page: 1, perPage: 1000 })
    expect(listed.data.users.some((user) => user.id === id)).toBe(true)
    expect((await admin.deleteUser(id)).error).toBeNull()
    expect((await admin.getUserById(id)).error).toMatchObject({ status: 404, code: 'user_not_found' })
  })

  it('ends every access of a deleted person', async () => {
    const { browser, userId } = await signIn()
    await openAdmin(target).auth.admin.deleteUser(userId)
    expect((await browser.auth.getUser()).error).not.toBeNull()
    expect((await browser.auth.refreshSession()).error).not.toBeNull()
  })

  it('keeps banned people out', async () => {
    const { browser, email, userId } = await signIn()
    await openAdmin(target).auth.admin.updateUserById(userId, { ban_duration: '24h' })
    const { error } = await openBrowser(target).auth.signInWithPassword({ email, password: PASSWORD })
    expect(error?.code).toBe('user_banned')
    expect((await browser.auth.refreshSession()).error).not.toBeNull()
  })

  it('is closed to the publishable key, to people, and to their tokens beside the secret key', async () => {
    const { browser, session } = await signIn()
    expect((await openBrowser(target).auth.admin.listUsers()).error).not.toBeNull()
    expect((await browser.auth.admin.listUsers()).error).not.toBeNull()
    const mixed = await fetch(`${target.url}/auth/v1/admin/users`, {
      headers: { apikey: target.secretKey, authorization: `Bearer ${session.access_token}` },
    })
    expect(mixed.ok).toBe(false)
  })
})

describe('keys and browsers', () => {
  it.each(['/rest/v1/', '/auth/v1/user', '/auth/v1/settings'])('asks for a key at %s', async (path) => {
    for (const apikey of [undefined, 'sb_publishable_wrong', `${target.key}x`]) {
      const answer = await fetch(`${target.url}${path}`, { headers: apikey === undefined ? {} : { apikey } })
      expect(answer.status).toBe(401)
    }
  })

  it('lets a page on another origin ask', async () => {
    const answer = await fetch(`${target.url}/auth/v1/token?grant_type=password`, {
      method: 'OPTIONS',
      headers: {
        origin: APP_URL,
        'access-control-request-method': 'POST',
        'access-control-request-headers':
          'apikey,authorization,content-type,x-client-info,x-supabase-api-version',
      },
    })
    expect(answer.ok).toBe(true)
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST')
    const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase()
    for (const name of [
      'apikey',
      'authorization',
      'content-type',
      'x-client-info',
      'x-supabase-api-version',
    ]) {
      expect(allowed).toContain(name)
    }
    const get = await fetch(`${target.url}/auth/v1/settings`, {
      headers: { origin: APP_URL, apikey: target.key },
    })
    expect(['*', APP_URL]).toContain(get.headers.get('access-control-allow-origin'))
  })
})
