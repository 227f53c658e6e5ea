import { z } from 'zod'
import { missingCapability, NotionApiError, schemaError, validationError } from './errors.ts'
import { IdSchema } from './ids.ts'
import type { Capabilities, ConnectionRecord } from './records.ts'
import { API_VERSIONS, type ApiVersion, type World } from './world.ts'

/** One authenticated request, as an endpoint sees it. */
export interface Call {
  world: World
  connection: ConnectionRecord
  version: ApiVersion
  /** The id in the path, dashed. Throws validation_error when it is not an id. */
  id: (name: string) => string
  /** Any other part of the path, decoded. */
  param: (name: string) => string
}

export type Capability = keyof Capabilities

interface Definition<Q extends z.ZodType, B extends z.ZodType> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  capability?: Capability
  query: Q
  body: B | ((version: ApiVersion) => B)
  handle: (call: Call, input: { query: z.output<Q>; body: z.output<B> }) => object
}

export interface Endpoint {
  method: string
  path: string
  pattern: RegExp
  run: (call: Call, query: URLSearchParams, body: unknown) => object
}

/** The schema of a request part that must be empty. */
export const nothing = z.strictObject({})

/**
 * Declares an endpoint: its query and body are checked by strict schemas before `handle` runs, so an unknown
 * field is a 400 as with Notion.
 */
export function endpoint<Q extends z.ZodType, B extends z.ZodType>(definition: Definition<Q, B>): Endpoint {
  const { method, path, capability, handle } = definition
  return {
    method,
    path,
    pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    run(call, rawQuery, rawBody) {
      if (capability && !call.connection.capabilities[capability]) throw missingCapability()
      const bodySchema =
        typeof definition.body === 'function' ? definition.body(call.version) : definition.body
      const query = check('query', definition.query, queryObject(rawQuery))
      const body = check('body', bodySchema, rawBody ?? {})
      return handle(call, { query, body })
    },
  }
}

function check<S extends z.ZodType>(where: 'query' | 'body', schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw schemaError(where, result.error)
  return result.data
}

/** A query string as an object: repeated keys become lists. */
function queryObject(query: URLSearchParams): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {}
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key)
    object[key] = values.length > 1 || key === 'filter_properties' ? values : (values[0] ?? '')
  }
  return object
}

export interface Match {
  endpoint: Endpoint
  params: Record<string, string>
}

/** Finds the endpoint for a request; undefined for an address the API does not have. */
export function matchEndpoint(endpoints: Endpoint[], method: string, path: string): Match | undefined {
  for (const candidate of endpoints) {
    const found = candidate.method === method ? candidate.pattern.exec(path) : null
    if (found) return { endpoint: candidate, params: { ...found.groups } }
  }
  return undefined
}

/** @throws NotionApiError 400 missing_version without the header, validation_error for one not spoken here */
export function requireVersion(header: string | string[] | undefined): ApiVersion {
  if (header === undefined)
    throw new NotionApiError(
      400,
      'missing_version',
      'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.',
    )
  const version = API_VERSIONS.find((known) => known === header)
  if (!version)
    throw validationError(
      `Notion-Version header should be one of ${API_VERSIONS.join(', ')} for this stand-in.`,
    )
  return version
}

/** Reads the ids of a path for an endpoint. */
export function pathReader(params: Record<string, string>): Pick<Call, 'id' | 'param'> {
  const param = (name: string): string => {
    try {
      return decodeURIComponent(params[name] ?? '')
    } catch {
      throw validationError(`path failed validation: path.${name} should be a valid string.`)
    }
  }
  return {
    param,
    id(name) {
      const parsed = IdSchema.safeParse(params[name])
      if (!parsed.success)
        throw validationError(`path failed validation: path.${name} should be a valid uuid.`)
      return parsed.data
    },
  }
}
