import { isInvalidCursor, NotionError, toNotionError } from './errors'

/** The most Notion gives in one reply (notion-api.md §8). */
export const PAGE_SIZE = 100

/** How often a list is begun again when Notion forgets its own cursor half-way. */
const MAX_RESTARTS = 3

interface ListReply<Item> {
  results: Item[]
  next_cursor: string | null
  has_more: boolean
  request_status?: { type: 'complete' | 'incomplete' }
}

export interface ReadListOptions {
  /** Stop after so many items. */
  limit?: number
  signal?: AbortSignal | undefined
  /** Called before each request. */
  onRequest?: () => void
}

export interface ListReading<Item> {
  items: Item[]
  requests: number
  /** `limit`: there is more than was asked for. `lost`: Notion stopped giving the rest although there is more. */
  ended: 'complete' | 'limit' | 'lost'
}

/**
 * Reads a list to its end, each item once. The SDK's own iterator is not used here because it hides what decides
 * whether a reading is complete: `has_more` without a cursor, `request_status`, and refused cursors, after which
 * the list is read again from its start (notion-api.md §3).
 * @throws NotionError
 */
export async function readList<Item extends { id: string }>(
  list: (cursor: string | undefined) => Promise<ListReply<Item>>,
  options: ReadListOptions = {},
): Promise<ListReading<Item>> {
  const known = new Map<string, Item>()
  let requests = 0
  const counted = (cursor: string | undefined) => {
    if (options.signal?.aborted) throw new NotionError('aborted')
    requests += 1
    options.onRequest?.()
    return list(cursor)
  }
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts += 1) {
    const pass = new Map<string, Item>()
    try {
      const ended = await readOnce(counted, pass, options.limit ?? Number.POSITIVE_INFINITY)
      return { items: [...pass.values()], requests, ended }
    } catch (cause) {
      if (!isInvalidCursor(cause)) throw toNotionError(cause)
      for (const [id, item] of pass) known.set(id, item)
    }
  }
  return { items: [...known.values()], requests, ended: 'lost' }
}

async function readOnce<Item extends { id: string }>(
  list: (cursor: string | undefined) => Promise<ListReply<Item>>,
  into: Map<string, Item>,
  limit: number,
): Promise<ListReading<Item>['ended']> {
  const cursors = new Set<string>()
  let cursor: string | undefined
  for (;;) {
    const reply = await list(cursor)
    assertItems(reply.results)
    for (const item of reply.results) {
      if (into.size >= limit && !into.has(item.id)) return 'limit'
      into.set(item.id, item)
    }
    if (reply.request_status?.type === 'incomplete') return 'lost'
    if (!reply.has_more) return 'complete'
    if (into.size >= limit) return 'limit'
    const next = reply.next_cursor
    // More, but no way on, or a way in a circle.
    if (!next || cursors.has(next)) return 'lost'
    cursors.add(next)
    cursor = next
  }
}

function assertItems(results: unknown): asserts results is { id: string }[] {
  const isItem = (value: unknown) =>
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  if (!Array.isArray(results) || !results.every(isItem)) throw new NotionError('invalid_reply')
}
