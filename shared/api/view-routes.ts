import { ExportQuerySchema } from '../schemas/export'
import {
  FeedBodySchema,
  FeedParamsSchema,
  FeedReplySchema,
  FeedsReplySchema,
  FeedTokenParamsSchema,
} from '../schemas/feed'
import {
  DefaultViewBodySchema,
  RuleBodySchema,
  RulesReplySchema,
  SavedViewBodySchema,
  SavedViewReplySchema,
  ViewOrderBodySchema,
  ViewParamsSchema,
  ViewsReplySchema,
} from '../schemas/view'
import { defineRoutes } from './contract'

/** Views: saved, exported, and read by calendars. */
export const VIEW_ROUTES = defineRoutes({
  'GET /api/views': {
    summary: 'Saved views, what is kept out of the lists, and the names that queries can use',
    reply: { status: 200, json: ViewsReplySchema },
  },
  'POST /api/views': {
    summary: 'Save a view under a name',
    body: SavedViewBodySchema,
    reply: { status: 201, json: SavedViewReplySchema },
  },
  'PUT /api/views/:id': {
    summary: 'Rename a view, or save another state of it',
    params: ViewParamsSchema,
    body: SavedViewBodySchema,
    reply: { status: 200, json: SavedViewReplySchema },
    errors: ['NOT_FOUND'],
  },
  'DELETE /api/views/:id': {
    summary: 'Delete a view and the calendar feeds that show it',
    params: ViewParamsSchema,
    reply: { status: 204 },
    errors: ['NOT_FOUND'],
  },
  'PUT /api/views/order': {
    summary: 'Put the saved views into another order',
    body: ViewOrderBodySchema,
    reply: { status: 204 },
  },
  'PUT /api/views/default': {
    summary: 'Begin with this view, or with none',
    body: DefaultViewBodySchema,
    reply: { status: 204 },
    errors: ['NOT_FOUND'],
  },
  'PUT /api/views/rules': {
    summary: 'Keep a database or a page out of all lists, or let it in again',
    body: RuleBodySchema,
    reply: { status: 200, json: RulesReplySchema },
    errors: ['NOT_FOUND'],
  },
  'GET /api/export': {
    summary: 'A view as a file: CSV, JSON, Markdown, or Markdown for Obsidian Tasks',
    query: ExportQuerySchema,
    reply: { status: 200, contentTypes: ['text/csv', 'application/json', 'text/markdown'] },
    errors: ['NOT_FOUND'],
  },
  'GET /api/calendar-feeds': {
    summary: 'Calendar feeds, without their addresses',
    reply: { status: 200, json: FeedsReplySchema },
  },
  'POST /api/calendar-feeds': {
    summary: 'Make a calendar feed of a saved view; its address is told once',
    body: FeedBodySchema,
    reply: { status: 201, json: FeedReplySchema },
    errors: ['NOT_FOUND'],
  },
  'DELETE /api/calendar-feeds/:id': {
    summary: 'Revoke a calendar feed at once',
    params: FeedParamsSchema,
    reply: { status: 204 },
    errors: ['NOT_FOUND'],
  },
  'GET /api/feeds/:token': {
    summary: 'A view as a calendar (iCalendar), for whoever has its secret address',
    public: true,
    params: FeedTokenParamsSchema,
    reply: { status: 200, contentTypes: ['text/calendar'] },
    errors: ['NOT_FOUND'],
  },
})
