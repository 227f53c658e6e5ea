import { z } from '../zod'
import {
  AuthNotionReplySchema,
  ConnectBodySchema,
  ConnectCancelBodySchema,
  ConnectCancelReplySchema,
  ConnectionLogReplySchema,
  ConnectionParamsSchema,
  ConnectReplySchema,
  ConnectTokenBodySchema,
  DisconnectBodySchema,
  DisconnectReplySchema,
  StartQuerySchema,
} from '../schemas/connection'
import {
  CountingBodySchema,
  CountingReplySchema,
  DatabaseParamsSchema,
  SearchNotionQuerySchema,
  SearchNotionReplySchema,
} from '../schemas/database'
import { defineRoutes } from './contract'

/** Workspaces: connecting, their state, their databases, leaving. */
export const CONNECTION_ROUTES = defineRoutes({
  'GET /api/auth/:provider/start': {
    summary: 'Begin connecting: to the consent page',
    params: z.strictObject({ provider: z.string().max(50) }),
    query: StartQuerySchema,
    reply: { status: 302 },
    errors: ['NOT_FOUND'],
  },
  'POST /api/connect-notion': {
    summary: 'Finish connecting with what the consent page gave',
    body: ConnectBodySchema,
    reply: { status: 200, json: ConnectReplySchema },
    errors: ['OAUTH_STATE_INVALID', 'NOTION_OAUTH_FAILED', 'NOTION_UNAVAILABLE'],
  },
  'POST /api/connect-notion/cancel': {
    summary: 'Say that the consent page was cancelled or refused',
    body: ConnectCancelBodySchema,
    reply: { status: 200, json: ConnectCancelReplySchema },
    errors: ['OAUTH_STATE_INVALID'],
  },
  'POST /api/connect-notion/token': {
    summary: 'Connect with a pasted token',
    body: ConnectTokenBodySchema,
    reply: { status: 200, json: ConnectReplySchema },
    errors: ['NOTION_TOKEN_INVALID', 'NOTION_UNAVAILABLE'],
  },
  'GET /api/auth-notion': {
    summary: 'The workspaces of the caller and how they are connected',
    reply: { status: 200, json: AuthNotionReplySchema },
  },
  'POST /api/disconnect-notion': {
    summary: 'Disconnect a workspace; its lists are removed or kept as they are',
    body: DisconnectBodySchema,
    reply: { status: 200, json: DisconnectReplySchema },
    errors: ['NOT_FOUND'],
  },
  'GET /api/connections/:id/log': {
    summary: 'What happened to a connection',
    params: ConnectionParamsSchema,
    reply: { status: 200, json: ConnectionLogReplySchema },
    errors: ['NOT_FOUND'],
  },
  'GET /api/search-notion': {
    summary: 'Databases, from the cache or asked anew',
    query: SearchNotionQuerySchema,
    reply: { status: 200, json: SearchNotionReplySchema },
    errors: [
      'NOTION_NOT_CONNECTED',
      'NOTION_TOKEN_INVALID',
      'NOTION_ACCESS_DENIED',
      'NOTION_API_ERROR',
      'NOTION_RATE_LIMITED',
      'NOTION_UNAVAILABLE',
      'CONFLICT',
    ],
  },
  'GET /api/databases/:id/counting': {
    summary: 'What counts as a to-do in a database, and what could',
    params: DatabaseParamsSchema,
    reply: { status: 200, json: CountingReplySchema },
    errors: ['NOT_FOUND', 'NOTION_DATABASE_NOT_FOUND'],
  },
  'PUT /api/databases/:id/counting': {
    summary: 'Say what counts as a to-do in a database; where a list reads it, it is read anew at once',
    params: DatabaseParamsSchema,
    body: CountingBodySchema,
    reply: { status: 200, json: CountingReplySchema },
    errors: ['NOT_FOUND', 'NOTION_DATABASE_NOT_FOUND'],
  },
})
