import { noteDatabaseAttempt, recordMirrorColumns, recordMirrorDatabase } from '#server/db/mirror-runs'
import { findMirror } from '#server/db/mirrors'
import { AppError } from '#server/errors/app-error'
import { toNotionError } from '#server/notion/errors'
import type { ColumnIds } from '#server/notion/mirror-columns'
import { ColumnIdsSchema, ensureColumns } from '#server/notion/mirror-columns'
import type { MirrorDatabase } from '#server/notion/mirror-database'
import { createMirrorDatabase, findMirrorDatabase, trashMirrorDatabase } from '#server/notion/mirror-database'
import { isRefusal, type MirrorTable } from '#server/notion/mirror-rows'
import { findPage } from '#server/notion/pages'
import { pauseFor } from './pause'
import type { MirrorRun } from './run'

/** The database was deleted in Notion, or is no longer shared with us. It is not made again unasked. */
export class MirrorMissing extends Error {
  override readonly name = 'MirrorMissing'
}

/** What people read under the title of their mirror. */
const NOTE =
  'Kept in step with a list in Roundup. Apart from Done, what is changed here is overwritten; rows and columns of your own stay.'

/**
 * The table of a mirror, made first if it never was, with all its columns.
 *
 * @throws {MirrorMissing}
 * @throws {NotionError}
 * @throws {AppError} CONFLICT when another run has made it meanwhile
 */
export async function ensureTable(run: MirrorRun): Promise<MirrorTable> {
  const { mirror } = run
  const dataSourceId = mirror.dataSourceId ?? (await makeDatabase(run)).dataSourceId
  const known = knownColumns(mirror.columns)
  const columns = await ensureColumns(run.client, dataSourceId, known)
  if (!columns) throw new MirrorMissing()
  const isNew = JSON.stringify(columns.ids) !== JSON.stringify(known)
  if (isNew || columns.repaired) {
    await recordMirrorColumns(run.context.db, mirror.id, columns.ids, columns.repaired)
  }
  return { dataSourceId, columns: columns.ids }
}

/** A request that Notion answered with "not found": is it the whole mirror? @throws {MirrorMissing} then */
export async function checkStillThere(run: MirrorRun, { dataSourceId, columns }: MirrorTable): Promise<void> {
  if (!(await ensureColumns(run.client, dataSourceId, columns))) throw new MirrorMissing()
}

function knownColumns(stored: unknown): Partial<ColumnIds> {
  const parsed = ColumnIdsSchema.safeParse(stored)
  return parsed.success ? parsed.data : {}
}

/** Makes the database, unless an attempt that nobody heard of again has made it already. */
async function makeDatabase(run: MirrorRun): Promise<MirrorDatabase> {
  const { client, mirror, context } = run
  const found = mirror.createAttempted ? await lookAgain(run) : null
  const database = found ?? (await createOnce(run))
  if (await recordMirrorDatabase(context.db, run.key, database)) return database
  // Another run was faster: one of the two is one too many.
  const now = await findMirror(context.db, mirror.id)
  if (now?.dataSourceId !== database.dataSourceId) await trashMirrorDatabase(client, database.databaseId)
  throw new AppError('CONFLICT')
}

async function createOnce(run: MirrorRun): Promise<MirrorDatabase> {
  const { client, mirror } = run
  await noteDatabaseAttempt(run.context.db, run.key)
  const { parentPageId, title, marker } = mirror
  try {
    return await createMirrorDatabase(client, { parentPageId, title, marker, note: NOTE })
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind === 'not_found' && !(await findPage(client, parentPageId))) throw new MirrorMissing()
    const found = isRefusal(error) ? null : await lookAgain(run)
    if (!found) throw error
    return found
  }
}

/** What was just made may show a little late. */
async function lookAgain(run: MirrorRun): Promise<MirrorDatabase | null> {
  const { client, mirror, settleMs, signal } = run
  const atOnce = await findMirrorDatabase(client, mirror)
  if (atOnce) return atOnce
  await pauseFor(settleMs, signal)
  return findMirrorDatabase(client, mirror)
}
