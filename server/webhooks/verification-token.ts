import { timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader } from 'jose'
import type { AppContext } from '#server/context'
import {
  armWebhooks,
  findSealedWebhookToken,
  forgetWebhookToken,
  replaceWebhookToken,
  storeWebhookToken,
} from '#server/db/webhooks'
import type { TokenCipher, TokenContext } from '#server/security/token-cipher'

type Vault = Pick<AppContext, 'sql' | 'cipher'>

/** No user has this id, so no other ciphertext can be put in its place. */
const CONTEXT: TokenContext = { userId: 'installation', workspaceId: 'webhooks', purpose: 'access' }

/**
 * The key that Notion signs its webhooks with: the setting, or what its handshake brought.
 *
 * @throws {TokenCipherError} when no key of ours opens what is stored
 */
export async function findVerificationToken(
  context: Vault & { environment: Pick<AppContext['environment'], 'NOTION_WEBHOOK_VERIFICATION_TOKEN'> },
): Promise<string | null> {
  return context.environment.NOTION_WEBHOOK_VERIFICATION_TOKEN ?? (await openStoredToken(context))
}

/** What a handshake brought, if there was one. @throws {TokenCipherError} */
export async function openStoredToken({ sql, cipher }: Vault): Promise<string | null> {
  const sealed = await findSealedWebhookToken(sql)
  if (sealed === null) return null
  const token = await cipher.decrypt(sealed, CONTEXT)
  if (!isUnderCurrentKey(sealed, cipher)) {
    await replaceWebhookToken(sql, sealed, await cipher.encrypt(token, CONTEXT))
  }
  return token
}

/**
 * Keeps a handshake's token, encrypted. The first one wins.
 *
 * @returns false when there is one already, or nobody waits for it
 */
export async function keepVerificationToken(
  { sql, cipher }: Vault,
  token: string,
  options: { needsArming: boolean },
): Promise<boolean> {
  return storeWebhookToken(sql, await cipher.encrypt(token, CONTEXT), options)
}

/** Long enough to fill in Notion's form. */
export const ARMED_MINUTES = 15

/** Takes the next handshake, if it comes within ARMED_MINUTES. @returns false when there is a token already */
export function awaitHandshake({ sql }: Pick<Vault, 'sql'>): Promise<boolean> {
  return armWebhooks(sql, ARMED_MINUTES)
}

/** Makes room for another token. @returns whether there was anything to forget */
export function forgetVerificationToken({ sql }: Pick<Vault, 'sql'>): Promise<boolean> {
  return forgetWebhookToken(sql)
}

/** Compares without telling by its duration how much is right. */
export function isSameToken(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function isUnderCurrentKey(sealed: string, { keyId }: TokenCipher): boolean {
  return decodeProtectedHeader(sealed).kid === keyId
}
