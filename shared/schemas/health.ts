import { z } from '../zod'

const CheckSchema = z.enum(['ok', 'down'])

/** GET /api/health */
export const HealthReplySchema = z.strictObject({
  status: CheckSchema,
  checks: z.strictObject({ database: CheckSchema, key: CheckSchema, queue: CheckSchema }),
})
export type HealthReply = z.infer<typeof HealthReplySchema>
