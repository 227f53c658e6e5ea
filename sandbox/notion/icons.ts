import { z } from 'zod'
import { validationError } from './errors.ts'
import { IdSchema } from './ids.ts'
import type { Cover, Icon } from './seed-format.ts'

/** Icons as clients may set them; uploads are not part of the stand-in. */
export const IconRequestSchema = z.union([
  z.strictObject({ type: z.literal('emoji').optional(), emoji: z.string().min(1) }),
  z.strictObject({
    type: z.literal('external').optional(),
    external: z.strictObject({ url: z.url().max(2000) }),
  }),
  z.strictObject({
    type: z.literal('custom_emoji').optional(),
    custom_emoji: z.strictObject({ id: IdSchema, name: z.string().optional(), url: z.string().optional() }),
  }),
  z.strictObject({
    type: z.literal('icon').optional(),
    icon: z.strictObject({ name: z.string(), color: z.string().optional() }),
  }),
])

export const CoverRequestSchema = z.strictObject({
  type: z.literal('external').optional(),
  external: z.strictObject({ url: z.url().max(2000) }),
})

/** @throws NotionApiError validation_error for a custom emoji without name and address, which it cannot look up */
export function iconFrom(request: z.output<typeof IconRequestSchema> | null): Icon | null {
  if (request === null) return null
  if ('emoji' in request) return { type: 'emoji', emoji: request.emoji }
  if ('external' in request) return { type: 'external', external: request.external }
  if ('icon' in request) {
    const { name, color } = request.icon
    return { type: 'icon', icon: { name, color: color ?? 'gray' } }
  }
  const { id, name, url } = request.custom_emoji
  if (name === undefined || url === undefined)
    throw validationError(`Could not find custom emoji with ID: ${id}.`)
  return { type: 'custom_emoji', custom_emoji: { id, name, url } }
}

export function coverFrom(request: z.output<typeof CoverRequestSchema> | null): Cover | null {
  return request === null ? null : { type: 'external', external: request.external }
}
