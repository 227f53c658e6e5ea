import { z } from '../zod'

const BARE_ID = /^[0-9a-f]{32}$/
const HYPHENATED_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * One spelling for a Notion id: lower case with hyphens, as the API answers it. People and links also bring
 * it in capitals and without hyphens. `null` when it is not an id.
 */
export function normaliseNotionId(value: string): string | null {
  const id = value.toLowerCase()
  if (HYPHENATED_ID.test(id)) return id
  if (!BARE_ID.test(id)) return null
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')
}

/** A Notion id at a trust edge, brought to its one spelling. */
export const NotionIdSchema = z.string().transform((value, context) => {
  const id = normaliseNotionId(value)
  if (id !== null) return id
  context.addIssue({ code: 'custom', message: 'not a Notion id' })
  return z.NEVER
})

/** Deep link to a block on its page: the page's own URL with the block's bare id as the fragment. */
export function blockUrl(pageUrl: string, blockId: string): string {
  const [page] = pageUrl.split('#', 1)
  return `${page}#${blockId.replaceAll('-', '')}`
}

/**
 * A link to a page of which only the id is known. Notion's own `url` is preferred where it was given: its
 * form is Notion's business, but it has always resolved a bare id.
 */
export function pageUrl(pageId: string): string {
  return `https://www.notion.so/${pageId.replaceAll('-', '')}`
}
