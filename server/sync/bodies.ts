import type { SelectedDatabase } from '#server/db/databases'
import type { PageRecord, UnreadPage } from '#server/db/pages'
import {
  applyListing,
  applyPage,
  listUnlistedPages,
  listUnreadPages,
  skipPage,
  trashPage,
} from '#server/db/pages'
import { NotionError } from '#server/notion/errors'
import { findPage } from '#server/notion/pages'
import { readPageBody } from '#server/notion/walk'
import { pageUrl } from '#shared/todo/notion-id'
import type { BlockTodo } from '#server/notion/reading'
import type { TodoRecord } from '#server/db/todos'
import type { Run } from './run'

const BATCH_SIZE = 50
/** Pages read at a time; the gate bounds the requests in flight. */
const CONCURRENT_PAGES = 4

/**
 * Reads the bodies of the listed pages, newest edit first, and of the child pages found in them.
 *
 * @returns whether every one could be read whole
 * @throws {NotionError} when Notion cannot be used at all: token refused, unreachable, aborted
 */
export async function readBodies(run: Run, databases: SelectedDatabase[]): Promise<boolean> {
  let complete = true
  for (const database of databases) {
    for (;;) {
      const pages = await listUnreadPages(run.context.db, run.job.id, [database.id], BATCH_SIZE)
      if (pages.length === 0) break
      await eachOf(pages, CONCURRENT_PAGES, async (page) => {
        complete = (await readBody(run, database, page)) && complete
      })
    }
    if (complete) await removeVanishedChildPages(run, database)
  }
  return complete
}

/**
 * A child page that no body mentions any more, though all were read whole, and that is gone, trashed or
 * moved: its to-dos leave.
 */
async function removeVanishedChildPages(run: Run, database: SelectedDatabase): Promise<void> {
  const unlisted = await listUnlistedPages(run.context.db, run.job.id, database.id, 'child pages')
  for (const { notionPageId, parentNotionId } of unlisted) {
    const page = await findPage(run.client, notionPageId)
    const hasMoved = page?.parent.type === 'page' && page.parent.id !== parentNotionId
    if (!page || page.inTrash || hasMoved) await trashPage(run.context.db, run.job.connectionId, notionPageId)
  }
}

async function readBody(run: Run, database: SelectedDatabase, page: UnreadPage): Promise<boolean> {
  const { db } = run.context
  if (page.unchanged && !run.job.full) {
    await skipPage(db, run.job.id, page.id)
    return true
  }
  const reading = await readPageBody(run.client, page.notionPageId, { signal: run.signal }).catch(
    (cause: unknown) => refusedPage(cause),
  )
  if (reading === 'not_found') return handleMissingPage(run, page)
  if (reading === 'refused') {
    await applyPage(db, run.job.id, run.job.connectionId, unreadable(page, 'access_denied'))
    return false
  }
  await applyListing(
    db,
    run.job.id,
    database.id,
    reading.childPages.map((child) => toPageRecord(child, page)),
  )
  const { completeness } = reading
  await applyPage(db, run.job.id, run.job.connectionId, {
    notionPageId: page.notionPageId,
    todos: reading.todos.map(toTodoRecord),
    completeness: { ...completeness },
    complete: completeness.complete,
    requests: completeness.requests,
  })
  return completeness.complete
}

/** One page that is closed or gone is no reason to end the run; Notion being unusable is. */
function refusedPage(cause: unknown): 'not_found' | 'refused' {
  if (cause instanceof NotionError) {
    if (cause.kind === 'not_found') return 'not_found'
    if (cause.kind === 'access_denied' || cause.kind === 'invalid_request' || cause.kind === 'api_error') {
      return 'refused'
    }
  }
  throw cause
}

/** Its blocks cannot be listed: gone for good if the page itself is too, unreadable otherwise. */
async function handleMissingPage(run: Run, page: UnreadPage): Promise<boolean> {
  const found = await findPage(run.client, page.notionPageId)
  if (!found || found.inTrash) {
    await applyPage(run.context.db, run.job.id, run.job.connectionId, unreadable(page, 'not_shared'))
    await trashPage(run.context.db, run.job.connectionId, page.notionPageId)
    return true
  }
  await applyPage(run.context.db, run.job.id, run.job.connectionId, unreadable(page, 'not_shared'))
  return false
}

/** Nothing was read, so nothing is removed: the page only says that it is incomplete, and why. */
function unreadable(page: UnreadPage, reason: string) {
  return {
    notionPageId: page.notionPageId,
    todos: [],
    completeness: { complete: false, unreadable: [{ id: page.notionPageId, reason }], truncated: false },
    complete: false,
    requests: 1,
  }
}

/** What the parent's block says is enough: looking each child page up would cost a request a page. */
function toPageRecord(child: { id: string; title: string }, parent: UnreadPage): PageRecord {
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

/** Runs `work` over the items, at most `limit` at a time. The first failure ends it. */
async function eachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
