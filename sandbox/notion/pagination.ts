import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { invalidCursor } from './errors.ts'

export const MAX_PAGE_SIZE = 100
/** Cursors belong to a session: old ones are forgotten rather than kept for ever. */
const CURSORS_KEPT = 20_000

const pageSizeMessage = `should be a whole number from 1 to ${MAX_PAGE_SIZE}`
const pageSize = z.int(pageSizeMessage).min(1, pageSizeMessage).max(MAX_PAGE_SIZE, pageSizeMessage)

/** `page_size` and `start_cursor` of a POST body. */
export const bodyPaging = {
  page_size: pageSize.optional(),
  start_cursor: z.string().nullish(),
}

/** `page_size` and `start_cursor` of a query string. */
export const queryPaging = {
  page_size: z.string().regex(/^\d+$/, pageSizeMessage).transform(Number).pipe(pageSize).optional(),
  start_cursor: z.string().optional(),
}

export interface Paging {
  page_size?: number | undefined
  start_cursor?: string | null | undefined
}

interface Position {
  scope: string
  nextId: string
  offset: number
}

export interface Slice<T> {
  results: T[]
  next_cursor: string | null
  has_more: boolean
}

/** Opaque cursors, each good only for the same bot and the same question. */
export class Cursors {
  #positions = new Map<string, Position>()

  /**
   * Cuts one page out of a list. The cursor remembers the item that comes next, so a list that changes between
   * two requests is continued where it was left.
   * @param scope who asks what: a cursor from another scope is refused
   * @throws NotionApiError validation_error for an unknown or foreign cursor
   */
  slice<T>(items: T[], idOf: (item: T) => string, paging: Paging, scope: string): Slice<T> {
    const start = this.#startOf(items, idOf, paging.start_cursor, scope)
    const end = start + (paging.page_size ?? MAX_PAGE_SIZE)
    const next = items[end]
    return {
      results: items.slice(start, end),
      next_cursor: next === undefined ? null : this.#remember({ scope, nextId: idOf(next), offset: end }),
      has_more: next !== undefined,
    }
  }

  #startOf<T>(
    items: T[],
    idOf: (item: T) => string,
    cursor: string | null | undefined,
    scope: string,
  ): number {
    if (cursor === null || cursor === undefined) return 0
    const position = this.#positions.get(cursor)
    if (position?.scope !== scope) throw invalidCursor()
    const expected = items[position.offset]
    if (expected !== undefined && idOf(expected) === position.nextId) return position.offset
    const moved = items.findIndex((item) => idOf(item) === position.nextId)
    return moved >= 0 ? moved : position.offset
  }

  #remember(position: Position): string {
    const cursor = randomBytes(18).toString('base64url')
    this.#positions.set(cursor, position)
    const oldest = this.#positions.keys().next()
    if (this.#positions.size > CURSORS_KEPT && !oldest.done) this.#positions.delete(oldest.value)
    return cursor
  }

  /** Forgets every cursor, as Notion may do in the middle of a walk. */
  clear(): void {
    this.#positions.clear()
  }
}
