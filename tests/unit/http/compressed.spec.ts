import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compress } from '#server/utils/compressed'

const TEXT = JSON.stringify(Array.from({ length: 500 }, (_, index) => `To-do ${index} – größer`))

describe('compress', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['BR;q=0.5', 'br'],
    ['br;q=0, gzip;q=1.0', 'gzip'],
    ['br;q=0.000, gzip; q=0', null],
    ['identity', null],
    ['', null],
    [undefined, null],
  ] as const)('for %s it is %s', async (accepted, expected) => {
    const { body, encoding } = await compress(TEXT, accepted)
    expect(encoding).toBe(expected)
    const read = { br: brotliDecompressSync, gzip: gunzipSync }
    expect((encoding ? read[encoding](body) : body).toString()).toBe(TEXT)
    if (encoding) expect(body.length).toBeLessThan(TEXT.length / 3)
  })

  it('leaves alone what is short', async () => {
    const { body, encoding } = await compress('{}', 'br')
    expect([encoding, body.toString()]).toEqual([null, '{}'])
  })
})
