import { z } from 'zod'
import type { BlockSeed, DatabaseSeed, PageSeed, WorkspaceSeed } from '../../../sandbox/notion/seed-format.ts'

/**
 * What a reader has to find in a workspace, worked out from the seed alone. It knows nothing of requests, pages of
 * results or walkers: it only follows the tree as it was written down.
 */

export interface ExpectedTodo {
  id: string
  text: string
  checked: boolean
  /** The page the to-do was found on. */
  pageId: string
  /** The nearest to-do around it. */
  parentTodoId: string | null
  /** How many to-dos are around it. */
  depth: number
  /** Found through a synced copy: the to-do itself stands on another page. */
  viaCopy: boolean
}

interface Place {
  parentTodoId: string | null
  depth: number
  viaCopy: boolean
}

interface Located {
  block: BlockSeed
  pageId: string
  trashed: boolean
}

const TodoContent = z.looseObject({
  rich_text: z.array(z.looseObject({ plain_text: z.string() })),
  checked: z.boolean(),
})
const SyncedContent = z.strictObject({ synced_from: z.object({ block_id: z.string() }).nullable() })
const MeetingContent = z.looseObject({
  children: z.object({ summary_block_id: z.string(), notes_block_id: z.string() }),
})

/** Blocks that are never entered: what they hold is elsewhere, or cannot be a to-do. */
const CLOSED: ReadonlySet<string> = new Set(['child_page', 'child_database', 'table', 'unsupported'])

class Workspace {
  readonly pages: Map<string, PageSeed>
  readonly databases: Map<string, DatabaseSeed>
  readonly blocks = new Map<string, Located>()
  readonly #databaseOf = new Map<string, DatabaseSeed>()

  constructor(seed: WorkspaceSeed) {
    this.pages = new Map(seed.pages.map((page) => [page.id, page]))
    this.databases = new Map(seed.databases.map((database) => [database.id, database]))
    for (const database of seed.databases)
      for (const source of database.data_sources) this.#databaseOf.set(source.id, database)
    for (const page of seed.pages) this.#locate(page.blocks, page.id, false)
  }

  #locate(blocks: BlockSeed[], pageId: string, trashed: boolean): void {
    for (const block of blocks) {
      const here = trashed || block.in_trash === true
      if (block.type !== 'child_page' && block.type !== 'child_database')
        this.blocks.set(block.id, { block, pageId, trashed: here })
      this.#locate(block.children ?? [], pageId, here)
    }
  }

  /** Neither it nor anything around it is private or in the trash. */
  isReadable(object: PageSeed | DatabaseSeed | undefined): boolean {
    if (!object || object.private === true || object.in_trash === true) return false
    const { parent } = object
    switch (parent.type) {
      case 'workspace':
        return true
      case 'page_id':
        return this.isReadable(this.pages.get(parent.page_id))
      case 'data_source_id':
        return this.isReadable(this.#databaseOf.get(parent.data_source_id))
      case 'block_id':
        return this.original(parent.block_id) !== undefined
    }
  }

  /** A block that can be read where it stands. */
  original(id: string): Located | undefined {
    const located = this.blocks.get(id)
    return located && !located.trashed && this.isReadable(this.pages.get(located.pageId))
      ? located
      : undefined
  }
}

/** The pages that can be read, in the order of the seed. */
export function readablePageIds(seed: WorkspaceSeed): string[] {
  const workspace = new Workspace(seed)
  return seed.pages.filter((page) => workspace.isReadable(page)).map(({ id }) => id)
}

/**
 * The to-dos a careful reading of one page finds, in document order, each once. To-dos that stand on the page are
 * found where they stand; those that a synced copy brings in from elsewhere, where the first copy is.
 */
export function expectedTodosOnPage(seed: WorkspaceSeed, pageId: string): ExpectedTodo[] {
  return todosOn(new Workspace(seed), pageId)
}

/** All to-dos of a workspace, page by page in the order of the seed, each once and on the page it stands on. */
export function expectedTodos(seed: WorkspaceSeed): ExpectedTodo[] {
  const workspace = new Workspace(seed)
  return readablePageIds(seed).flatMap((pageId) =>
    todosOn(workspace, pageId).filter(({ viaCopy }) => !viaCopy),
  )
}

function todosOn(workspace: Workspace, pageId: string): ExpectedTodo[] {
  const found = new Map<string, ExpectedTodo>()

  function visit(blocks: BlockSeed[], place: Place): void {
    for (const block of blocks) {
      if (block.in_trash === true || CLOSED.has(block.type)) continue
      if (block.type === 'to_do') visitTodo(block, place)
      else if (block.type === 'synced_block') visitSynced(block, place)
      else if (block.type === 'meeting_notes') visit(sectionsOf(block), place)
      else visit(block.children ?? [], place)
    }
  }

  function visitTodo(block: BlockSeed, place: Place): void {
    if (found.has(block.id)) return
    const { rich_text: runs, checked } = TodoContent.parse(block.content)
    const text = runs.map((run) => run.plain_text).join('')
    found.set(block.id, { id: block.id, text, checked, pageId, ...place })
    visit(block.children ?? [], { ...place, parentTodoId: block.id, depth: place.depth + 1 })
  }

  function visitSynced(block: BlockSeed, place: Place): void {
    const from = SyncedContent.parse(block.content).synced_from
    if (from === null) return visit(block.children ?? [], place)
    const original = workspace.original(from.block_id)
    if (original && original.pageId !== pageId)
      visit(original.block.children ?? [], { ...place, viaCopy: true })
  }

  const page = workspace.pages.get(pageId)
  if (page && workspace.isReadable(page)) visit(page.blocks, { parentTodoId: null, depth: 0, viaCopy: false })
  return [...found.values()]
}

/** The parts of meeting notes that count: the summary, then the notes; what was said is not a to-do. */
function sectionsOf(block: BlockSeed): BlockSeed[] {
  const { summary_block_id: summaryId, notes_block_id: notesId } = MeetingContent.parse(
    block.content,
  ).children
  return [summaryId, notesId].flatMap(
    (id) => block.children?.find((section) => section.id === id)?.children ?? [],
  )
}
