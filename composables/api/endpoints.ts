import type { DeleteAccountBody } from '#shared/schemas/account'
import type {
  AuthNotionReply,
  ConnectBody,
  ConnectCancelBody,
  ConnectCancelReply,
  ConnectReply,
  ConnectTokenBody,
  ConnectionLogReply,
  DisconnectBody,
  DisconnectReply,
} from '#shared/schemas/connection'
import type { SearchNotionReply } from '#shared/schemas/database'
import type {
  ConfirmBody,
  MailBody,
  MailReply,
  NewPasswordBody,
  SessionReply,
  SessionUser,
  SignInBody,
  SignUpBody,
  SignUpReply,
} from '#shared/schemas/session'
import type { ChangesBody, ChangesReply, TodosReply, WriteBody, WriteReply } from '#shared/schemas/todo'
import type { SnapshotReply } from '#shared/schemas/snapshot'
import type { UndoBody } from '#shared/schemas/history'
import type { TodoListBody, TodoListReply, TodoListsReply } from '#shared/schemas/todo-list'

interface Endpoint {
  reply: unknown
  body?: object
  query?: Record<string, string | number | boolean | undefined>
  params?: Record<string, string | number>
}

interface AllEndpoints {
  'GET /api/session': { reply: SessionReply }
  'POST /api/session': { reply: { user: SessionUser }; body: SignInBody }
  'DELETE /api/session': { reply: undefined }
  'POST /api/session/sign-up': { reply: SignUpReply; body: SignUpBody }
  'POST /api/session/magic-link': { reply: MailReply; body: MailBody }
  'POST /api/session/recover': { reply: MailReply; body: MailBody }
  'POST /api/session/confirm': { reply: { user: SessionUser }; body: ConfirmBody }
  'PUT /api/session/password': { reply: undefined; body: NewPasswordBody }
  'GET /api/auth-notion': { reply: AuthNotionReply }
  'POST /api/connect-notion': { reply: ConnectReply; body: ConnectBody }
  'POST /api/connect-notion/cancel': { reply: ConnectCancelReply; body: ConnectCancelBody }
  'POST /api/connect-notion/token': { reply: ConnectReply; body: ConnectTokenBody }
  'POST /api/disconnect-notion': { reply: DisconnectReply; body: DisconnectBody }
  'GET /api/connections/:id/log': { reply: ConnectionLogReply; params: { id: number } }
  'DELETE /api/account': { reply: undefined; body: DeleteAccountBody }
  'GET /api/search-notion': { reply: SearchNotionReply; query?: { query?: string; refresh?: boolean } }
  'GET /api/todo-lists': { reply: TodoListsReply }
  'POST /api/todo-lists': { reply: TodoListReply; body: TodoListBody }
  'DELETE /api/todo-lists/:id': { reply: undefined; params: { id: number } }
  'GET /api/todos': { reply: TodosReply; query?: { list?: number; since?: number } }
  'GET /api/todos/snapshot': { reply: SnapshotReply; query?: { cursor?: string } }
  'POST /api/todos/changes': { reply: ChangesReply; body: ChangesBody }
  'POST /api/todos/write': { reply: WriteReply; body: WriteBody }
  'POST /api/history/:entry/undo': { reply: ChangesReply; body: UndoBody; params: { entry: string } }
  'POST /api/sync': { reply: undefined; body: { full?: boolean } }
}

/**
 * Every route the interface calls, with what goes in and what comes back. The server checks both against the
 * schemas these types come from; checking a reply of our own origin again would only break tabs that are a
 * release older than the server.
 */
export type Endpoints = {
  [Key in keyof AllEndpoints]: AllEndpoints[Key] extends Endpoint ? AllEndpoints[Key] : never
}

export type Inputs<Key extends keyof Endpoints> = Omit<Endpoints[Key], 'reply'>
