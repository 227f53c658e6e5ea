import { createHmac, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { z } from 'zod'

const KEY_BYTES = 32

/** What a ciphertext belongs to. Decrypting for any other owner or purpose fails. */
export interface TokenContext {
  userId: string
  workspaceId: string
  purpose: 'access' | 'refresh'
}

/** The ciphertext cannot be opened: wrong key, changed bytes, or it belongs to somebody else. */
export class TokenCipherError extends Error {
  override readonly name = 'TokenCipherError'
}

export interface TokenCipher {
  /** Id of the key that {@link TokenCipher.encrypt} uses. */
  readonly keyId: string
  /** Ids of all keys that {@link TokenCipher.decrypt} has, the current one included. */
  readonly keyIds: ReadonlySet<string>
  /** @returns a compact JWE (RFC 7516): direct A256GCM, random nonce, key id and context in its header */
  encrypt(token: string, context: TokenContext): Promise<string>
  /** @throws {TokenCipherError} */
  decrypt(ciphertext: string, context: TokenContext): Promise<string>
  /**
   * A keyed hash that stands in for the token where equality matters: ciphertexts of one token differ.
   * The owner is part of it, so two people who paste one token never meet in one row.
   */
  fingerprint(token: string, userId: string): string
}

interface Key {
  id: string
  encryption: Uint8Array
  fingerprint: Uint8Array
}

const HeaderSchema = z.object({
  alg: z.literal('dir'),
  enc: z.literal('A256GCM'),
  kid: z.string(),
  ctx: z.string(),
})

/**
 * Makes the one thing that can open stored tokens.
 *
 * @param key the current key, at least 32 characters; separate keys are derived from it (RFC 5869)
 * @param oldKeys keys of earlier days: they still open what they closed
 */
export function createTokenCipher(key: string, oldKeys: readonly string[] = []): TokenCipher {
  const current = deriveKey(key)
  const keys = new Map([...oldKeys.map(deriveKey), current].map((candidate) => [candidate.id, candidate]))

  return {
    keyId: current.id,
    keyIds: new Set(keys.keys()),
    async encrypt(token, context) {
      return new CompactEncrypt(new TextEncoder().encode(token))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current.id, ctx: contextLabel(context) })
        .encrypt(current.encryption)
    },
    async decrypt(ciphertext, context) {
      try {
        const opened = await compactDecrypt(
          ciphertext,
          (header) => {
            const found = keys.get(HeaderSchema.parse(header).kid)
            if (!found) throw new TokenCipherError('No key with this id')
            return found.encryption
          },
          { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
        )
        if (HeaderSchema.parse(opened.protectedHeader).ctx !== contextLabel(context)) {
          throw new TokenCipherError('The ciphertext belongs to another owner')
        }
        return new TextDecoder().decode(opened.plaintext)
      } catch (cause) {
        if (cause instanceof TokenCipherError) throw cause
        throw new TokenCipherError('The ciphertext cannot be opened')
      }
    },
    fingerprint(token, userId) {
      return createHmac('sha256', current.fingerprint).update(`${userId}\n${token}`).digest('base64url')
    },
  }
}

function contextLabel(context: TokenContext): string {
  return `${context.userId}/${context.workspaceId}/${context.purpose}`
}

function deriveKey(secret: string): Key {
  const derive = (purpose: string, bytes: number) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `roundup/${purpose}/v1`, bytes))
  return {
    id: Buffer.from(derive('key-id', 6)).toString('base64url'),
    encryption: derive('token-encryption', KEY_BYTES),
    fingerprint: derive('token-fingerprint', KEY_BYTES),
  }
}
