import { importJWK, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { SigningKey } from '../secrets.ts'
import { AuthError } from './auth-error.ts'
import type { UserRow } from './users.ts'

/** As hosted by default. */
export const ACCESS_TOKEN_SECONDS = 3600

const ClaimsSchema = z.object({ sub: z.uuid(), session_id: z.uuid(), role: z.string() })

export type AccessClaims = z.infer<typeof ClaimsSchema>

export interface TokenSubject {
  user: UserRow
  sessionId: string
  aal: string
  amr: { method: string; timestamp: number }[]
}

/** Signs the token a person acts with for the next hour, with the claims of a hosted project. */
export async function signAccessToken(
  { user, sessionId, aal, amr }: TokenSubject,
  { key, issuer, now }: { key: SigningKey; issuer: string; now: number },
): Promise<string> {
  return new SignJWT({
    email: user.email ?? '',
    phone: user.phone ?? '',
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    role: user.role,
    aal,
    amr,
    session_id: sessionId,
    is_anonymous: user.is_anonymous,
  })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(user.id)
    .setAudience('authenticated')
    .setIssuedAt(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .sign(await importJWK(key, 'ES256'))
}

/**
 * Checks signature, algorithm, audience and expiry of an access token. Whether its session still lives is
 * for the caller to ask.
 * @throws AuthError 403 `bad_jwt`
 */
export async function verifyAccessToken(token: string, key: SigningKey): Promise<AccessClaims> {
  try {
    const publicKey = await importJWK({ kty: key.kty, crv: key.crv, x: key.x, y: key.y }, 'ES256')
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ['ES256'],
      audience: 'authenticated',
    })
    return ClaimsSchema.parse(payload)
  } catch {
    throw new AuthError(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature')
  }
}
