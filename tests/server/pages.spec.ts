import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, inject, it } from 'vitest'
import { signUp } from '../support/people.ts'

interface Raw {
  status: number | undefined
  encoding: string | undefined
  vary: string | undefined
  link: string
  cookies: string[]
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
          link: [answer.headers.link].flat().join(', '),
          cookies: answer.headers['set-cookie'] ?? [],
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

  it('has its modules put aside until it has been drawn, each under its hash', async () => {
    const page = (await getRaw('/privacy', {})).body.toString()
    const [aside = ''] = /<template id="modules">.*?<\/template>/s.exec(page) ?? []
    const modules = /<link [^>]*rel="modulepreload"|<script [^>]*type="module"/g
    expect(aside.match(modules)?.length).toBeGreaterThan(1)
    expect(page.replace(aside, '').match(modules)).toBeNull()
    for (const tag of aside.match(/<(?:link|script) [^>]*>/g) ?? [])
      expect(tag).toMatch(/ integrity="sha384-|rel="prefetch"/)
  })

  it('names its style sheet before anything else, and keeps no script waiting for it', async () => {
    const { link, body } = await getRaw('/privacy', {})
    const [head = ''] = body.toString().split('</head>')
    const [, tag = '', address = '', after = ''] =
      /(<link (?=[^>]*rel=stylesheet)[^>]*href="([^"]+)"[^>]*>)(.*)/s.exec(head) ?? []
    expect(link).toBe(`<${address}>; rel=preload; as=style; crossorigin`)
    expect(tag).toContain(' crossorigin')
    expect(after).not.toContain('<script')
  })

  it.each(['%E0', 'de; roundup_locale=%E0', '%E0; roundup_locale=de', '%'])(
    'comes although a language cannot be read, and forgets it: %s',
    async (value) => {
      const cookie = `other=1; roundup_locale=${value}`
      const headers = { cookie, 'accept-language': 'de', 'x-forwarded-host': 'todo.example.org' }
      const answer = await getRaw('/privacy', headers)
      expect(answer.status).toBe(200)
      expect(answer.body.toString()).toMatch(/<html[^>]* lang="de"/)
      const set = answer.cookies.filter((one) => one.startsWith('roundup_locale='))
      const deleted = set.filter((one) => one.startsWith('roundup_locale=;'))
      const domains = deleted.map((one) => /Domain=([^;]*)/.exec(one)?.[1])
      expect(domains).toEqual(['todo.example.org', 'example.org'])
      // Our own is put right, unless it was.
      expect(set.filter((one) => !one.includes('Domain=')).length).toBe(value.includes('de') ? 0 : 1)
    },
  )

  it('that does not exist says so in words', async () => {
    const { browser } = await signUp()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await getRaw('/no-such-page', { cookie, 'accept-encoding': 'gzip, deflate, br' })
    expect(answer.status).toBe(404)
    expect(answer.encoding).toBeUndefined()
    expect(answer.body.toString()).toContain('</html>')
  })
})
