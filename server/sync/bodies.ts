import type { OwedPage, PageRecord } from '#server/db/pages'
import { applyListing, applyPage, listOwedPages } from '#server/db/pages'
import type { TodoRecord } from '#server/db/todos'
import { NotionError } from '#server/notion/errors'
import type { BlockTodo } from '#server/notion/reading'
import { readPageBody } from '#server/notion/walk'
import { pageUrl } from '#shared/todo/notion-id'
import type { Run } from './run'
import { removeIfGone } from './vanished'

/** Pages fetched from the database at a time; small, so that newer ones that are listed meanwhile come first. */
const BATCH_SIZE = 24
/** Pages walked at a time; the gate bounds the requests in flight. */
const CONCURRENT_PAGES = 8

/** Walks what a run owes, from the beginning of the run until it is closed and nothing is left. */
export interface BodyReader {
  /** There may be more to walk now. */
  wake: () => void
  /** Nothing will be added any more. */
  close: () => void
  /** @throws {NotionError} when Notion cannot be used at all: token refused, unreachable, aborted */
  done: Promise<void>
}

/** Starts walking the bodies that a run owes, newest edit first, and the child pages found in them. */
export function startBodies(run: Run): BodyReader {
  let isClosed = false
  let wake = Promise.withResolvers<undefined>()
  const awaken = () => {
    wake.resolve(undefined)
    wake = Promise.withResolvers()
  }

  async function walkAll(): Promise<void> {
    const taken = new Set<number>()
    const running = new Set<Promise<void>>()
    let queue: OwedPage[] = []
    try {
      for (;;) {
        // Before the look: what is added during it wakes us again.
        const added = wake.promise
        const isLast = isClosed
        if (queue.length === 0) {
          const owed = await listOwedPages(run.context.db, run.job.id, BATCH_SIZE + running.size)
          queue = owed.filter(({ id }) => !taken.has(id))
        }
        const page = queue.shift()
        if (page) {
          taken.add(page.id)
          const task: Promise<void> = readBody(run, page).finally(() => running.delete(task))
          running.add(task)
        }
        if (!page && running.size === 0 && isLast) return
        if (!page) await Promise.race([...running, added])
        else if (running.size >= CONCURRENT_PAGES) await Promise.race(running)
      }
    } finally {
      await Promise.allSettled(running)
    }
  }

  const done = walkAll()
  // Whoever awaits it hears of a failure; until then it is not an unhandled one.
  done.catch(() => {})
  return {
    done,
    wake: awaken,
    close: () => {
      isClosed = true
      awaken()
    },
  }
}

async function readBody(run: Run, page: OwedPage): Promise<void> {
  const { db } = run.context
  const startedAt = new Date()
  const { signal, timeZone } = run
  const reading = await readPageBody(run.client, page.notionPageId, { signal, timeZone }).catch(
    (cause: unknown) => refusalOf(cause),
  )
  if (typeof reading === 'string') return noteRefusal(run, page, reading, startedAt)
  if (reading.childPages.length > 0) {
    const children = reading.childPages.map((child) => toPageRecord(child, page))
    await applyListing(db, run.job.id, page.databaseId, children)
  }
  const { completeness } = reading
  await applyPage(db, run.job.id, run.job.connectionId, {
    notionPageId: page.notionPageId,
    todos: reading.todos.map(toTodoRecord),
    completeness: { ...completeness },
    safeToRemove: completeness.safeToRemove,
    complete: completeness.complete,
    requests: completeness.requests,
    startedAt,
  })
  if (completeness.safeToRemove) await removeVanishedChildren(run, page, reading.childPages)
}

/** A child page that its parent, read whole, does not mention any more, and that is gone or moved: its to-dos leave. */
async function removeVanishedChildren(run: Run, page: OwedPage, found: { id: string }[]): Promise<void> {
  const here = new Set(found.map(({ id }) => id))
  for (const child of page.childPageIds.filter((id) => !here.has(id))) {
    await removeIfGone(run, child, ({ type, id }) => type === 'page' && id !== page.notionPageId)
  }
}

type Refusal = 'not_shared' | 'access_denied'

/** One page that is closed or gone is no reason to end the run; Notion being unusable is. */
function refusalOf(cause: unknown): Refusal {
  if (cause instanceof NotionError) {
    if (cause.kind === 'not_found') return 'not_shared'
    if (cause.kind === 'access_denied' || cause.kind === 'invalid_request' || cause.kind === 'api_error') {
      return 'access_denied'
    }
  }
  throw cause
}

/**
 * Its blocks cannot be listed: gone for good if the page itself is too; otherwise nothing was read, so nothing is
 * removed, and the page says that it is incomplete, and why.
 */
async function noteRefusal(run: Run, page: OwedPage, reason: Refusal, startedAt: Date): Promise<void> {
  await applyPage(run.context.db, run.job.id, run.job.connectionId, {
    notionPageId: page.notionPageId,
    todos: [],
    completeness: { complete: false, unreadable: [{ id: page.notionPageId, reason }], truncated: false },
    complete: false,
    requests: 1,
    startedAt,
  })
  if (reason === 'not_shared') await removeIfGone(run, page.notionPageId, () => false)
}

/** What the parent's block says is enough: looking each child page up would cost a request a page. */
function toPageRecord(child: { id: string; title: string }, parent: OwedPage): PageRecord {
  return {
    notionPageId: child.id,
    parentNotionId: parent.notionPageId,
    isRow: false,
    title: child.title,
    icon: null,
    url: pageUrl(child.id),
    createdTime: null,
    lastEditedTime: null,
    todo: null,
  }
}

function toTodoRecord(todo: BlockTodo): TodoRecord {
  return { ...todo, kind: 'block' }
}
