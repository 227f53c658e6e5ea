import {
  EntryParamsSchema,
  HistoryEntryReplySchema,
  HistoryQuerySchema,
  HistoryReplySchema,
  UndoBodySchema,
} from '../schemas/history'
import {
  ChangesBodySchema,
  ChangesReplySchema,
  ToggleCheckboxBodySchema,
  ToggleCheckboxReplySchema,
  WriteBodySchema,
  WriteReplySchema,
} from '../schemas/todo'
import { defineRoutes } from './contract'

/** Ticking, and what came of it. */
export const WRITING_ROUTES = defineRoutes({
  'POST /api/toggle-checkbox': {
    summary: 'Tick or untick a to-do, here and in Notion',
    body: ToggleCheckboxBodySchema,
    reply: { status: 200, json: ToggleCheckboxReplySchema },
    errors: ['NOT_FOUND', 'NOTION_NOT_CONNECTED'],
  },
  'POST /api/todos/changes': {
    summary: 'Tick or untick up to 500 to-dos as one action',
    body: ChangesBodySchema,
    reply: { status: 200, json: ChangesReplySchema },
  },
  'POST /api/todos/write': {
    summary: 'Decide about a change that did not get through',
    body: WriteBodySchema,
    reply: { status: 200, json: WriteReplySchema },
    errors: ['NOT_FOUND', 'CONFLICT', 'NOTION_NOT_CONNECTED'],
  },
  'GET /api/history': {
    summary: 'What the caller has changed, newest first',
    query: HistoryQuerySchema,
    reply: { status: 200, json: HistoryReplySchema },
  },
  'GET /api/history/:entry': {
    summary: 'One entry of the history with all its changes',
    params: EntryParamsSchema,
    reply: { status: 200, json: HistoryEntryReplySchema },
    errors: ['NOT_FOUND'],
  },
  'POST /api/history/:entry/undo': {
    summary: 'Take an entry of the history back, or some of it',
    params: EntryParamsSchema,
    body: UndoBodySchema,
    reply: { status: 200, json: ChangesReplySchema },
    errors: ['NOT_FOUND'],
  },
})
