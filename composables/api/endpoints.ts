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
  MirrorBody,
  MirrorChangeBody,
  MirrorEnd,
  MirrorParentsReply,
  MirrorReply,
  MirrorsReply,
} from '#shared/schemas/mirror'
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
import type { HistoryEntryReply, HistoryReply, UndoBody } from '#shared/schemas/history'
import type { TodoListBody, TodoListReply, TodoListsReply } from '#shared/schemas/todo-list'
import type {
  DefaultViewBody,
  RuleBody,
  RulesReply,
  SavedViewBody,
  SavedViewReply,
  ViewOrderBody,
  ViewsReply,
} from '#shared/schemas/view'
import type { FeedBody, FeedReply, FeedsReply } from '#shared/schemas/feed'

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
  'GET /api/views': { reply: ViewsReply }
  'POST /api/views': { reply: SavedViewReply; body: SavedViewBody }
  'PUT /api/views/:id': { reply: SavedViewReply; body: SavedViewBody; params: { id: number } }
  'DELETE /api/views/:id': { reply: undefined; params: { id: number } }
  'PUT /api/views/order': { reply: undefined; body: ViewOrderBody }
  'PUT /api/views/default': { reply: undefined; body: DefaultViewBody }
  'PUT /api/views/rules': { reply: RulesReply; body: RuleBody }
  'GET /api/calendar-feeds': { reply: FeedsReply }
  'POST /api/calendar-feeds': { reply: FeedReply; body: FeedBody }
  'DELETE /api/calendar-feeds/:id': { reply: undefined; params: { id: number } }
  'GET /api/todos': { reply: TodosReply; query?: { list?: number; since?: number } }
  'GET /api/todos/snapshot': { reply: SnapshotReply; query?: { cursor?: string } }
  'POST /api/todos/changes': { reply: ChangesReply; body: ChangesBody }
  'POST /api/todos/write': { reply: WriteReply; body: WriteBody }
  'GET /api/history': { reply: HistoryReply; query?: { before?: string; limit?: number } }
  'GET /api/history/:entry': { reply: HistoryEntryReply; params: { entry: string } }
  'POST /api/history/:entry/undo': { reply: ChangesReply; body: UndoBody; params: { entry: string } }
  'POST /api/sync': { reply: undefined; body: { full?: boolean } }
  'GET /api/mirrors': { reply: MirrorsReply }
  'POST /api/mirrors': { reply: MirrorReply; body: MirrorBody }
  'PUT /api/mirrors/:id': { reply: MirrorReply; body: MirrorChangeBody; params: { id: number } }
  'DELETE /api/mirrors/:id': { reply: undefined; query: { database: MirrorEnd }; params: { id: number } }
  'POST /api/mirrors/:id/sync': { reply: MirrorReply; params: { id: number } }
  'GET /api/mirror-parents': { reply: MirrorParentsReply; query?: { query?: string } }
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
