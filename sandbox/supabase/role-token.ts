import { importJWK, SignJWT } from 'jose'
import type { SigningKey } from './secrets.ts'

const LIFETIME_SECONDS = 300
const RENEW_BEFORE_MS = 60_000

export type ApiRole = 'anon' | 'service_role'

/**
 * Signs the short-lived tokens under which PostgREST serves requests that carry an API key and no user.
 * They never leave this machine's loopback connection to PostgREST.
 */
export function createRoleTokens(key: SigningKey): (role: ApiRole) => Promise<string> {
  const made = new Map<ApiRole, { token: string; renewAt: number }>()
  return async (role) => {
    const known = made.get(role)
    if (known !== undefined && known.renewAt > Date.now()) return known.token
    const token = await new SignJWT({ role })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
      .setIssuer('supabase')
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .sign(await importJWK(key, 'ES256'))
    made.set(role, { token, renewAt: Date.now() + LIFETIME_SECONDS * 1000 - RENEW_BEFORE_MS })
    return token
  }
}
