import type { BlockObjectResponse, Client, PartialBlockObjectResponse } from '@notionhq/client'
import type { Block } from './block'
import { containersOf, parseBlock } from './block'
import type { NotionError, NotionErrorKind } from './errors'
import { toNotionError } from './errors'
import { PAGE_SIZE, readList } from './pagination'
import type { UnreadableReason } from './reading'

export interface TreeNode {
  raw: BlockObjectResponse | PartialBlockObjectResponse
  /** `null` when the block could not be parsed. */
  block: Block | null
}

/** All blocks under a root, as lists of children by the id they were listed under. */
export interface BlockTree {
  rootId: string
  lists: Map<string, TreeNode[]>
  requests: number
  unreadable: { id: string; reason: UnreadableReason }[]
  /** The block limit was reached. */
  limited: boolean
  /** A list ended before its end. */
  truncated: boolean
}

export interface ReadTreeOptions {
  /** Checked before each request; bind it to the client as well to end running ones. */
  signal?: AbortSignal | undefined
  /** Lists read at the same time. */
  concurrency?: number
  /** Stop after so many blocks. */
  limit?: number
  /** `false` reads the root's own children only. */
  recursive?: boolean
}

/** What would fail for every other block too, or is the caller's wish: the reading ends with it. */
const FATAL: ReadonlySet<NotionErrorKind> = new Set([
  'token_invalid',
  'rate_limited',
  'unavailable',
  'blocked',
  'aborted',
])

interface Opening {
  id: string
  viaCopy: boolean
}

/**
 * Reads every block under a page or block, breadth first, each list of children once, whichever blocks point to
 * it: that makes synced copies cheap and cycles harmless. A container that cannot be read is noted.
 * @throws NotionError when the root cannot be read, or for a failure that is not about one block
 */
export async function readBlockTree(
  client: Client,
  rootId: string,
  options: ReadTreeOptions = {},
): Promise<BlockTree> {
  const { signal, concurrency = 4, limit = Number.POSITIVE_INFINITY, recursive = true } = options
  const tree: BlockTree = {
    rootId,
    lists: new Map(),
    requests: 0,
    unreadable: [],
    limited: false,
    truncated: false,
  }
  const opened = new Set([rootId])
  let blocks = 0

  async function open({ id, viaCopy }: Opening): Promise<Opening[]> {
    if (blocks >= limit) {
      tree.limited = true
      return []
    }
    try {
      const { items, ended } = await readList((cursor) => listChildren(client, id, cursor), {
        limit: limit - blocks,
        signal,
        onRequest: () => {
          tree.requests += 1
        },
      })
      const nodes = items
        .slice(0, Math.max(0, limit - blocks))
        .map((raw) => ({ raw, block: parseBlock(raw) }))
      if (ended === 'limit' || nodes.length < items.length) tree.limited = true
      if (ended === 'lost') {
        tree.truncated = true
        tree.unreadable.push({ id, reason: 'cursor' })
      }
      blocks += nodes.length
      tree.lists.set(id, nodes)
      noteMalformed(tree, nodes)
      return recursive ? nodes.flatMap(openingsOf) : []
    } catch (cause) {
      const error = toNotionError(cause)
      if (id === rootId || FATAL.has(error.kind)) throw error
      tree.unreadable.push({ id, reason: reasonOf(error, viaCopy) })
      return []
    }
  }

  await spread([{ id: rootId, viaCopy: false }], concurrency, async (opening) =>
    (await open(opening)).filter(({ id }) => !opened.has(id) && opened.add(id)),
  )
  return tree
}

function openingsOf({ block }: TreeNode): Opening[] {
  if (!block) return []
  const viaCopy = block.content.kind === 'synced_copy'
  return containersOf(block).map((id) => ({ id, viaCopy }))
}

function listChildren(client: Client, id: string, cursor: string | undefined) {
  return client.blocks.children.list({
    block_id: id,
    page_size: PAGE_SIZE,
    ...(cursor === undefined ? {} : { start_cursor: cursor }),
  })
}

function noteMalformed(tree: BlockTree, nodes: TreeNode[]): void {
  for (const { raw, block } of nodes) {
    if (!block) tree.unreadable.push({ id: raw.id, reason: 'malformed' })
  }
}

/** A copy whose original was never shared with us answers 404 (notion-api.md §5). */
function reasonOf(error: NotionError, viaCopy: boolean): UnreadableReason {
  if (error.kind === 'not_found' && viaCopy) return 'not_shared'
  return error.kind === 'access_denied' ? 'access_denied' : 'failed'
}

/** Works through a growing queue, at most `concurrency` at a time; waits for what runs before it throws. */
async function spread<Item>(
  first: Item[],
  concurrency: number,
  work: (item: Item) => Promise<Item[]>,
): Promise<void> {
  const queue = [...first]
  const running = new Set<Promise<void>>()
  try {
    while (queue.length > 0 || running.size > 0) {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        const task: Promise<void> = work(item).then((more) => {
          running.delete(task)
          queue.push(...more)
        })
        running.add(task)
        if (running.size >= concurrency) break
      }
      await Promise.race(running)
    }
  } finally {
    await Promise.allSettled(running)
  }
}
