import type { Client } from '@notionhq/client'
import type { PageSummary } from './reading'
import { isReadablePage, pageSummary } from './rows'
import { PAGE_SIZE, readList } from './pagination'

export interface RecentPages {
  /** Newest first; rows of data sources are among them. */
  pages: PageSummary[]
  /** The newest edit that search knows of, Notion's clock; null when it knows no page at all. */
  newest: string | null
}

/**
 * The pages edited since a moment, over Notion's search: newest first, so that the first hundred nearly always
 * reach back far enough. Search may lag: it is a hint, not a listing (notion-api.md §3).
 *
 * @param since ISO instant; give it some overlap, since edit times are rounded to the minute
 * @throws {NotionError}
 */
export async function searchPagesEditedSince(
  client: Client,
  since: string,
  signal?: AbortSignal,
): Promise<RecentPages> {
  const sinceMs = Date.parse(since)
  const found = new Map<string, PageSummary>()
  let newest: string | null = null
  await readList(
    async (cursor) => {
      const reply = await client.search({
        filter: { property: 'object', value: 'page' },
        sort: { timestamp: 'last_edited_time', direction: 'descending' },
        page_size: PAGE_SIZE,
        ...(cursor === undefined ? {} : { start_cursor: cursor }),
      })
      const pages = reply.results.filter(isReadablePage).map(pageSummary)
      newest ??= pages[0]?.lastEditedTime ?? null
      const recent = pages.filter(({ lastEditedTime }) => Date.parse(lastEditedTime) >= sinceMs)
      for (const page of recent) found.set(page.notionId, page)
      const reachesBack = recent.length < pages.length
      return reachesBack ? { ...reply, has_more: false } : reply
    },
    { signal },
  )
  return { pages: [...found.values()], newest }
}
