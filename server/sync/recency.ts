import { applySearch, findSearchStart } from '#server/db/listings'
import { NotionError } from '#server/notion/errors'
import { searchPagesEditedSince } from '#server/notion/recent-pages'
import type { Run } from './run'

/**
 * Finds edited pages that are no rows of any data source: no listing shows them. One request tells that there are
 * none. Without such pages nothing is asked at all.
 *
 * @throws {NotionError} when Notion cannot be used at all
 */
export async function searchRecent(run: Run): Promise<void> {
  const { db } = run.context
  const since = await findSearchStart(db, run.job.connectionId)
  if (since === null) return
  try {
    const { pages, newest } = await searchPagesEditedSince(run.client, since, run.signal)
    if (newest !== null) {
      await applySearch(
        db,
        run.job.connectionId,
        pages.map((page) => ({ ...page, notionPageId: page.notionId })),
        newest,
      )
    }
  } catch (cause) {
    // Search is a hint. A refusal costs nothing but the hint: the watermark stays, so the next run looks back as far.
    const isRefusal =
      cause instanceof NotionError &&
      ['access_denied', 'invalid_request', 'api_error', 'not_found', 'invalid_reply'].includes(cause.kind)
    if (!isRefusal) throw cause
    run.context.log.warn({ event: 'sync.search_refused', jobId: run.job.id })
  }
}
