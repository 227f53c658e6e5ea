import { z } from '../zod'
import { ERROR_STATUS, ErrorEnvelopeSchema, type ErrorCode } from '../schemas/error'
import type { RouteContract } from './contract'
import { ROUTES } from './routes'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of this app's own API, made from the schemas that check its requests. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {}
  for (const [key, route] of Object.entries<RouteContract>(ROUTES)) {
    const [method = '', path = ''] = key.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation(method, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Roundup',
      version: '1',
      description: 'Every to-do in your Notion, in one list. Errors share one body; see error-codes.md.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: schemaOf(ErrorEnvelopeSchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-roundup-session' },
      },
    },
  }
}

function operation(method: string, route: RouteContract): Json {
  const parameters = [...parametersOf('path', route.params), ...parametersOf('query', route.query)]
  return {
    summary: route.summary,
    ...(!route.public && { security: [{ session: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: { [route.reply.status]: replyOf(route), ...refusalsOf(method, route) },
  }
}

function replyOf({ reply }: RouteContract): Json {
  if ('json' in reply) {
    return {
      description: 'Done',
      content: { 'application/json': { schema: schemaOf(reply.json, 'output') } },
    }
  }
  if ('contentTypes' in reply) {
    return { description: 'Done', content: Object.fromEntries(reply.contentTypes.map((type) => [type, {}])) }
  }
  return { description: reply.status === 302 ? 'Go on there' : 'Done' }
}

/** What a route of its kind may always refuse, and what this one may. */
export function refusalCodes(method: string, route: RouteContract): ErrorCode[] {
  const codes: ErrorCode[] = ['TOO_MANY_REQUESTS', 'INTERNAL', ...(route.errors ?? [])]
  if (!route.public) codes.push('UNAUTHENTICATED')
  if (method !== 'GET') codes.push('FORBIDDEN_ORIGIN')
  if (route.body || route.query) codes.push('INVALID_REQUEST')
  if (route.params) codes.push('NOT_FOUND')
  return [...new Set(codes)]
}

function refusalsOf(method: string, route: RouteContract): Json {
  const byStatus = Map.groupBy(refusalCodes(method, route), (code) => ERROR_STATUS[code])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  )
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return []
  const { properties, required } = ParametersSchema.parse(schemaOf(schema, 'input'))
  return Object.entries(properties).map(([name, parameter]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: parameter,
  }))
}

const ParametersSchema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
})

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json
}
