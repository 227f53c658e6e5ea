import { z } from 'zod'
import { NotionApiError } from './errors.ts'
import { queryPaging } from './pagination.ts'
import type { ConnectionRecord, WorkspaceRecord } from './records.ts'
import { type Call, endpoint, nothing } from './router.ts'

const UPLOAD_LIMIT_BYTES = 5 * 1024 * 1024

type Person = WorkspaceRecord['users'][number]

/** A person as replies show them; the e-mail only to connections that may see it. */
export function personReply({ id, name, avatar_url, email }: Person, withEmail = true) {
  return {
    object: 'user',
    id,
    name,
    avatar_url: avatar_url ?? null,
    type: 'person',
    person: withEmail ? { email } : {},
  } as const
}

function workspaceOf(call: Call): WorkspaceRecord {
  const workspace = call.world.store.workspaces.get(call.connection.workspaceId)
  if (!workspace) throw new NotionApiError(401, 'unauthorized', 'API token is invalid.')
  return workspace
}

/** Who the token belongs to, as in the token reply and in the bot user. */
export function ownerReply(connection: ConnectionRecord, workspace: WorkspaceRecord) {
  const person = workspace.users.find(({ id }) => id === connection.userId)
  if (connection.kind === 'internal' || !person) return { type: 'workspace', workspace: true } as const
  return { type: 'user', user: personReply(person) } as const
}

function botReply(connection: ConnectionRecord, workspace: WorkspaceRecord) {
  return {
    object: 'user',
    id: connection.botId,
    name: 'Roundup',
    avatar_url: null,
    type: 'bot',
    bot: {
      owner: ownerReply(connection, workspace),
      workspace_id: workspace.id,
      workspace_name: workspace.name,
      workspace_limits: { max_file_upload_size_in_bytes: UPLOAD_LIMIT_BYTES },
    },
  }
}

export const userEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/users/me',
    query: nothing,
    body: nothing,
    handle: (call) => botReply(call.connection, workspaceOf(call)),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/users/{user_id}',
    capability: 'users',
    query: nothing,
    body: nothing,
    handle(call) {
      const id = call.id('user_id')
      const workspace = workspaceOf(call)
      if (id === call.connection.botId) return botReply(call.connection, workspace)
      const person = workspace.users.find((candidate) => candidate.id === id)
      if (!person) throw new NotionApiError(404, 'object_not_found', `Could not find user with ID: ${id}.`)
      return personReply(person, call.connection.capabilities.emails)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/users',
    capability: 'users',
    query: z.strictObject(queryPaging),
    body: nothing,
    handle(call, { query }) {
      const workspace = workspaceOf(call)
      const { botId, capabilities } = call.connection
      const everybody = [
        ...workspace.users.map((person) => personReply(person, capabilities.emails)),
        botReply(call.connection, workspace),
      ]
      const slice = call.world.cursors.slice(everybody, ({ id }) => id, query, `users:${botId}`)
      return { object: 'list', type: 'user', user: {}, ...slice }
    },
  }),
]
