import type { Client } from '@notionhq/client'
import { toNotionError } from './errors'
import type { PageSummary } from './reading'
import { pageSummary } from './rows'

/**
 * Looks a page up by its id.
 *
 * @returns null when it is gone or not shared: Notion does not tell the two apart (notion-api.md §8)
 * @throws {NotionError}
 */
export async function findPage(client: Client, pageId: string): Promise<PageSummary | null> {
  try {
    return pageSummary(await client.pages.retrieve({ page_id: pageId }))
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind === 'not_found') return null
    throw error
  }
}
