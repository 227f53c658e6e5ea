import type { MirrorParentsReply } from '#shared/schemas/mirror'
import { withConnection } from '#server/connections/vault'
import type { AppContext } from '#server/context'
import type { Connection } from '#server/db/connections'
import { listConnections } from '#server/db/connections'
import { AppError } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { searchParentPages } from '#server/notion/parent-pages'
import { isUsable } from '#server/connections/status'

/** As many of each workspace: more words find fewer. */
const PAGES_PER_WORKSPACE = 30

/**
 * Pages under which a mirror can be made, over all workspaces of a user that can be used.
 *
 * @param query words of the title, or a link; empty for those edited last
 * @throws {AppError} NOTION_NOT_CONNECTED without any workspace
 * @throws {DatabaseError}
 */
export async function listMirrorParents(
  context: AppContext,
  userId: string,
  query: string,
): Promise<MirrorParentsReply> {
  const connections = (await listConnections(context.db, userId)).filter(({ status }) => isUsable(status))
  if (connections.length === 0) throw new AppError('NOTION_NOT_CONNECTED')
  const found = await Promise.all(connections.map((connection) => search(context, connection, query)))
  return { parents: found.flatMap(({ parents }) => parents), failed: found.flatMap(({ failed }) => failed) }
}

/** A workspace that does not answer takes nothing from the others. */
async function search(
  context: AppContext,
  { id: connectionId, workspaceName }: Connection,
  query: string,
): Promise<MirrorParentsReply> {
  try {
    const pages = await withConnection(context, connectionId, 'interactive', ({ client }) =>
      searchParentPages(client, query, PAGES_PER_WORKSPACE),
    )
    const parents = pages.map(({ notionId, title, icon }) => ({
      id: notionId,
      connectionId,
      workspaceName: workspaceName ?? '',
      title,
      icon,
    }))
    return { parents, failed: [] }
  } catch (cause) {
    context.log.warn({ event: 'mirror.parents_failed', connectionId, ...describeError(cause) })
    return { parents: [], failed: [{ connectionId, code: toAppError(cause).code }] }
  }
}
