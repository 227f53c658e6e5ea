import { listChildPages, trashPage } from '#server/db/pages'
import { NotionError } from '#server/notion/errors'
import { findPage } from '#server/notion/pages'
import type { PageParent } from '#server/notion/reading'
import type { Run } from './run'

/**
 * The second sign for a page that was missing where it was listed before: Notion itself says that it is gone, in the
 * trash or elsewhere. Then its to-dos leave, and its child pages are asked after in their turn.
 *
 * @param isElsewhere whether this parent means that the page has moved away
 * @throws {NotionError}
 */
export async function removeIfGone(
  run: Run,
  notionPageId: string,
  isElsewhere: (parent: { type: PageParent['type']; id: string }) => boolean,
): Promise<boolean> {
  const page = await findPage(run.client, notionPageId).catch(ifUnknown)
  if (page === undefined) return false
  const parent = page && { id: '', ...page.parent }
  if (parent && !page.inTrash && !isElsewhere(parent)) return false
  const { db } = run.context
  const children = await listChildPages(db, run.job.connectionId, notionPageId)
  await trashPage(db, run.job.connectionId, notionPageId)
  for (const child of children) await removeIfGone(run, child, () => false)
  return true
}

/** An answer about this one page that says nothing proves nothing, and is no reason to end the run. */
function ifUnknown(cause: unknown): undefined {
  const isOfThisPage =
    cause instanceof NotionError &&
    ['access_denied', 'invalid_request', 'api_error', 'invalid_reply'].includes(cause.kind)
  if (!isOfThisPage) throw cause
}
