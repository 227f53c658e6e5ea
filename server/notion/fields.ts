import { z } from 'zod'
import { normaliseNotionId } from '#shared/todo/notion-id'

/** An id in a reply of Notion's, in the one spelling that is stored and compared. */
export const ReplyIdSchema = z
  .string()
  .min(1)
  .transform((id) => normaliseNotionId(id) ?? id)

/** A moment in a reply of Notion's. */
export const ReplyTimeSchema = z.iso.datetime({ offset: true })

/** Stands in for a moment Notion left out where only the order matters: older than everything. */
export const UNKNOWN_TIME = '1970-01-01T00:00:00.000Z'
