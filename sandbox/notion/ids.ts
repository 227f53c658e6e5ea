import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'

const UUID_PATTERN = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/** Puts an id into the dashed lower-case form that Notion answers with. */
export function dashed(id: string): string {
  const hex = id.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** An id as Notion accepts it: 32 hex digits, dashes optional; parsed to the dashed form. */
export const IdSchema = z.string().regex(UUID_PATTERN, 'should be a valid uuid').transform(dashed)

/** An id that is always the same for the same key, so that demo data keeps its links between resets. */
export function seededId(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return dashed(`${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17, 32)}`)
}

/** A fresh id for something created while the stand-in runs. */
export function freshId(): string {
  return randomUUID()
}
