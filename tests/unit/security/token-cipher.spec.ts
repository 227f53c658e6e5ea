import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenContext } from '#server/security/token-cipher'
import { createTokenCipher, TokenCipherError } from '#server/security/token-cipher'

const KEY = 'a key of more than thirty-two characters'
const OTHER_KEY = 'another key of more than thirty-two chars'
const ANN: TokenContext = { userId: 'ann', workspaceId: 'acme', purpose: 'access' }
const TOKEN = 'ntn_canary_0123456789'

const anyContext = fc.record({
  userId: fc.uuid(),
  workspaceId: fc.uuid(),
  purpose: fc.constantFrom('access' as const, 'refresh' as const),
})

describe('a stored token', () => {
  const cipher = createTokenCipher(KEY)

  it('comes back as it was, for its owner', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), anyContext, async (token, context) => {
        expect(await cipher.decrypt(await cipher.encrypt(token, context), context)).toBe(token)
      }),
    )
  })

  it('cannot be read in what is stored, in any spelling', async () => {
    const sealed = await cipher.encrypt(TOKEN, ANN)
    const spellings = (['utf8', 'base64', 'base64url', 'hex'] as const).map((encoding) =>
      Buffer.from(TOKEN).toString(encoding).replace(/=+$/, ''),
    )
    const stored = sealed
      .split('.')
      .flatMap((part) => [part, Buffer.from(part, 'base64url').toString('latin1')])
    for (const part of stored) for (const spelling of spellings) expect(part).not.toContain(spelling)
  })

  it('looks different each time, so equal tokens cannot be told from the table', async () => {
    const sealed = await Promise.all(Array.from({ length: 20 }, () => cipher.encrypt(TOKEN, ANN)))
    expect(new Set(sealed).size).toBe(20)
    const nonces = sealed.map((text) => text.split('.')[2])
    expect(new Set(nonces).size).toBe(20)
  })

  it('has the form that the table insists on', async () => {
    expect(await cipher.encrypt(TOKEN, ANN)).toMatch(
      /^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
    )
  })

  it('names the key it was closed with', async () => {
    const header = (await cipher.encrypt(TOKEN, ANN)).split('.')[0] ?? ''
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'dir',
      enc: 'A256GCM',
      kid: cipher.keyId,
    })
  })
})

describe('an attacker who can write to the table', () => {
  const cipher = createTokenCipher(KEY)

  it('cannot use a ciphertext for another person, another workspace or another purpose', async () => {
    await fc.assert(
      fc.asyncProperty(anyContext, anyContext, async (owner, thief) => {
        fc.pre(JSON.stringify(owner) !== JSON.stringify(thief))
        const sealed = await cipher.encrypt(TOKEN, owner)
        await expect(cipher.decrypt(sealed, thief)).rejects.toThrow(TokenCipherError)
      }),
    )
  })

  it.each<[string, Partial<TokenContext>]>([
    ['person', { userId: 'bob' }],
    ['workspace', { workspaceId: 'side' }],
    ['purpose', { purpose: 'refresh' }],
  ])('cannot swap the %s alone', async (_, change) => {
    const sealed = await cipher.encrypt(TOKEN, ANN)
    await expect(cipher.decrypt(sealed, { ...ANN, ...change })).rejects.toThrow(TokenCipherError)
  })

  it('cannot change one bit anywhere', async () => {
    const sealed = await cipher.encrypt(TOKEN, ANN)
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
    for (const [index, part] of parts.entries()) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const changed = Buffer.from(part)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const forged = parts
          .map((same, at) => (at === index ? changed : same).toString('base64url'))
          .join('.')
        await expect(cipher.decrypt(forged, ANN)).rejects.toThrow(TokenCipherError)
      }
    }
  })

  it('cannot pass off anything that was not closed with our key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        await expect(cipher.decrypt(text, ANN)).rejects.toThrow(TokenCipherError)
      }),
    )
  })

  it('cannot choose a weaker algorithm in the header', async () => {
    const [header = '', ...rest] = (await cipher.encrypt(TOKEN, ANN)).split('.')
    const honest = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, string>
    for (const change of [{ alg: 'none' }, { enc: 'A128GCM' }, { alg: 'A256KW' }, { zip: 'DEF' }]) {
      const forged = Buffer.from(JSON.stringify({ ...honest, ...change })).toString('base64url')
      await expect(cipher.decrypt([forged, ...rest].join('.'), ANN)).rejects.toThrow(TokenCipherError)
    }
  })

  it('learns nothing from the failure', async () => {
    const sealed = await createTokenCipher(OTHER_KEY).encrypt(TOKEN, ANN)
    const failure: unknown = await cipher.decrypt(sealed, ANN).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TokenCipherError)
    expect(String(failure)).toBe('TokenCipherError: No key with this id')
  })
})

describe('changing the key', () => {
  it('leaves what an old key closed readable, and closes new tokens with the new one', async () => {
    const before = createTokenCipher(KEY)
    const after = createTokenCipher(OTHER_KEY, [KEY])
    const old = await before.encrypt(TOKEN, ANN)
    expect(await after.decrypt(old, ANN)).toBe(TOKEN)
    expect(after.keyId).not.toBe(before.keyId)
    await expect(before.decrypt(await after.encrypt(TOKEN, ANN), ANN)).rejects.toThrow(TokenCipherError)
  })

  it('makes tokens of a forgotten key unreadable, not wrong', async () => {
    const old = await createTokenCipher(KEY).encrypt(TOKEN, ANN)
    await expect(createTokenCipher(OTHER_KEY).decrypt(old, ANN)).rejects.toThrow('No key with this id')
  })
})

describe('the fingerprint of a token', () => {
  const cipher = createTokenCipher(KEY)

  it('is the same for the same token and person, and for nothing else', () => {
    expect(cipher.fingerprint(TOKEN, 'ann')).toBe(cipher.fingerprint(TOKEN, 'ann'))
    expect(cipher.fingerprint(TOKEN, 'ann')).not.toBe(cipher.fingerprint(TOKEN, 'bob'))
    expect(cipher.fingerprint(TOKEN, 'ann')).not.toBe(cipher.fingerprint(`${TOKEN}0`, 'ann'))
  })

  it('cannot be computed without the key', () => {
    expect(cipher.fingerprint(TOKEN, 'ann')).not.toBe(createTokenCipher(OTHER_KEY).fingerprint(TOKEN, 'ann'))
  })
})
