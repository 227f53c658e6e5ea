import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'
import { readIfPresent, writePrivateFile } from '../stack/private-file.ts'

const SigningKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
})

const SecretsSchema = z.strictObject({
  /** Passwords of the database roles, by role. */
  passwords: z.strictObject({
    supabase_admin: z.string(),
    postgres: z.string(),
    authenticator: z.string(),
    supabase_auth_admin: z.string(),
  }),
  publishableKey: z.string().startsWith('sb_publishable_'),
  secretKey: z.string().startsWith('sb_secret_'),
  signingKey: SigningKeySchema,
  /** Key of the hashes under which one-time codes and refresh tokens are derived or kept. */
  tokenKey: z.string(),
  /** 32 random bytes in base64: the app's CREDENTIAL_ENCRYPTION_KEY while it runs on the stand-in. */
  credentialEncryptionKey: z.string(),
})

export type Secrets = z.infer<typeof SecretsSchema>
export type SigningKey = z.infer<typeof SigningKeySchema>

const secretsPath = (dir: string) => join(dir, 'secrets.json')

/** The keys and passwords of this folder, made at its first start and the same ever after. */
export async function ensureSecrets(dir: string): Promise<Secrets> {
  const existing = readIfPresent(secretsPath(dir))
  if (existing !== undefined) return SecretsSchema.parse(JSON.parse(existing))
  const secrets = await makeSecrets()
  writePrivateFile(secretsPath(dir), JSON.stringify(secrets, null, 2))
  return secrets
}

async function makeSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return {
    passwords: {
      supabase_admin: randomText(),
      postgres: randomText(),
      authenticator: randomText(),
      supabase_auth_admin: randomText(),
    },
    publishableKey: `sb_publishable_${randomText()}`,
    secretKey: `sb_secret_${randomText()}`,
    signingKey: SigningKeySchema.parse({ ...(await exportJWK(privateKey)), kid: randomUUID() }),
    tokenKey: randomText(),
    credentialEncryptionKey: randomBytes(32).toString('base64'),
  }
}

/** 192 random bits, in characters that need no escaping in a URL. */
function randomText(): string {
  return randomBytes(24).toString('base64url')
}

/** The public half of the signing key, as `/.well-known/jwks.json` shows it. */
export function publicJwks(key: SigningKey) {
  const { kty, crv, x, y, kid } = key
  return { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true }] }
}
