import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createJiti } from 'jiti'

/** `npm run openapi`: writes docs/openapi.json from the schemas. A test fails while it is out of date. */
const ROOT = join(import.meta.dirname, '..')
const { openApiDocument } = await createJiti(import.meta.url).import<{ openApiDocument: () => object }>(
  '../shared/api/openapi.ts',
)
writeFileSync(join(ROOT, 'docs/openapi.json'), `${JSON.stringify(openApiDocument(), null, 2)}\n`)
