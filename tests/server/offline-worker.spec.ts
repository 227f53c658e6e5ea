import { createHash } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { signUp } from '../support/people.ts'

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, inject('appUrl')), { headers })

describe('/sw.js', () => {
  it('is asked for anew each time, and may speak to nobody else', async () => {
    const answer = await get('/sw.js')
    expect(answer.headers.get('content-type')).toContain('javascript')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; connect-src 'self'")
  })

  it('names files that are there, each with what is in it', async () => {
    const code = await (await get('/sw.js')).text()
    const files = [...code.matchAll(/\["(\/[^"]+)","sha256-([^"]+)"\]/g)]
    expect(files.length).toBeGreaterThan(20)
    for (const [, path = '', hash] of files) {
      const bytes = Buffer.from(await (await get(path)).arrayBuffer())
      expect(createHash('sha256').update(bytes).digest('base64'), path).toBe(hash)
    }
    const messages = [...code.matchAll(/"(\/_i18n\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(messages).toHaveLength(2)
    for (const path of messages) {
      const locale = path.split('/')[3] ?? ''
      expect(await (await get(path)).json()).toHaveProperty([locale, 'offline'])
    }
  })
})

describe('the page that opens without a network', () => {
  it('is the same for everybody but for its nonce, and has a policy of its own', async () => {
    const { browser, email } = await signUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const [own, anybodys] = await Promise.all([get('/offline-shell', { cookie }), get('/offline-shell')])
    const policy = anybodys.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'strict-dynamic' 'nonce-")
    expect(policy).toContain("worker-src 'self'")
    expect(policy).not.toContain('unsafe')
    const text = await own.text()
    expect(text).not.toContain(email)
    const withoutNonce = (html: string) => html.replaceAll(/nonce="[^"]*"/g, '')
    expect(withoutNonce(text)).toBe(withoutNonce(await anybodys.text()))
  })
})
