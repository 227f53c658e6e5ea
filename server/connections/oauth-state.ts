import { createHash, randomBytes } from 'node:crypto'

const STATE_BYTES = 32

/** 256 random bits as they travel in a URL or cookie. */
export function createSecret(): string {
  return randomBytes(STATE_BYTES).toString('base64url')
}

/** What is stored of a state or browser binding: reading the table gives nobody a usable one. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Does it look like one of ours? Anything else is refused before the database is asked. */
export function isSecret(value: string | undefined): value is string {
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value)
}
