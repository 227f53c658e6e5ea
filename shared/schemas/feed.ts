import { z } from '../zod'
import { TimeZoneSchema } from './time-zone'

export const FEEDS_MAX = 20
/** Days that a feed can be made for; a calendar that is used for longer takes one without an end. */
export const FEED_LIFETIMES_DAYS = [30, 90, 365] as const

/** As events, as tasks, or as both: calendars differ in what they show. */
export const FeedContentSchema = z.enum(['events', 'todos', 'both'])
export type FeedContent = z.infer<typeof FeedContentSchema>

/** A secret address under which a calendar reads a saved view. The address itself is told once, when it is made. */
export const FeedSchema = z.strictObject({
  id: z.number().int(),
  viewId: z.number().int(),
  viewName: z.string(),
  contains: FeedContentSchema,
  createdAt: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  lastUsedAt: z.iso.datetime({ offset: true }).nullable(),
})
export type Feed = z.infer<typeof FeedSchema>

/** GET /api/calendar-feeds */
export const FeedsReplySchema = z.strictObject({ feeds: z.array(FeedSchema) })
export type FeedsReply = z.infer<typeof FeedsReplySchema>

/** POST /api/calendar-feeds */
export const FeedBodySchema = z.strictObject({
  viewId: z.number().int().positive(),
  contains: FeedContentSchema,
  /** Of the calendar's name. */
  locale: z.enum(['en', 'de']),
  /** Where "today" is. */
  timeZone: TimeZoneSchema,
  /** Without it the feed works until it is revoked. */
  lifetimeDays: z.number().int().positive().max(365).optional(),
})
export type FeedBody = z.infer<typeof FeedBodySchema>

export const FeedReplySchema = z.strictObject({ feed: FeedSchema, url: z.url() })
export type FeedReply = z.infer<typeof FeedReplySchema>

/** DELETE /api/calendar-feeds/:id */
export const FeedParamsSchema = z.strictObject({ id: z.coerce.number().int().positive() })

/** GET /api/feeds/:token, which ends in `.ics`. 256 random bits. */
export const FeedTokenParamsSchema = z.strictObject({
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}\.ics$/)
    .transform((file) => file.slice(0, -'.ics'.length)),
})
