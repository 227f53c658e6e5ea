import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '#shared/api/openapi'
import { findRoute, ROUTES } from '#shared/api/routes'
import { addressOf, listRoutes } from '../../support/routes.ts'

const written: unknown = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url)), 'utf8'),
)

/** As the contract names a route: /api/lists/:id */
const asKey = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path.replace(/\[(\w+)\]/g, ':$1')}`

describe('the OpenAPI document', () => {
  it('has every route that there is, and no other', () => {
    const routes = listRoutes().filter(({ method }) => method !== '*')
    expect(Object.keys(ROUTES).sort()).toEqual(routes.map(asKey).sort())
  })

  it('is up to date: npm run openapi writes it', () => {
    expect(written).toEqual(openApiDocument())
  })

  it('holds schemas that a validator takes', () => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }))
    let count = 0
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      if (
        'schema' in value &&
        typeof value.schema === 'object' &&
        value.schema &&
        !('$ref' in value.schema)
      ) {
        expect(() => ajv.compile(value.schema as object)).not.toThrow()
        count += 1
      }
      Object.values(value).forEach(visit)
    }
    visit(written)
    expect(count).toBeGreaterThan(20)
  })

  it.each(listRoutes().filter(({ method }) => method !== '*'))(
    '$method $path is found by an address',
    (route) => {
      expect(findRoute(route.method, addressOf(route))).toBeDefined()
    },
  )
})
