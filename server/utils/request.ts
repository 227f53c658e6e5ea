import type { H3Event } from 'h3'
import { getQuery, getRequestHeader, getRouterParams, readRawBody } from 'h3'
import type { z } from 'zod'
import { AppError, invalidField } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'

/** No request of ours needs more. */
export const BODY_MAX_BYTES = 64 * 1_024

/**
 * Reads a JSON body and checks it. Fields the schema does not name are refused.
 *
 * @throws {AppError} INVALID_REQUEST with the wrong fields
 */
export async function readBodyAs<Schema extends z.ZodType>(event: H3Event, schema: Schema): Promise<z.output<Schema>> {
  const type = getRequestHeader(event, 'content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) throw invalidField('content-type', 'not_json')
  if (Number(getRequestHeader(event, 'content-length') ?? 0) > BODY_MAX_BYTES) throw invalidField('', 'too_big')
  const raw = (await readRawBody(event, 'utf8')) ?? ''
  if (Buffer.byteLength(raw) > BODY_MAX_BYTES) throw invalidField('', 'too_big')
  return parseAs(schema, parseJson(raw))
}

/** The same for the query. A parameter that is given twice is refused. @throws {AppError} INVALID_REQUEST */
export function queryAs<Schema extends z.ZodType>(event: H3Event, schema: Schema): z.output<Schema> {
  return parseAs(schema, getQuery(event))
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
