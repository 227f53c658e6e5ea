import { verifyWebhookSignature } from '@notionhq/client'
import type { AppContext } from '#server/context'
import { recordChangeNotice } from '#server/db/webhooks'
import { isOnThisMachine } from '#server/environment'
import { AppError } from '#server/errors/app-error'
import { HandshakeSchema, readEvent } from './event'
import { createRefresher } from './refresher'
import { findVerificationToken, isSameToken, keepVerificationToken } from './verification-token'

/** An event is ids; the longest lists thousands of blocks. */
export const WEBHOOK_MAX_BYTES = 512 * 1_024
/** A handshake is one short field, and the only thing that is looked at unsigned. */
const HANDSHAKE_MAX_BYTES = 1_024

export type WebhookOutcome = 'armed' | 'queued' | 'nothing_to_read' | 'ignored'

/** What taking a delivery needs. */
export type WebhookContext = Pick<AppContext, 'db' | 'sql' | 'cipher' | 'sendJob' | 'log'> & {
  environment: Pick<AppContext['environment'], 'NOTION_WEBHOOK_VERIFICATION_TOKEN' | 'NOTION_API_URL'>
}

const refreshers = new WeakMap<WebhookContext, (connectionId: number) => Promise<void>>()

/**
 * Takes one delivery of Notion's: the handshake, or a signed event. The signature is checked over the bytes
 * as they came, before anything of an event is looked at. Anybody could send a handshake, so one is taken only while
 * an operator waits for it (`npm run webhook-token -- --arm`); from the stand-in on this machine, at any time.
 *
 * @throws {AppError} WEBHOOK_NOT_READY before a token is known; WEBHOOK_SIGNATURE_INVALID; both make Notion
 *   try again later
 */
export async function receiveWebhook(
  context: WebhookContext,
  delivery: { body: Buffer; signature: string | undefined },
): Promise<WebhookOutcome> {
  const token = await findVerificationToken(context)
  if (token !== null && (await isSigned(delivery, token))) return takeEvent(context, delivery.body)
  const offered = readHandshake(delivery.body)
  // The same token may come twice: Notion's form has a button for it.
  if (offered !== null && token !== null && isSameToken(offered, token)) return 'armed'
  if (token !== null) throw new AppError('WEBHOOK_SIGNATURE_INVALID')
  const needsArming = !isOnThisMachine(context.environment.NOTION_API_URL)
  if (offered === null || !(await keepVerificationToken(context, offered, { needsArming }))) {
    throw new AppError('WEBHOOK_NOT_READY')
  }
  context.log.info({ event: 'webhook.armed' })
  return 'armed'
}

async function isSigned(
  { body, signature }: { body: Buffer; signature: string | undefined },
  verificationToken: string,
): Promise<boolean> {
  return verifyWebhookSignature({ body, signature: signature ?? null, verificationToken })
}

function readHandshake(body: Buffer): string | null {
  if (body.length > HANDSHAKE_MAX_BYTES) return null
  try {
    const parsed = HandshakeSchema.safeParse(JSON.parse(body.toString('utf8')))
    return parsed.success ? parsed.data.verification_token : null
  } catch {
    return null
  }
}

async function takeEvent(context: WebhookContext, body: Buffer): Promise<WebhookOutcome> {
  const read = readEvent(body.toString('utf8'))
  if (read.outcome !== 'notice') {
    // Signed, so Notion's own: sending it again would not make it readable.
    if (read.outcome === 'unreadable') context.log.warn({ event: 'webhook.unreadable' })
    return 'ignored'
  }
  const connections = await recordChangeNotice(context.sql, read.notice)
  const refresh = refresherOf(context)
  for (const connectionId of connections) await refresh(connectionId)
  return connections.length > 0 ? 'queued' : 'nothing_to_read'
}

function refresherOf(context: WebhookContext): (connectionId: number) => Promise<void> {
  const known = refreshers.get(context)
  if (known) return known
  const made = createRefresher(context)
  refreshers.set(context, made)
  return made
}
