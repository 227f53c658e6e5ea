import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

const CODE_DIGITS = 6

/** The hash under which a long random credential is kept. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A keyed hash, for credentials short enough to be guessed from a plain one. */
export function keyedHash(key: string, ...parts: string[]): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest()
}

/** Compares two secrets in a time that tells nothing about where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** 256 random bits as text. */
export function randomToken(): string {
  return randomBytes(32).toString('hex')
}

/** The code a person types from a mail: six digits, every one equally likely. */
export function randomCode(): string {
  return String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
}
