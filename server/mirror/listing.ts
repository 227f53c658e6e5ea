import { listRows, type MirrorTable } from '#server/notion/mirror-rows'
import type { Listing, Seen } from './diff'
import type { MirrorRun } from './run'

/** Notion rounds edit times down to the minute (notion-api.md §12). */
const OVERLAP_MS = 2 * 60_000
/** What people did to rows is looked for once a day in any case. */
const WHOLE_EVERY_MS = 24 * 60 * 60_000

/**
 * What stands in the mirror, as far as this run has to know: everything when asked for, and once a day; else what
 * was edited lately where ticks are taken over; else nothing, which costs nothing.
 *
 * @throws {NotionError}
 */
export async function readListing(run: MirrorRun, table: MirrorTable): Promise<Listing> {
  const { mirror, signal } = run
  const isWhole =
    mirror.full ||
    mirror.readUntil === null ||
    mirror.lastFullAt === null ||
    Date.parse(mirror.lastFullAt) < Date.now() - WHOLE_EVERY_MS
  if (!isWhole && !mirror.tickBack) return { rows: [], whole: false }
  const editedSince =
    isWhole || mirror.readUntil === null
      ? null
      : new Date(Date.parse(mirror.readUntil) - OVERLAP_MS).toISOString()
  const rows: Seen[] = []
  const complete = await listRows(run.client, table, {
    editedSince,
    signal,
    onRows: (batch) => {
      for (const { editedBy, ...row } of batch) {
        rows.push({ ...row, isForeign: run.writers.size > 0 && !run.writers.has(editedBy) })
      }
    },
  })
  return { rows, whole: isWhole && complete }
}
