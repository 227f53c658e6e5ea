import { timingSafeEqual } from 'node:crypto'
import { keyedHash } from './hashing.ts'

const ID_BYTES = 16
const COUNTER_BYTES = 4
const SIGNATURE_BYTES = 32

/**
 * A refresh token is the session's id, the number of its rotation, and a signature over both. Nothing of it
 * is stored: whoever reads the database cannot make one without this folder's own key.
 */
export interface RefreshToken {
  sessionId: string
  counter: number
}

export function encodeRefreshToken(token: RefreshToken, key: string, sessionKey: string): string {
  return Buffer.concat([encodePayload(token), sign(token, key, sessionKey)]).toString('base64url')
}

/** What a token claims, not yet proven; undefined when it is no refresh token at all. */
export function decodeRefreshToken(text: string): RefreshToken | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== ID_BYTES + COUNTER_BYTES + SIGNATURE_BYTES) return undefined
  const hex = bytes.toString('hex', 0, ID_BYTES)
  const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { sessionId, counter: bytes.readUInt32BE(ID_BYTES) }
}

/** True when the token's signature was made here for this session. */
export function isGenuine(text: string, token: RefreshToken, key: string, sessionKey: string): boolean {
  const signature = Buffer.from(text, 'base64url').subarray(ID_BYTES + COUNTER_BYTES)
  return timingSafeEqual(signature, sign(token, key, sessionKey))
}

function encodePayload({ sessionId, counter }: RefreshToken): Buffer {
  const payload = Buffer.alloc(ID_BYTES + COUNTER_BYTES)
  payload.write(sessionId.replaceAll('-', ''), 'hex')
  payload.writeUInt32BE(counter, ID_BYTES)
  return payload
}

function sign({ sessionId, counter }: RefreshToken, key: string, sessionKey: string): Buffer {
  return keyedHash(key, 'refresh', sessionKey, sessionId, String(counter))
}
