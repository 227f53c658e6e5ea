import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  APP_URL,
  followLink,
  newEmail,
  newestMail,
  openAdmin,
  openBrowser,
  openOwnTarget,
  PASSWORD,
  type OwnTarget,
} from './target.ts'

// What only the stand-in can be asked: how it behaves when time passes, what it writes down, and the
// confirming of addresses, which the demo leaves out.

let target: OwnTarget
let database: Client
beforeAll(async () => {
  vi.stubEnv('SANDBOX_AUTOCONFIRM', 'false')
  target = await openOwnTarget()
  database = new Client({ connectionString: target.databaseUrl })
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await target.stop()
  vi.unstubAllEnvs()
})

async function signUpConfirmed() {
  const email = newEmail()
  await openAdmin(target).auth.admin.createUser({ email, password: PASSWORD, email_confirm: true })
  const browser = openBrowser(target)
  const { data } = await browser.auth.signInWithPassword({ email, password: PASSWORD })
  if (data.session === null) throw new Error('no session')
  return { email, browser, session: data.session }
}

describe('an address to be confirmed', () => {
  it('opens nothing before its mail came back, and everything after', async () => {
    const email = newEmail()
    const { data } = await openBrowser(target).auth.signUp({ email, password: PASSWORD })
    expect(data.session).toBeNull()
    const early = await openBrowser(target).auth.signInWithPassword({ email, password: PASSWORD })
    expect(early.error?.code).toBe('email_not_confirmed')
    const { code } = await newestMail(target, email)
    const { error } = await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'signup' })
    expect(error).toBeNull()
    const later = await openBrowser(target).auth.signInWithPassword({ email, password: PASSWORD })
    expect(later.error).toBeNull()
  })

  it('is confirmed by the link as well, with PKCE', async () => {
    const email = newEmail()
    const browser = openBrowser(target, 'pkce')
    const options = { emailRedirectTo: `${APP_URL}/confirm` }
    await browser.auth.signUp({ email, password: PASSWORD, options })
    const arrived = await followLink((await newestMail(target, email)).link)
    const { data } = await browser.auth.exchangeCodeForSession(arrived.searchParams.get('code') ?? '')
    expect(data.user?.email_confirmed_at).toEqual(expect.any(String))
  })

  it('does not tell a stranger that it has an account', async () => {
    const { email } = await signUpConfirmed()
    const known = await openBrowser(target).auth.signUp({ email, password: PASSWORD })
    const unknown = await openBrowser(target).auth.signUp({ email: newEmail(), password: PASSWORD })
    expect(known.error).toBeNull()
    expect(known.data.user?.identities).toEqual([])
    expect(known.data.user).toMatchObject({ aud: unknown.data.user?.aud, is_anonymous: false })
  })

  it('forgets the password a stranger chose for it, when its owner comes by mail', async () => {
    const email = newEmail()
    await openBrowser(target).auth.signUp({ email, password: 'of the stranger' })
    await openBrowser(target).auth.signInWithOtp({ email })
    const { code } = await newestMail(target, email)
    expect((await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'email' })).error).toBeNull()
    const stranger = await openBrowser(target).auth.signInWithPassword({ email, password: 'of the stranger' })
    expect(stranger.error?.code).toBe('invalid_credentials')
  })

  it('gets its mail again when asked', async () => {
    const email = newEmail()
    await openBrowser(target).auth.signUp({ email, password: PASSWORD })
    const first = await newestMail(target, email)
    await letTimePass(
      "auth.one_time_tokens set created_at = created_at - interval '5 seconds' where relates_to = $1",
      email,
    )
    expect((await openBrowser(target).auth.resend({ type: 'signup', email })).error).toBeNull()
    const second = await newestMail(target, email)
    expect(second.tokenHash).not.toBe(first.tokenHash)
    const old = await openBrowser(target).auth.verifyOtp({ token_hash: first.tokenHash, type: 'signup' })
    expect(old.error?.code).toBe('otp_expired')
  })
})

describe('as time passes', () => {
  it('codes and links end after an hour', async () => {
    const { email } = await signUpConfirmed()
    await openBrowser(target).auth.signInWithOtp({ email })
    const { code, tokenHash } = await newestMail(target, email)
    await letTimePass(
      "auth.one_time_tokens set created_at = created_at - interval '61 minutes' where relates_to = $1",
      email,
    )
    const byCode = await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'email' })
    const byHash = await openBrowser(target).auth.verifyOtp({ token_hash: tokenHash, type: 'magiclink' })
    expect([byCode.error?.code, byHash.error?.code]).toEqual(['otp_expired', 'otp_expired'])
  })

  it('a PKCE code ends after five minutes', async () => {
    const { email, session } = await signUpConfirmed()
    const browser = openBrowser(target, 'pkce')
    await browser.auth.signInWithOtp({ email })
    const code = (await followLink((await newestMail(target, email)).link)).searchParams.get('code') ?? ''
    await letTimePass(
      "auth.flow_state set auth_code_issued_at = now() - interval '6 minutes' where user_id = $1",
      session.user.id,
    )
    const { error } = await browser.auth.exchangeCodeForSession(code)
    expect(error).toMatchObject({ status: 403, code: 'flow_state_expired' })
  })

  it('the forgiveness for an old refresh token ends', async () => {
    const { browser, session } = await signUpConfirmed()
    await browser.auth.refreshSession()
    await letTimePass(
      "auth.sessions set refreshed_at = now() - interval '11 seconds' where user_id = $1",
      session.user.id,
    )
    const late = await openBrowser(target).auth.refreshSession({ refresh_token: session.refresh_token })
    expect(late.error?.code).toBe('refresh_token_already_used')
    expect((await browser.auth.getUser()).error).not.toBeNull()
  })
})

describe('what is written down', () => {
  it('is of no use to whoever reads the database or the logs', async () => {
    const { email, session } = await signUpConfirmed()
    await openBrowser(target).auth.signInWithOtp({ email })
    const { code, tokenHash, link } = await newestMail(target, email)
    await followLink(link)
    await openBrowser(target).auth.verifyOtp({ email, token: code, type: 'email' })
    await openBrowser(target).auth.signInWithPassword({ email, password: PASSWORD })
    const { rows } = await database.query<{ text: string }>(
      `select concat((select jsonb_agg(t) from auth.users t), (select jsonb_agg(t) from auth.one_time_tokens t),
         (select jsonb_agg(t) from auth.sessions t), (select jsonb_agg(t) from auth.flow_state t)) as text`,
    )
    const logs = ['gateway', 'postgres', 'postgrest'].map((name) =>
      readFileSync(join(target.dir, 'logs', `${name}.log`), 'utf8'),
    )
    const written = [rows[0]?.text, ...logs].join('\n')
    for (const secret of [
      PASSWORD,
      tokenHash,
      session.access_token,
      session.refresh_token,
      target.key,
      target.secretKey,
    ]) {
      expect(written).not.toContain(secret)
    }
    expect(logs.join('\n')).not.toContain(email)
  })

  it('is in files only their owner can read', () => {
    for (const name of ['secrets.json', 'environment', 'stack.json', 'logs/gateway.log']) {
      expect(statSync(join(target.dir, name)).mode & 0o077).toBe(0)
    }
  })
})

describe('the mailbox', () => {
  it('shows each mail under the subject a hosted project gives it', async () => {
    const { email, browser } = await signUpConfirmed()
    const wanted = newEmail()
    const stranger = newEmail()
    const subjects: Record<string, string> = {}
    await openBrowser(target).auth.signUp({ email: stranger, password: PASSWORD })
    subjects.confirmation = (await newestMail(target, stranger)).subject
    await openBrowser(target).auth.signInWithOtp({ email })
    subjects.magic_link = (await newestMail(target, email)).subject
    await openBrowser(target).auth.resetPasswordForEmail(email)
    subjects.recovery = (await newestMail(target, email)).subject
    await browser.auth.updateUser({ email: wanted })
    subjects.email_change = (await newestMail(target, wanted)).subject
    const config = readFileSync(join(import.meta.dirname, '../../../supabase/config.toml'), 'utf8')
    for (const [template, subject] of Object.entries(subjects)) {
      expect(config).toContain(`[auth.email.template.${template}]\nsubject = "${subject}"`)
    }
  })

  it('is a page on which nothing that was sent becomes markup', async () => {
    const answer = await fetch(`${target.url}/_mail?to=${encodeURIComponent('"><script>alert(1)</script>')}`)
    const page = await answer.text()
    expect(page).not.toContain('<script>')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('cannot be read by pages of other origins, nor under another name', async () => {
    const foreign = await fetch(`${target.url}/_mail`, { headers: { origin: 'https://evil.example' } })
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false)
    expect(await statusUnderName('rebound.evil.example')).toBe(403)
    expect(await statusUnderName('localhost')).toBe(200)
  })

  function statusUnderName(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(`${target.url}/_mail`, { headers: { host } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
  }
})

describe('bad requests', () => {
  const post = (path: string, body: string) =>
    fetch(`${target.url}/auth/v1${path}`, {
      method: 'POST',
      headers: { apikey: target.key, 'content-type': 'application/json' },
      body,
    })

  it.each([
    ['no JSON', '/signup', '{'],
    [
      'an unknown field',
      '/signup',
      JSON.stringify({ email: 'a@example.com', password: PASSWORD, role: 'service_role' }),
    ],
    ['a list', '/otp', '[]'],
    ['an unknown grant', '/token?grant_type=magic', '{}'],
    [
      'the plain PKCE method',
      '/otp',
      JSON.stringify({
        email: 'a@example.com',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'plain',
      }),
    ],
    [
      'both kinds of proof',
      '/verify',
      JSON.stringify({ type: 'email', email: 'a@example.com', token: '1', token_hash: 'x' }),
    ],
  ])('with %s are refused', async (_what, path, body) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 400,
      error_code: expect.any(String),
      msg: expect.any(String),
    })
  })

  it('over 64 KB are refused', async () => {
    expect((await post('/signup', JSON.stringify({ email: 'x'.repeat(70_000) }))).status).toBe(413)
  })

  it('to what the stand-in does not have are answered 404', async () => {
    expect((await post('/factors', '{}')).status).toBe(404)
    expect((await fetch(`${target.url}/storage/v1/bucket`, { headers: { apikey: target.key } })).status).toBe(
      404,
    )
  })
})

/** Lets time pass for some rows; `update` names a table and a condition on `$1`. */
async function letTimePass(update: string, value: string): Promise<void> {
  const { rowCount } = await database.query(`update ${update}`, [value])
  expect(rowCount).toBe(1)
}
