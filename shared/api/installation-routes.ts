import { z } from '../zod'
import { HealthReplySchema } from '../schemas/health'
import { defineRoutes } from './contract'

const OutcomeSchema = z.enum(['armed', 'queued', 'nothing_to_read', 'ignored'])

/** What operators and Notion call. */
export const INSTALLATION_ROUTES = defineRoutes({
  'GET /api/health': {
    summary: 'Is this instance alive and ready; 503 with the same body when it is not',
    public: true,
    reply: { status: 200, json: HealthReplySchema },
  },
  'POST /api/webhooks/notion': {
    summary: 'Takes events of Notion, signed by it',
    public: true,
    reply: { status: 200, json: z.strictObject({ outcome: OutcomeSchema }) },
    errors: ['WEBHOOK_NOT_READY', 'WEBHOOK_SIGNATURE_INVALID'],
  },
})
