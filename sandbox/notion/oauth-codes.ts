import { randomBytes } from 'node:crypto'

/** Codes are meant to be exchanged at once (RFC 6749 §4.1.2 recommends ten minutes at most). */
export const CODE_LIFETIME_MS = 10 * 60_000

export interface Grant {
  redirectUri: string
  workspaceId: string
  userId: string
  rootIds: string[]
}

/** Authorization codes: each good once, for ten minutes, for one redirect address. */
export class OAuthCodes {
  #grants = new Map<string, Grant & { expiresAt: number }>()

  issue(grant: Grant, now: number): string {
    const code = randomBytes(24).toString('base64url')
    this.#grants.set(code, { ...grant, expiresAt: now + CODE_LIFETIME_MS })
    return code
  }

  /** What was granted, once; undefined for an unknown, used, expired or differently addressed code. */
  redeem(code: string, redirectUri: string, now: number): Grant | undefined {
    const grant = this.#grants.get(code)
    this.#grants.delete(code)
    return grant && grant.expiresAt > now && grant.redirectUri === redirectUri ? grant : undefined
  }

  clear(): void {
    this.#grants.clear()
  }
}
