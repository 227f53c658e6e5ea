import type { Mirror, MirrorEnd } from '#shared/schemas/mirror'
import { withConnection } from '#server/connections/vault'
import type { AppContext } from '#server/context'
import { isOwnConnection } from '#server/db/connections'
import { createMirror, findMirror, listMirrors, setTickBack, stopMirror } from '#server/db/mirrors'
import { AppError } from '#server/errors/app-error'
import { trashMirrorDatabase } from '#server/notion/mirror-database'
import { findPage } from '#server/notion/pages'
import { requestMirror } from './request'

/**
 * Has a list mirrored under a page. A list has one mirror: asked for again, it is answered as it is.
 *
 * @throws {AppError} NOT_FOUND when list, connection or page are not this user's or not there; Notion's refusal
 * @throws {DatabaseError}
 */
export async function startMirror(
  context: AppContext,
  request: {
    userId: string
    listId: number
    connectionId: number
    parentPageId: string
    tickBack: boolean
  },
): Promise<Mirror> {
  const { userId, connectionId, parentPageId } = request
  if (!(await isOwnConnection(context.db, userId, connectionId))) throw new AppError('NOT_FOUND')
  const page = await withConnection(context, connectionId, 'interactive', ({ client }) =>
    findPage(client, parentPageId),
  )
  if (!page || page.inTrash) throw new AppError('NOT_FOUND')
  const parent = { id: page.notionId, title: page.title }
  const made = await createMirror(context.db, { ...request, parent })
  if (!made) throw new AppError('NOT_FOUND')
  if (made.created) await requestMirror(context, made.id)
  return readMirror(context, userId, made.id)
}

/** One mirror. @throws {AppError} NOT_FOUND when there is no such mirror of this user */
export async function readMirror({ db }: AppContext, userId: string, id: number): Promise<Mirror> {
  const [mirror] = await listMirrors(db, userId, id)
  if (!mirror) throw new AppError('NOT_FOUND')
  return mirror
}

/**
 * Has a mirror brought in step now. One whose database was missing is looked for once more.
 *
 * @throws {AppError} NOT_FOUND, or NOTION_NOT_CONNECTED while it is paused
 */
export async function syncMirror(context: AppContext, userId: string, id: number): Promise<Mirror> {
  await readMirror(context, userId, id)
  if (!(await requestMirror(context, id))) throw new AppError('NOTION_NOT_CONNECTED')
  return readMirror(context, userId, id)
}

/** Whether ticking in the mirror ticks the to-do. @throws {AppError} NOT_FOUND */
export async function changeTickBack(
  context: AppContext,
  userId: string,
  id: number,
  tickBack: boolean,
): Promise<Mirror> {
  if (!(await setTickBack(context.db, userId, id, tickBack))) throw new AppError('NOT_FOUND')
  return readMirror(context, userId, id)
}

/**
 * Ends a mirror. Its database stays in Notion as it is, or goes into the trash there.
 *
 * @throws {AppError} NOT_FOUND; when it cannot be put into the trash, Notion's refusal: then nothing has changed
 */
export async function endMirror(
  context: AppContext,
  userId: string,
  id: number,
  database: MirrorEnd,
): Promise<void> {
  const mirror = await findMirror(context.db, id, userId)
  if (!mirror) throw new AppError('NOT_FOUND')
  const { connectionId, databaseId } = mirror
  if (database === 'trash' && databaseId !== null) {
    await withConnection(context, connectionId, 'interactive', ({ client }) =>
      trashMirrorDatabase(client, databaseId),
    )
  }
  await stopMirror(context.db, userId, id)
}
