import { z } from 'zod'
import type { ViewsReply } from '#shared/schemas/view'
import type { Db } from './client'
import { allRows } from './client'

const OwnerSchema = z.object({ user: z.object({ id: z.string() }) })

/**
 * What a user's to-dos can come from, by name, and who the user is in Notion. Workspaces that were ended but are
 * still shown are among them.
 *
 * @param db the service's: whom a connection belongs to in Notion is not for browsers
 * @throws {DatabaseError}
 */
export async function listSources(db: Db, userId: string): Promise<ViewsReply['sources']> {
  const connections = await allRows('sources.connections', (from, to) =>
    db
      .from('notion_access_token_user')
      .select('id, token:notion_access_token!inner (workspace_name, owner)')
      .eq('user_id', userId)
      .or('deleted_at.is.null,frozen_at.not.is.null')
      .order('id')
      .range(from, to),
  )
  const ids = connections.map(({ id }) => id)
  const databases = await allRows('sources.databases', (from, to) =>
    db
      .from('notion_database')
      .select('data_source_id, name, connection_id')
      .eq('user_id', userId)
      .in('connection_id', ids)
      .order('id')
      .range(from, to),
  )
  const owners = connections.flatMap(({ token }) => OwnerSchema.safeParse(token.owner).data?.user.id ?? [])
  return {
    databases: databases.map((row) => ({
      id: row.data_source_id,
      name: row.name,
      workspaceId: String(row.connection_id),
    })),
    workspaces: connections.map(({ id, token }) => ({ id: String(id), name: token.workspace_name ?? '' })),
    me: [...new Set(owners)],
  }
}
