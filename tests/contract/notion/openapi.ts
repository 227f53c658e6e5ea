import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { z } from 'zod'

/**
 * Notion's own OpenAPI document as a judge of requests and replies. It has no licence, so it is never part of this
 * repository: `node scripts/fetch-notion-openapi.ts` fetches it.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PLACES = ['.data/notion-openapi.json', '../shared/data/notion-openapi.json']

/** Where the document is on this machine; undefined when it is not. */
export function findOpenApiFile(): string | undefined {
  const given = process.env['NOTION_OPENAPI_FILE']
  if (given !== undefined && given !== '') return given
  return PLACES.map((place) => `${ROOT}${place}`).find((path) => existsSync(path))
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

const OperationSchema = z.looseObject({
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.unknown()),
})
const DocumentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), z.unknown()),
})

/** The full form of each object; lists also allow `{object, id}` alone, which would let any mistake pass. */
const FULL_OBJECTS: Record<string, string> = {
  page: 'pageObjectResponse',
  block: 'blockObjectResponse',
  data_source: 'dataSourceObjectResponse',
  database: 'databaseObjectResponse',
}

const SCHEMA_ID = 'http://notion.invalid/openapi'

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The document's schemas with what keeps it from judging rightly taken out: closed fragments inside `allOf` (with
 * them goes `oneOf`, whose branches only differ by being closed), cursors declared as UUIDs, and references that
 * Ajv cannot resolve in an OpenAPI document.
 * @param opened request bodies stay closed, so that unknown fields are noticed
 */
function prepare(node: unknown, opened: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => prepare(item, opened))
  if (!isObject(node)) return node
  const prepared: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === 'additionalProperties' && value === false && opened) continue
    if (key === '$ref' && typeof value === 'string') prepared[key] = value.replace(/^#/, `${SCHEMA_ID}#`)
    else if (key === 'start_cursor' && isObject(value)) prepared[key] = { type: ['string', 'null'] }
    else prepared[key === 'oneOf' ? 'anyOf' : key] = prepare(value, opened)
  }
  return prepared
}

export class OpenApi {
  readonly #ajv: Ajv2020
  readonly #paths: { template: string; pattern: RegExp; operations: Record<string, unknown> }[]
  readonly #compiled = new Map<string, ValidateFunction>()

  /** @param file the document; throws when it is not one */
  constructor(file: string) {
    const document = DocumentSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    this.#ajv = new Ajv2020({ strict: false, allErrors: false })
    addFormats.default(this.#ajv)
    // Date values and timestamp filters are declared as dates, and may be datetimes.
    this.#ajv.addFormat('date', (text) => !Number.isNaN(Date.parse(text)))
    this.#ajv.addSchema({ $id: SCHEMA_ID, components: prepare(document.components, true) })
    this.#paths = Object.entries(document.paths).map(([template, operations]) => ({
      template,
      pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      operations,
    }))
  }

  /** What is wrong with a request body; nothing for an operation without one. */
  requestFaults(method: string, path: string, body: unknown): string[] {
    const found = this.#operation(method, path)
    const schema = found && schemaOf(found.operation.requestBody, false)
    return schema ? this.#faults(`${method} ${found.template} request`, schema, body) : []
  }

  /** What is wrong with a reply: the declared schema of its status, and the full form of every object in it. */
  replyFaults(method: string, path: string, status: number, body: unknown): string[] {
    const found = this.#operation(method, path)
    if (!found) return [`${method} ${path} is not an operation of Notion's API`]
    const key = `${method} ${found.template} ${status}`
    const schema = schemaOf(found.operation.responses[String(status)], true)
    if (!schema) return [`${key} is not a documented reply`]
    return [...this.#faults(key, schema, body), ...this.#objectFaults(body)]
  }

  #operation(method: string, path: string) {
    const exact = this.#paths.find(({ template }) => template === path)
    const found = exact ?? this.#paths.find(({ pattern }) => pattern.test(path))
    const operation = found?.operations[method.toLowerCase()]
    return found && operation !== undefined
      ? { template: found.template, operation: OperationSchema.parse(operation) }
      : undefined
  }

  #objectFaults(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.#objectFaults(item))
    if (!isObject(value)) return []
    const name = typeof value['object'] === 'string' ? FULL_OBJECTS[value['object']] : undefined
    const own = name ? this.#faults(name, { $ref: `${SCHEMA_ID}#/components/schemas/${name}` }, value) : []
    return [...own, ...Object.values(value).flatMap((inner) => this.#objectFaults(inner))]
  }

  #faults(key: string, schema: object, value: unknown): string[] {
    const validate = this.#compiled.get(key) ?? this.#ajv.compile(schema)
    this.#compiled.set(key, validate)
    if (validate(value)) return []
    const reasons = (validate.errors ?? [])
      .slice(0, 6)
      .map((error) => `${error.instancePath} ${error.message}`)
    return [`${key}: ${reasons.join('; ')} in ${JSON.stringify(value).slice(0, 400)}`]
  }
}

const ContentSchema = z.looseObject({
  content: z.looseObject({ 'application/json': z.looseObject({ schema: z.unknown() }) }),
})

function schemaOf(part: unknown, opened: boolean): object | undefined {
  const parsed = ContentSchema.safeParse(part)
  const schema = parsed.success ? prepare(parsed.data.content['application/json'].schema, opened) : undefined
  return isObject(schema) ? schema : undefined
}
