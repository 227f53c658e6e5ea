import type { OwedPage, PageRecord } from '#server/db/pages'
import { applyListing, applyPage, listOwedPages } from '#server/db/pages'
import type { TodoRecord } from '#server/db/todos'
import { NotionError } from '#server/notion/errors'
import type { BlockTodo, PageReading, UnreadableReason } from '#server/notion/reading'
import { readPageBody } from '#server/notion/walk'
import { pageUrl } from '#shared/todo/notion-id'
import type { Run } from './run'
import { removeIfGone } from './vanished'

/** Pages fetched from the database at a time; small, so that newer ones that are listed meanwhile come first. */
const BATCH_SIZE = 24
/** Pages walked at a time; the gate bounds the requests in flight. */
const CONCURRENT_PAGES = 8
/** With those that have been walked and are being stored: what a killed process has to walk again at the most. */
const PAGES_IN_HAND = 12
/** After so many pages in a row that Notion answered with nonsense, it is not the pages. */
const FAILURES_IN_A_ROW = 10

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
  let event = Promise.withResolvers<undefined>()
  const tell = () => {
    event.resolve(undefined)
    event = Promise.withResolvers()
  }

  async function walkAll(): Promise<void> {
    const inHand = new Map<number, Promise<void>>()
    const failures: unknown[] = []
    const patience = createPatience()
    let walking = 0
    let queue: OwedPage[] = []

    /** The next page is walked while this one is being stored. */
    async function read(page: OwedPage): Promise<void> {
      walking += 1
      const walked = await walk(run, page, patience).finally(() => {
        walking -= 1
        tell()
      })
      await store(run, page, walked)
    }

    function begin(page: OwedPage): void {
      const task = read(page)
        .catch((cause: unknown) => void failures.push(cause))
        .finally(() => {
          inHand.delete(page.id)
          tell()
        })
      inHand.set(page.id, task)
    }

    try {
      for (;;) {
        // Before the look: what happens during it wakes us again.
        const next = event.promise
        const isLast = isClosed
        if (queue.length === 0) queue = await owedBeside(run, new Set(inHand.keys()))
        if (failures.length > 0) throw failures[0]
        const page = walking < CONCURRENT_PAGES && inHand.size < PAGES_IN_HAND ? queue.shift() : undefined
        if (page) begin(page)
        else if (queue.length === 0 && inHand.size === 0 && isLast) return
        else await next
      }
    } finally {
      await Promise.all(inHand.values())
    }
  }

  const done = walkAll()
  // Whoever awaits it hears of a failure; until then it is not an unhandled one.
  done.catch(() => {})
  return {
    done,
    wake: tell,
    close: () => {
      isClosed = true
      tell()
    },
  }
}

/** What is owed besides the pages in hand, also if those are done while we look. */
async function owedBeside(run: Run, inHand: ReadonlySet<number>): Promise<OwedPage[]> {
  const owed = await listOwedPages(run.context.db, run.job.id, BATCH_SIZE + inHand.size)
  return owed.filter(({ id }) => !inHand.has(id))
}

interface Walked {
  startedAt: Date
  outcome: PageReading | Refusal
}

async function walk(run: Run, page: OwedPage, patience: Patience): Promise<Walked> {
  const startedAt = new Date()
  const { signal, timeZone } = run
  try {
    const outcome = await readPageBody(run.client, page.notionPageId, { signal, timeZone })
    patience.restore()
    return { startedAt, outcome }
  } catch (cause) {
    const outcome = refusalOf(cause)
    if (outcome === 'failed') patience.lose(cause)
    return { startedAt, outcome }
  }
}

async function store(run: Run, page: OwedPage, { startedAt, outcome: reading }: Walked): Promise<void> {
  const { db } = run.context
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

type Refusal = Extract<UnreadableReason, 'not_shared' | 'access_denied' | 'failed'>

/** One page that is closed, gone or answered with nonsense is no reason to end the run; Notion being unusable is. */
function refusalOf(cause: unknown): Refusal {
  if (!(cause instanceof NotionError)) throw cause
  switch (cause.kind) {
    case 'not_found':
      return 'not_shared'
    case 'access_denied':
      return 'access_denied'
    case 'invalid_request':
    case 'api_error':
    case 'invalid_reply':
      return 'failed'
    default:
      throw cause
  }
}

interface Patience {
  /** @throws the cause, when it has come too often in a row */
  lose: (cause: unknown) => void
  restore: () => void
}

/** Nonsense for one page is that page's matter; for every page, the run's: something stands between Notion and us. */
function createPatience(): Patience {
  let failures = 0
  return {
    lose: (cause) => {
      failures += 1
      if (failures >= FAILURES_IN_A_ROW) throw cause
    },
    restore: () => (failures = 0),
  }
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
