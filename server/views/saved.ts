import type { NamedRule, RuleBody, SavedView, SavedViewBody, ViewsReply } from '#shared/schemas/view'
import { STORED_QUERY_MAX_LENGTH } from '#shared/schemas/view'
import type { Query } from '#shared/todo/query/ast'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import type { AppContext } from '#server/context'
import type { Db } from '#server/db/client'
import { listRules, setRule } from '#server/db/list-rules'
import { insertSavedView, listSavedViews, updateSavedView } from '#server/db/saved-views'
import { listSources } from '#server/db/sources'
import { AppError, invalidField } from '#server/errors/app-error'

/** All that a browser needs to look at to-dos the way its person does. @throws {DatabaseError} */
export async function loadViews({ db }: AppContext, userDb: Db, userId: string): Promise<ViewsReply> {
  const [views, rules, sources] = await Promise.all([
    listSavedViews(userDb, userId),
    listRules(userDb, userId),
    listSources(db, userId),
  ])
  return { views, rules, sources }
}

/** @throws {AppError} INVALID_REQUEST for a line with a mistake @throws {DatabaseError} also for one too many */
export async function createView(
  { db }: AppContext,
  userId: string,
  body: SavedViewBody,
): Promise<SavedView> {
  const canonical = withCanonicalLine(body)
  const existing = await listSavedViews(db, userId)
  return insertSavedView(db, userId, canonical, existing.length + 1)
}

/** @throws {AppError} NOT_FOUND; INVALID_REQUEST for a line with a mistake @throws {DatabaseError} */
export async function changeView(
  { db }: AppContext,
  userId: string,
  id: number,
  body: SavedViewBody,
): Promise<SavedView> {
  const view = await updateSavedView(db, userId, id, withCanonicalLine(body))
  if (!view) throw new AppError('NOT_FOUND')
  return view
}

/** @throws {AppError} NOT_FOUND when the place is not the user's @throws {DatabaseError} */
export async function changeRule({ db }: AppContext, userId: string, body: RuleBody): Promise<NamedRule[]> {
  if (!(await setRule(db, userId, body))) throw new AppError('NOT_FOUND')
  return listRules(db, userId)
}

/**
 * What a filter line asks for. Unlike the interface, which filters by what it understands while somebody types,
 * what is stored or exported has to be right.
 *
 * @param path of the field the line came in
 * @throws {AppError} INVALID_REQUEST
 */
export function readLine(line: string, path: string): Query {
  const { query, problems } = parseQuery(line, STORED_QUERY_MAX_LENGTH)
  const [problem] = problems
  if (problem) throw invalidField(path, `query_${problem.code}`)
  return query
}

function withCanonicalLine({ name, view }: SavedViewBody): SavedViewBody {
  const query = printQuery(readLine(view.query, 'view.query'))
  if (query.length > STORED_QUERY_MAX_LENGTH) throw invalidField('view.query', 'too_big')
  return { name, view: { ...view, query } }
}
