import { isDeepStrictEqual } from 'node:util'
import type { CountingBody, CountingReply } from '#shared/schemas/database'
import type { AppContext } from '#server/context'
import type { Db } from '#server/db/client'
import type { CountedDatabase } from '#server/db/databases'
import {
  findCountedDatabase,
  listCustomisedDatabases,
  listDatabases,
  setCounting,
} from '#server/db/databases'
import { AppError, invalidField } from '#server/errors/app-error'
import { choiceOf, chosenCounting, doneCandidates, suggestCounting } from '#server/notion/counting'
import { getProperties } from '#server/notion/data-source'
import { requestSync } from '#server/sync/request'

/**
 * What counts as a to-do in a database, and what could.
 *
 * @param userDb sees only the user's own rows
 * @throws {AppError} NOTION_DATABASE_NOT_FOUND when it is not the user's, or its workspace is disconnected
 * @throws {DatabaseError}
 */
export async function readCounting(userDb: Db, userId: string, dataSourceId: string): Promise<CountingReply> {
  return describe(userDb, userId, await findOwn(userDb, userId, dataSourceId))
}

/**
 * Lets a person say what counts as a to-do in a database. Its rows are read anew at once where a list reads it.
 *
 * @throws {AppError} NOTION_DATABASE_NOT_FOUND as above; INVALID_REQUEST when rows shall count by what is not there
 * @throws {DatabaseError}
 */
export async function chooseCounting(
  context: AppContext,
  userDb: Db,
  { userId, dataSourceId, choice }: { userId: string; dataSourceId: string; choice: CountingBody },
): Promise<CountingReply> {
  const own = await findOwn(userDb, userId, dataSourceId)
  const counting = chosenCounting(getProperties(own.metadata).values(), choice)
  if (!counting) throw invalidField('done', choice.done === null ? 'required' : 'unknown_value')
  await setCounting(context.db, own.id, counting, true)
  await requestSync(context, { userId, connectionId: own.connectionId, full: false })
  return describe(userDb, userId, own)
}

/**
 * After a refresh: a choice follows what its database has now (new values of Notion's "complete" group count too),
 * and gives way to the suggestion when what was chosen is gone, rather than leave rows that nobody can tick.
 *
 * @throws {DatabaseError}
 */
export async function renewChoices(context: AppContext, connectionId: number): Promise<void> {
  for (const { id, metadata, counting } of await listCustomisedDatabases(context.db, connectionId)) {
    const properties = [...getProperties(metadata).values()]
    const renewed = chosenCounting(properties, choiceOf(counting))
    if (!renewed) await setCounting(context.db, id, suggestCounting(properties), false)
    else if (!isDeepStrictEqual(renewed, counting)) await setCounting(context.db, id, renewed, true)
  }
}

async function describe(userDb: Db, userId: string, own: CountedDatabase): Promise<CountingReply> {
  const databases = await listDatabases(userDb, userId, own.connectionId)
  const database = databases.find(({ id }) => id === own.dataSourceId)
  if (!database) throw new AppError('NOTION_DATABASE_NOT_FOUND')
  return { database, candidates: doneCandidates(getProperties(own.metadata).values()) }
}

async function findOwn(userDb: Db, userId: string, dataSourceId: string): Promise<CountedDatabase> {
  const own = await findCountedDatabase(userDb, userId, dataSourceId)
  if (!own) throw new AppError('NOTION_DATABASE_NOT_FOUND')
  return own
}
