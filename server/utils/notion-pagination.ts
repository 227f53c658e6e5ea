import type {
  BlockObjectResponse,
  Client,
  FullDataSourceQueryArgs,
  PageObjectResponse,
  PartialBlockObjectResponse,
} from '@notionhq/client'
import { isFullPage, iterateAllDataSourceRows } from '@notionhq/client'
import { containersOf } from '#server/notion/block'
import type { BlockTree, ReadTreeOptions } from '#server/notion/block-tree'
import { readBlockTree } from '#server/notion/block-tree'
import { isInvalidCursor, NotionError, toNotionError } from '#server/notion/errors'
import { PAGE_SIZE } from '#server/notion/pagination'
import { isReadablePage } from '#server/notion/rows'

export interface FetchPagesOptions {
  /** Stop after so many pages. */
  limit?: number
  /** Ids of the properties to answer; all without it. */
  filterProperties?: string[]
  /** Only rows edited since, an ISO instant. Notion rounds edit times to the minute: give it some overlap. */
  editedOnOrAfter?: string
  signal?: AbortSignal
  /** Called with each hundred pages as they arrive; the next ones wait for it. Then none are kept for the answer. */
  onBatch?: (pages: PageObjectResponse[]) => void | Promise<void>
}

export interface DatabasePages {
  pages: PageObjectResponse[]
  /** There are more pages than were asked for, or than Notion gave. */
  wasLimited: boolean
  incompleteReason?: 'limit' | 'cursor' | 'same_minute' | 'partial_rows'
}

const MAX_RESTARTS = 3
/** Below this, asking for less at a time no longer helps. */
const SMALLEST_PAGE_SIZE = 10

/**
 * All rows of a data source, each once, past the 10,000 that one query gives.
 * @throws NotionError
 */
export async function fetchAllDatabasePages(
  client: Client,
  dataSourceId: string,
  options: FetchPagesOptions = {},
): Promise<DatabasePages> {
  const { limit = Number.POSITIVE_INFINITY, onBatch, signal } = options
  const seen = new Set<string>()
  const pages: PageObjectResponse[] = []
  let partial = false
  const handOn = async () => {
    if (onBatch && pages.length > 0) await onBatch(pages.splice(0))
  }

  async function readOnce(pageSize: number): Promise<DatabasePages['incompleteReason']> {
    for await (const row of rowsOf(client, rowQuery(dataSourceId, pageSize, options))) {
      if (signal?.aborted) throw new NotionError('aborted')
      // A wiki lists child data sources among its rows; they are databases of their own.
      if (row.object !== 'page' || seen.has(row.id)) continue
      if (!isFullPage(row) || !isReadablePage(row)) {
        partial = true
        continue
      }
      if (seen.size >= limit) return 'limit'
      seen.add(row.id)
      pages.push(row)
      if (pages.length >= PAGE_SIZE) await handOn()
    }
    return partial ? 'partial_rows' : undefined
  }

  const reason = await withRestarts(readOnce)
  await handOn()
  return {
    pages,
    wasLimited: reason !== undefined,
    ...(reason === undefined ? {} : { incompleteReason: reason }),
  }
}

/** Notion will not go on from where it is; what was read until then stays good. */
class ReadingStopped extends Error {
  readonly reason: 'cursor' | 'same_minute'

  constructor(reason: ReadingStopped['reason']) {
    super(`Reading rows stopped: ${reason}`)
    this.reason = reason
  }
}

/** The rows as the SDK gives them. Only Notion's failures are translated here, never those of who takes the rows. */
async function* rowsOf(client: Client, query: FullDataSourceQueryArgs) {
  try {
    yield* iterateAllDataSourceRows(client, query)
  } catch (cause) {
    if (isInvalidCursor(cause)) throw new ReadingStopped('cursor')
    // More rows made in one minute than a query gives: the SDK cannot tell them apart by time.
    if (cause instanceof Error && cause.message.includes('cannot make progress')) {
      throw new ReadingStopped('same_minute')
    }
    throw toNotionError(cause)
  }
}

/**
 * Reads again from the top when Notion forgets a cursor, and with less at a time where it takes too long over a heavy
 * data source (notion-api.md §12); what is known already is not taken twice.
 */
async function withRestarts(
  readOnce: (pageSize: number) => Promise<DatabasePages['incompleteReason']>,
): Promise<DatabasePages['incompleteReason']> {
  let pageSize = PAGE_SIZE
  for (let restarts = 0; restarts <= MAX_RESTARTS;) {
    try {
      return await readOnce(pageSize)
    } catch (cause) {
      if (cause instanceof NotionError && cause.status === 504 && pageSize > SMALLEST_PAGE_SIZE) {
        pageSize = Math.max(SMALLEST_PAGE_SIZE, Math.floor(pageSize / 4))
        continue
      }
      restarts += 1
      if (!(cause instanceof ReadingStopped)) throw cause
      if (cause.reason !== 'cursor') return cause.reason
    }
  }
  return 'cursor'
}

function rowQuery(
  dataSourceId: string,
  pageSize: number,
  { filterProperties, editedOnOrAfter }: FetchPagesOptions,
) {
  return {
    data_source_id: dataSourceId,
    page_size: pageSize,
    ...(filterProperties ? { filter_properties: filterProperties } : {}),
    ...(editedOnOrAfter
      ? {
          filter: {
            timestamp: 'last_edited_time' as const,
            last_edited_time: { on_or_after: editedOnOrAfter },
          },
        }
      : {}),
  }
}

export interface FetchedBlock {
  block: BlockObjectResponse | PartialBlockObjectResponse
  /** The block under which it shows, which for a synced copy's content is the copy. */
  parentId: string
  /** Levels below the root, from 0. */
  depth: number
  /** Place among its siblings, from 0. */
  order: number
}

export interface ChildBlocks {
  /** In document order, each once. */
  blocks: FetchedBlock[]
  wasLimited: boolean
  unreadable: BlockTree['unreadable']
}

/**
 * All blocks under a page or block, at every depth unless `recursive` is false.
 * @throws NotionError
 */
export async function fetchAllChildBlocks(
  client: Client,
  blockId: string,
  options: ReadTreeOptions = {},
): Promise<ChildBlocks> {
  const tree = await readBlockTree(client, blockId, options)
  return {
    blocks: inDocumentOrder(tree),
    wasLimited: tree.limited || tree.truncated,
    unreadable: tree.unreadable,
  }
}

function inDocumentOrder(tree: BlockTree): FetchedBlock[] {
  const blocks: FetchedBlock[] = []
  const seen = new Set<string>()
  const visit = (listId: string, parentId: string, depth: number): void => {
    if (seen.has(listId)) return
    seen.add(listId)
    for (const [order, { raw, block }] of (tree.lists.get(listId) ?? []).entries()) {
      blocks.push({ block: raw, parentId, depth, order })
      if (block) containersOf(block).forEach((id) => visit(id, block.id, depth + 1))
    }
  }
  visit(tree.rootId, tree.rootId, 0)
  return blocks
}
