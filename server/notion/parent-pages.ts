import type { Client } from '@notionhq/client'
import { extractPageId } from '@notionhq/client'
import { NotionError, toNotionError } from './errors'
import { PAGE_SIZE } from './pagination'
import { findPage } from './pages'
import type { PageSummary } from './reading'
import { isReadablePage, pageSummary } from './rows'

/**
 * Pages that something can be put under: by words of their title, by a link, or those edited last. Pages that are
 * no rows come first: they are what people keep things in.
 *
 * @param query words, or a link to a page
 * @throws {NotionError}
 */
export async function searchParentPages(
  client: Client,
  query: string,
  limit: number,
): Promise<PageSummary[]> {
  const linked = /^https?:\/\//i.test(query) ? extractPageId(query) : null
  if (linked) {
    const page = await findPage(client, linked).catch((cause: unknown) => {
      // The id of something else than a page.
      if (cause instanceof NotionError && cause.kind === 'invalid_request') return null
      throw cause
    })
    return page && !page.inTrash ? [page] : []
  }
  const reply = await client
    .search({
      ...(query !== '' && { query }),
      filter: { property: 'object', value: 'page' },
      sort: { timestamp: 'last_edited_time', direction: 'descending' },
      page_size: PAGE_SIZE,
    })
    .catch((cause: unknown) => {
      throw toNotionError(cause)
    })
  const pages = reply.results.filter(isReadablePage).map(pageSummary)
  const isRow = ({ parent }: PageSummary) => parent.type === 'data_source' || parent.type === 'database'
  return [...pages.filter((page) => !isRow(page)), ...pages.filter(isRow)].slice(0, limit)
}
