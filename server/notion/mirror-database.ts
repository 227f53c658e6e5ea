import type { Client } from '@notionhq/client'
import { z } from 'zod'
import { toPlainText } from '#shared/todo/rich-text'
import { NotionError, toNotionError } from './errors'
import { ReplyIdSchema } from './fields'
import { mirrorSchema } from './mirror-columns'
import { PAGE_SIZE, readList } from './pagination'
import { RichTextSchema } from './rich-text'

/** A database of ours in Notion. */
export interface MirrorDatabase {
  databaseId: string
  /** Where its rows are. */
  dataSourceId: string
  url: string
}

const DatabaseSchema = z.looseObject({
  id: ReplyIdSchema,
  url: z.string(),
  in_trash: z.boolean().catch(false),
  description: RichTextSchema.catch([]),
  data_sources: z.array(z.looseObject({ id: ReplyIdSchema })).min(1),
})
type Database = z.output<typeof DatabaseSchema>

/** How long a title may be in one piece (notion-api.md §8). */
const TITLE_MAX_CHARS = 2_000

/**
 * Makes the database of a mirror under a page. Nothing but its marker says afterwards that it was made, should the
 * answer be lost: look with `findMirrorDatabase` before making another.
 *
 * @param mirror.note what people read under the title; `marker` is put behind it
 * @throws NotionError
 */
export async function createMirrorDatabase(
  client: Client,
  mirror: { parentPageId: string; title: string; note: string; marker: string },
): Promise<MirrorDatabase> {
  const reply: unknown = await client.databases
    .create({
      parent: { type: 'page_id', page_id: mirror.parentPageId },
      title: [{ text: { content: mirror.title.slice(0, TITLE_MAX_CHARS) } }],
      description: [{ text: { content: `${mirror.note} (${mirror.marker})` } }],
      icon: { type: 'emoji', emoji: '✅' },
      is_inline: false,
      initial_data_source: { properties: mirrorSchema() },
    })
    .catch(rethrow)
  const parsed = DatabaseSchema.safeParse(reply)
  const database = parsed.success ? toMirrorDatabase(parsed.data) : null
  if (!database) throw new NotionError('invalid_reply')
  return database
}

/**
 * Looks among the databases on a page for the one with this marker.
 * @returns null when there is none
 * @throws NotionError
 */
export async function findMirrorDatabase(
  client: Client,
  mirror: { parentPageId: string; marker: string },
): Promise<MirrorDatabase | null> {
  const { items } = await readList((cursor) =>
    client.blocks.children.list({
      block_id: mirror.parentPageId,
      page_size: PAGE_SIZE,
      ...(cursor === undefined ? {} : { start_cursor: cursor }),
    }),
  )
  // A new one stands at the end.
  const candidates = items.filter((block) => 'type' in block && block.type === 'child_database').reverse()
  for (const { id } of candidates) {
    const database = await retrieve(client, id)
    if (database && toPlainText(database.description).includes(mirror.marker))
      return toMirrorDatabase(database)
  }
  return null
}

/**
 * Puts a database into Notion's trash. One that is gone already is no failure.
 * @throws NotionError
 */
export async function trashMirrorDatabase(client: Client, databaseId: string): Promise<void> {
  try {
    await client.databases.update({ database_id: databaseId, in_trash: true })
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind !== 'not_found') throw error
  }
}

/** A database that is there and not in the trash; one of another connection's is not shared, and no candidate. */
async function retrieve(client: Client, databaseId: string): Promise<Database | null> {
  try {
    const parsed = DatabaseSchema.safeParse(await client.databases.retrieve({ database_id: databaseId }))
    return parsed.success && !parsed.data.in_trash ? parsed.data : null
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind === 'not_found') return null
    throw error
  }
}

function toMirrorDatabase({ id, url, data_sources: [source] }: Database): MirrorDatabase | null {
  return source ? { databaseId: id, dataSourceId: source.id, url } : null
}

function rethrow(cause: unknown): never {
  throw toNotionError(cause)
}
