import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'
import { signUp } from '../support/people.ts'

interface Raw {
  status: number | undefined
  encoding: string | undefined
  vary: string | undefined
  body: Buffer
}

/** As it came over the wire: fetch would unpack it. */
function getRaw(path: string, headers: Record<string, string>): Promise<Raw> {
  return new Promise((resolve, reject) => {
    request(new URL(path, inject('appUrl')), { headers: { accept: 'text/html', ...headers } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          encoding: answer.headers['content-encoding'],
          vary: answer.headers.vary,
          body: Buffer.concat(chunks),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('a page', () => {
  it('comes compressed as the browser accepts, and whole', async () => {
    const plain = await getRaw('/privacy', {})
    const small = await getRaw('/privacy', { 'accept-encoding': 'gzip, deflate, br' })
    const old = await getRaw('/privacy', { 'accept-encoding': 'gzip' })
    expect([plain.encoding, small.encoding, old.encoding]).toEqual([undefined, 'br', 'gzip'])
    for (const { vary } of [plain, small, old]) expect(vary).toContain('accept-encoding')
    expect(brotliDecompressSync(small.body).toString()).toContain('</html>')
    expect(gunzipSync(old.body).toString()).toContain('</html>')
    expect(small.body.length).toBeLessThan(plain.body.length / 2)
  })

  it('lets its style sheet go before the modules that it fetches ahead', async () => {
    const page = (await getRaw('/privacy', {})).body.toString()
    const links = page.match(/<link [^>]*>/g) ?? []
    const modules = links.filter((link) => link.includes('rel="modulepreload"'))
    expect(modules.length).toBeGreaterThan(0)
    for (const link of modules) expect(link).toContain('fetchpriority="low"')
    for (const link of links.filter((one) => one.includes('rel="stylesheet"')))
      expect(link).not.toContain('fetchpriority')
  })

  it('that does not exist says so in words', async () => {
    const { browser } = await signUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await getRaw('/no-such-page', { cookie, 'accept-encoding': 'gzip, deflate, br' })
    expect(answer.status).toBe(404)
    expect(answer.encoding).toBeUndefined()
    expect(answer.body.toString()).toContain('</html>')
  })
})
