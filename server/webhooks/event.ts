import { z } from 'zod'
import type { ChangeNotice } from '#server/db/webhooks'
import { NotionIdSchema } from '#shared/todo/notion-id'

/**
 * Notion's first message after a subscription is made (notion-api.md §9). Nothing signs it, so it has to look
 * exactly like this.
 */
export const HandshakeSchema = z.strictObject({
  verification_token: z.string().regex(/^[\x21-\x7e]{16,256}$/),
})

const ReferenceSchema = z.object({ id: NotionIdSchema, type: z.string() })

/** What we use of an event. Notion may add to it at any time, so that the rest passes unread. */
const EventSchema = z.object({
  id: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }).transform((value) => new Date(value)),
  type: z.string().min(1).max(100),
  workspace_id: NotionIdSchema,
  authors: z.array(ReferenceSchema).max(1_000).default([]),
  accessible_by: z.array(ReferenceSchema).max(10_000).optional(),
  entity: ReferenceSchema,
  data: z
    .object({
      parent: z
        .object({ id: NotionIdSchema, type: z.string(), data_source_id: NotionIdSchema.optional() })
        .optional(),
      updated_blocks: z.array(ReferenceSchema).max(10_000).optional(),
      updated_properties: z.unknown().optional(),
    })
    .default({}),
})
type NotionEvent = z.output<typeof EventSchema>

/** Events that say something about pages we may read. Comments, views, files and locks say nothing to us. */
const RELEVANT = /^(page|data_source|database)\.(?!(un)?locked$)/
/** After these the page around the page lists another set of child pages. */
const STRUCTURAL = /\.(created|moved|deleted|undeleted)$/

export type ReadEvent =
  { outcome: 'notice'; notice: ChangeNotice } | { outcome: 'irrelevant' } | { outcome: 'unreadable' }

/** Reads the body of a delivery whose signature has been found good. */
export function readEvent(body: string): ReadEvent {
  const parsed = EventSchema.safeParse(parseJson(body))
  if (!parsed.success) return { outcome: 'unreadable' }
  if (!RELEVANT.test(parsed.data.type)) return { outcome: 'irrelevant' }
  return { outcome: 'notice', notice: toNotice(parsed.data) }
}

function toNotice(event: NotionEvent): ChangeNotice {
  const { entity, data, authors } = event
  const isPage = event.type.startsWith('page.')
  const surrounding = STRUCTURAL.test(event.type) && data.parent?.type === 'page' ? [data.parent.id] : []
  const places = [
    ...(isPage ? [] : [entity.id]),
    ...(data.parent?.type === 'database' || data.parent?.type === 'data_source' ? [data.parent.id] : []),
    ...(data.parent?.data_source_id === undefined ? [] : [data.parent.data_source_id]),
  ]
  const isByBots = authors.length > 0 && authors.every(({ type }) => type === 'bot')
  return {
    id: event.id,
    type: event.type,
    occurredAt: event.timestamp,
    workspaceId: event.workspace_id,
    botIds: event.accessible_by
      ? event.accessible_by.filter(({ type }) => type === 'bot').map(({ id }) => id)
      : null,
    authorBotIds: isByBots ? authors.map(({ id }) => id) : null,
    pageIds: isPage ? [...(entity.type === 'page' ? [entity.id] : []), ...surrounding] : surrounding,
    placeIds: places,
    updatedBlockIds: changedIds(event),
  }
}

/** Without names of blocks it is the page itself that changed: a row's own box, say. */
function changedIds({ type, entity, data }: NotionEvent): string[] {
  if (type === 'page.content_updated') {
    const named = data.updated_blocks?.map(({ id }) => id) ?? []
    if (named.length > 0) return named
  }
  return [entity.id]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
