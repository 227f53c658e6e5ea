import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { signWebhookPayload } from '@notionhq/client'
import { z } from 'zod'
import { validationError } from './errors.ts'
import { freshId } from './ids.ts'

/** What happened to one object, as an event tells it. */
export interface ChangeEvent {
  type: string
  workspaceId: string
  workspaceName: string
  entity: { id: string; type: 'page' | 'database' | 'data_source' }
  authors: { id: string; type: 'person' | 'bot' }[]
  accessibleBy: { id: string; type: 'bot' }[]
  data: {
    parent: { id: string; type: string; data_source_id?: string }
    updated_blocks?: { id: string; type: string }[]
    updated_properties?: string[]
  }
}

interface Subscription {
  id: string
  url: string
  token: string
  isActive: boolean
}

export interface DeliveryEntry {
  event_id: string
  type: string
  attempt: number
  /** Null when nobody answered. */
  status: number | null
}

/** Control of webhooks: what Notion has a form for, and what only a test wants. */
export const WebhookOrderSchema = z.discriminatedUnion('op', [
  /** Sends the handshake; answers before it was taken. */
  z.strictObject({ op: z.literal('subscribe'), url: z.url() }),
  /** What a person does with the token in Notion's form. */
  z.strictObject({ op: z.literal('verify'), token: z.string() }),
  z.strictObject({ op: z.literal('unsubscribe') }),
  z.strictObject({
    op: z.literal('settings'),
    /** Events of one object and type within this time become one. 0: none do. */
    aggregate_ms: z.int().min(0).optional(),
    /** Nothing is delivered until `flush`. */
    hold: z.boolean().optional(),
    /** The pause after the first failed attempt; it doubles. */
    retry_ms: z.int().min(1).optional(),
  }),
  z.strictObject({
    op: z.literal('flush'),
    /** Last event first. */
    reverse: z.boolean().optional(),
    /** Each event is sent so many times more. */
    duplicates: z.int().min(0).max(1_000).optional(),
  }),
  z.strictObject({ op: z.literal('deliveries') }),
])
export type WebhookOrder = z.infer<typeof WebhookOrderSchema>

const MAX_ATTEMPTS = 8
const API_VERSION = '2026-03-11'

interface Held {
  key: string
  event: ChangeEvent
  id: string
  timestamp: string
}

/** Subscriptions of the OAuth client and the deliveries to them (notion-api.md §9). */
export class Webhooks {
  readonly #integrationId: string
  #subscription: Subscription | undefined
  #held: Held[] = []
  #settings = { aggregateMs: 0, hold: false, retryMs: 250 }
  #deliveries: DeliveryEntry[] = []
  #stopping = new AbortController()

  constructor(integrationId: string) {
    this.#integrationId = integrationId
  }

  /** @throws NotionApiError validation_error for a token that is not the subscription's */
  async order(order: WebhookOrder): Promise<object> {
    switch (order.op) {
      case 'subscribe':
        return this.#subscribe(order.url)
      case 'verify':
        if (order.token !== this.#subscription?.token) throw validationError('This is not the token.')
        this.#subscription.isActive = true
        return { ok: true }
      case 'unsubscribe':
        this.#subscription = undefined
        return { ok: true }
      case 'settings':
        this.#settings = {
          aggregateMs: order.aggregate_ms ?? this.#settings.aggregateMs,
          hold: order.hold ?? this.#settings.hold,
          retryMs: order.retry_ms ?? this.#settings.retryMs,
        }
        return { ok: true }
      case 'flush':
        return this.#flush(order.reverse ?? false, order.duplicates ?? 0)
      case 'deliveries':
        return { deliveries: this.#deliveries }
    }
  }

  /** Tells the subscriber, now or with what else happens to the object in the next moment. */
  emit(event: ChangeEvent, now: number): void {
    if (!this.#subscription?.isActive || event.accessibleBy.length === 0) return
    const key = `${event.type}:${event.entity.id}`
    const timestamp = new Date(now).toISOString()
    const known = this.#settings.aggregateMs > 0 ? this.#held.find((held) => held.key === key) : undefined
    if (known) {
      known.event = merge(known.event, event)
      known.timestamp = timestamp
      return
    }
    const held: Held = { key, event, id: freshId(), timestamp }
    this.#held.push(held)
    if (this.#settings.hold) return
    void this.#afterAWhile(held)
  }

  /** Forgets everything, deliveries under way included. */
  clear(): void {
    this.#stopping.abort()
    this.#stopping = new AbortController()
    this.#subscription = undefined
    this.#held = []
    this.#deliveries = []
    this.#settings = { aggregateMs: 0, hold: false, retryMs: 250 }
  }

  async #subscribe(url: string): Promise<object> {
    const subscription = {
      id: freshId(),
      url,
      token: `secret_${randomBytes(24).toString('base64url')}`,
      isActive: false,
    }
    this.#subscription = subscription
    const status = await this.#post(url, JSON.stringify({ verification_token: subscription.token }))
    return { id: subscription.id, handshake_status: status }
  }

  async #afterAWhile(held: Held): Promise<void> {
    const { signal } = this.#stopping
    await wait(this.#settings.aggregateMs, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted || !this.#held.includes(held)) return
    this.#held = this.#held.filter((other) => other !== held)
    await this.#deliver(held)
  }

  async #flush(isReversed: boolean, duplicates: number): Promise<object> {
    const held = isReversed ? this.#held.toReversed() : this.#held
    this.#held = []
    for (const each of held) {
      for (let time = 0; time <= duplicates; time += 1) await this.#deliver(each)
    }
    return { delivered: held.length * (duplicates + 1) }
  }

  /** Up to eight attempts, each with a body of its own, as Notion makes them. */
  async #deliver({ event, id, timestamp }: Held): Promise<void> {
    const subscription = this.#subscription
    if (!subscription) return
    const { signal } = this.#stopping
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !signal.aborted; attempt += 1) {
      const body = JSON.stringify({
        id,
        timestamp,
        workspace_id: event.workspaceId,
        workspace_name: event.workspaceName,
        subscription_id: subscription.id,
        integration_id: this.#integrationId,
        type: event.type,
        authors: event.authors,
        accessible_by: event.accessibleBy,
        attempt_number: attempt,
        api_version: API_VERSION,
        entity: event.entity,
        data: event.data,
      })
      const signature = await signWebhookPayload({ body, verificationToken: subscription.token })
      const status = await this.#post(subscription.url, body, signature)
      this.#deliveries.push({ event_id: id, type: event.type, attempt, status })
      if (status !== null && status < 300) return
      await wait(this.#settings.retryMs * 2 ** (attempt - 1), undefined, { signal, ref: false }).catch(
        () => undefined,
      )
    }
  }

  async #post(url: string, body: string, signature?: string): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(signature !== undefined && { 'x-notion-signature': signature }),
        },
        body,
        signal: this.#stopping.signal,
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return null
    }
  }
}

function merge(earlier: ChangeEvent, later: ChangeEvent): ChangeEvent {
  const authors = [...earlier.authors, ...later.authors]
  const blocks = [...(earlier.data.updated_blocks ?? []), ...(later.data.updated_blocks ?? [])]
  const properties = [...(earlier.data.updated_properties ?? []), ...(later.data.updated_properties ?? [])]
  return {
    ...later,
    authors: authors.filter(({ id }, index) => authors.findIndex((other) => other.id === id) === index),
    data: {
      ...later.data,
      ...(blocks.length > 0 && {
        updated_blocks: blocks.filter(
          ({ id }, index) => blocks.findIndex((other) => other.id === id) === index,
        ),
      }),
      ...(properties.length > 0 && { updated_properties: [...new Set(properties)] }),
    },
  }
}
