import type { Client } from '@notionhq/client'
import { toPlainText } from '#shared/todo/rich-text'
import type { Block } from './block'
import { containersOf } from './block'
import type { BlockTree } from './block-tree'
import { readBlockTree } from './block-tree'
import type { BlockTodo, Completeness, PageReading } from './reading'
import { peopleInRichText, tagsInRichText } from './rich-text'
import { dueFromText } from './written-date'

/**
 * Reads the body of a page: every to-do in it, at any depth, in document order, each once, and an account of what
 * was seen. Child pages and databases are named, not entered: their to-dos belong to them.
 * @param options.timeZone where its people are: what day "tomorrow" was written on
 * @throws NotionError when the page itself cannot be read, and for `token_invalid`, `rate_limited`, `unavailable`,
 * `blocked` and `aborted`; other failures end up in the account.
 */
export async function readPageBody(
  client: Client,
  pageId: string,
  options: { signal?: AbortSignal; concurrency?: number; timeZone?: string } = {},
): Promise<PageReading> {
  const { timeZone = 'UTC', ...reading } = options
  return toPageReading(await readBlockTree(client, pageId, reading), timeZone)
}

/** Where a list of children stands in the page. */
interface Place {
  /** Headings above the list, outermost first. */
  headings: string[]
  parentNotionId: string | null
  depth: number
  viaCopy: boolean
}

function toPageReading(tree: BlockTree, timeZone: string): PageReading {
  const reading: PageReading = { todos: [], childPages: [], childDatabases: [], completeness: account(tree) }
  const ownLists = listsWithoutCopies(tree)
  const seenLists = new Set<string>()
  const seenBlocks = new Set<string>()

  function readAt(listId: string, place: Place): void {
    // What this page holds itself is read where it stands, even if a copy of it comes first.
    if (seenLists.has(listId) || (place.viaCopy && ownLists.has(listId))) return
    seenLists.add(listId)
    const headings: { level: number; text: string }[] = []
    for (const { block } of tree.lists.get(listId) ?? []) {
      if (!block || seenBlocks.has(block.id)) continue
      seenBlocks.add(block.id)
      if (block.content.kind === 'heading') {
        const { level, text } = block.content
        while ((headings.at(-1)?.level ?? 0) >= level) headings.pop()
        headings.push({ level, text: text.trim() })
      }
      const here = { ...place, headings: [...place.headings, ...headings.map(({ text }) => text)] }
      take(block, here)
      const inside = block.content.kind === 'to_do' ? insideTodo(block.id, here) : here
      const viaCopy = place.viaCopy || block.content.kind === 'synced_copy'
      for (const id of containersOf(block)) readAt(id, { ...inside, viaCopy })
    }
  }

  function take({ id, content, lastEditedTime }: Block, place: Place): void {
    if (content.kind === 'child_page') reading.childPages.push({ id, title: content.title })
    if (content.kind === 'child_database') reading.childDatabases.push({ id, title: content.title })
    if (content.kind !== 'to_do') return
    reading.todos.push({
      notionId: id,
      text: toPlainText(content.richText),
      richText: content.richText,
      checked: content.checked,
      parentNotionId: place.parentNotionId,
      depth: place.depth,
      position: reading.todos.length,
      headingPath: place.headings.filter((text) => text !== ''),
      due: dueFromText(content.richText, { editedAt: lastEditedTime, timeZone }),
      people: peopleInRichText(content.richText),
      tags: tagsInRichText(content.richText),
      lastEditedTime,
      viaCopy: place.viaCopy,
    } satisfies BlockTodo)
  }

  readAt(tree.rootId, { headings: [], parentNotionId: null, depth: 0, viaCopy: false })
  return reading
}

function insideTodo(id: string, place: Place): Place {
  return { ...place, parentNotionId: id, depth: place.depth + 1 }
}

/** The lists that belong to this page itself: reached without passing through a synced copy. */
function listsWithoutCopies(tree: BlockTree): ReadonlySet<string> {
  const own = new Set([tree.rootId])
  // A Set visits what is added during its own iteration, so this walks the whole tree.
  for (const listId of own) {
    for (const { block } of tree.lists.get(listId) ?? []) {
      if (block && block.content.kind !== 'synced_copy') containersOf(block).forEach((id) => own.add(id))
    }
  }
  return own
}

function account(tree: BlockTree): Completeness {
  const blocks = new Map<string, Block | null>()
  for (const nodes of tree.lists.values()) {
    for (const { raw, block } of nodes) blocks.set(raw.id, block)
  }
  const contents = [...blocks.values()].flatMap((block) =>
    block ? [{ id: block.id, ...block.content }] : [],
  )
  const wasCut = tree.truncated || tree.limited
  return {
    complete: !wasCut && tree.unreadable.length === 0,
    // A copy of something never shared with us hides nothing of the page's own.
    safeToRemove: !wasCut && tree.unreadable.every(({ reason }) => reason === 'not_shared'),
    blocksSeen: blocks.size,
    containersOpened: tree.lists.size - 1,
    requests: tree.requests,
    unsupported: contents.flatMap((content) =>
      content.kind === 'unsupported' ? [{ id: content.id, type: content.blockType }] : [],
    ),
    unreadable: tree.unreadable,
    truncated: wasCut,
    copies: contents.filter(({ kind }) => kind === 'synced_copy').length,
  }
}
