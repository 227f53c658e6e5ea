import {
  MirrorBodySchema,
  MirrorChangeBodySchema,
  MirrorEndQuerySchema,
  MirrorParamsSchema,
  MirrorParentsQuerySchema,
  MirrorParentsReplySchema,
  MirrorReplySchema,
  MirrorsReplySchema,
} from '../schemas/mirror'
import { defineRoutes } from './contract'

/** Lists mirrored into Notion. */
export const MIRROR_ROUTES = defineRoutes({
  'GET /api/mirrors': {
    summary: 'The lists of the caller that are mirrored into Notion',
    reply: { status: 200, json: MirrorsReplySchema },
  },
  'POST /api/mirrors': {
    summary: 'Mirror a list into Notion under a page; one that is mirrored already is answered as it is',
    body: MirrorBodySchema,
    reply: { status: 200, json: MirrorReplySchema },
    errors: ['NOT_FOUND', 'NOTION_NOT_CONNECTED', 'NOTION_TOKEN_INVALID', 'NOTION_UNAVAILABLE'],
  },
  'GET /api/mirrors/:id': {
    summary: 'A mirror: how it is, and how far its run has come',
    params: MirrorParamsSchema,
    reply: { status: 200, json: MirrorReplySchema },
    errors: ['NOT_FOUND'],
  },
  'PUT /api/mirrors/:id': {
    summary: 'Whether ticking in the mirror ticks the to-do',
    params: MirrorParamsSchema,
    body: MirrorChangeBodySchema,
    reply: { status: 200, json: MirrorReplySchema },
    errors: ['NOT_FOUND'],
  },
  'DELETE /api/mirrors/:id': {
    summary: 'Stop mirroring; the database in Notion is kept or put into the trash there',
    params: MirrorParamsSchema,
    query: MirrorEndQuerySchema,
    reply: { status: 204 },
    errors: ['NOT_FOUND', 'NOTION_NOT_CONNECTED', 'NOTION_ACCESS_DENIED', 'NOTION_UNAVAILABLE'],
  },
  'POST /api/mirrors/:id/sync': {
    summary: 'Bring a mirror in step with its list now',
    params: MirrorParamsSchema,
    reply: { status: 202, json: MirrorReplySchema },
    errors: ['NOT_FOUND', 'NOTION_NOT_CONNECTED'],
  },
  'GET /api/mirror-parents': {
    summary: 'Pages in Notion under which a mirror can be made',
    query: MirrorParentsQuerySchema,
    reply: { status: 200, json: MirrorParentsReplySchema },
    errors: ['NOTION_NOT_CONNECTED'],
  },
})
