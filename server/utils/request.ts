import type { H3Event } from 'h3'
import { getRequestHeader, getRouterParams, setResponseHeader } from 'h3'
import type { z } from 'zod'
import { AppError, invalidField } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'

/** No request of ours needs more, unless it says so. */
export const BODY_MAX_BYTES = 64 * 1_024
/** Read past, so that an honest sender gets to hear the refusal; then the connection ends. */
const PATIENCE_BYTES = 1_024 * 1_024

/**
 * Reads a JSON body and checks it. Fields the schema does not name are refused.
 *
 * @param maxBytes for a route that needs more than others
 * @throws {AppError} INVALID_REQUEST with the wrong fields
 */
export async function readBodyAs<Schema extends z.ZodType>(
  event: H3Event,
  schema: Schema,
  maxBytes = BODY_MAX_BYTES,
): Promise<z.output<Schema>> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) throw invalidField('content-type', 'not_json')
  return parseAs(schema, parseJson((await readBytes(event, maxBytes)).toString('utf8')))
}

/**
 * A body as it came over the wire. Never holds more than the limit, whatever length the sender announces or
 * keeps to himself.
 *
 * @throws {AppError} INVALID_REQUEST when it is longer
 */
export async function readBytes(event: H3Event, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  // The stream stays open when we stop early, or the refusal could not be answered.
  const body: AsyncIterable<Buffer> = event.node.req.iterator({ destroyOnReturn: false })
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    if (bytes > PATIENCE_BYTES) {
      setResponseHeader(event, 'connection', 'close')
      break
    }
  }
  if (bytes > maxBytes) throw invalidField('', 'too_big')
  return Buffer.concat(chunks)
}

/** The same for the query. A parameter that is given twice is refused. @throws {AppError} INVALID_REQUEST */
export function queryAs<Schema extends z.ZodType>(event: H3Event, schema: Schema): z.output<Schema> {
  const given = new URLSearchParams(/\?(.*)/s.exec(event.path)?.[1])
  // Without a prototype, so that "__proto__" is an unknown name like any other.
  const query: Record<string, unknown> = Object.create(null)
  for (const name of given.keys()) {
    const values = given.getAll(name)
    query[name] = values.length === 1 ? values[0] : values
  }
  return parseAs(schema, query)
}

/** The same for the route's parameters; what is malformed cannot exist. @throws {AppError} NOT_FOUND */
export function paramsAs<Schema extends z.ZodType>(event: H3Event, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(getRouterParams(event, { decode: true }))
  if (!parsed.success) throw new AppError('NOT_FOUND')
  return parsed.data
}

function parseJson(raw: string): unknown {
  try {
    const value: unknown = JSON.parse(raw)
    return value
  } catch {
    throw invalidField('', 'not_json')
  }
}

function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw toAppError(parsed.error)
}
