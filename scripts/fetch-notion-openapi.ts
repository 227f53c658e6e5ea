import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/**
 * Fetches Notion's OpenAPI document for the contract test (`npm run test:contract`). It has no licence of its own,
 * so it is kept in a git-ignored place and never committed. Usage: `node scripts/fetch-notion-openapi.ts [address]`.
 */

const ADDRESS = 'https://developers.notion.com/openapi.json'
const TARGET = fileURLToPath(new URL('../.data/notion-openapi.json', import.meta.url))
const TIMEOUT_MS = 60_000

const DocumentSchema = z.looseObject({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.unknown()),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

/** Downloads and checks the document, and puts it in place in one step. Throws when anything is not as expected. */
async function fetchDocument(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  const text = await response.text()
  const { paths, components } = DocumentSchema.parse(JSON.parse(text))
  await mkdir(dirname(TARGET), { recursive: true })
  await writeFile(`${TARGET}.new`, text)
  await rename(`${TARGET}.new`, TARGET)
  return `${Object.keys(paths).length} paths and ${Object.keys(components.schemas).length} schemas`
}

try {
  console.log(`Fetched ${await fetchDocument(process.argv[2] ?? ADDRESS)} into .data/notion-openapi.json`)
} catch (error) {
  console.error(
    `Notion's OpenAPI document could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
  )
  process.exitCode = 1
}
