import { resolve } from 'node:path'
import { z } from 'zod'
import { demoWorkspaces } from './demo/workspaces.ts'
import { createNotionServer } from './server.ts'

/** Entry of the stand-in's own process, started by the sandbox launcher. */

const EnvSchema = z.object({
  SANDBOX_NOTION_PORT: z.coerce.number().int().min(0).max(65_535).default(54_323),
  SANDBOX_DIR: z.string().min(1).default('.sandbox'),
  BASE_URL: z.url().optional(),
  /** Further addresses a code may be sent back to, separated by commas. */
  SANDBOX_NOTION_REDIRECT_URIS: z.string().default(''),
  /** `plan`, `off`, or requests per minute. */
  SANDBOX_NOTION_RATE_LIMIT: z
    .union([
      z.enum(['plan', 'off']),
      z
        .string()
        .regex(/^[1-9]\d*$/)
        .transform(Number),
    ])
    .default('plan'),
  SANDBOX_NOTION_SEARCH_LAG_MS: z.coerce.number().int().min(0).default(0),
})

const env = EnvSchema.safeParse(process.env)
if (!env.success) {
  console.error(`The Notion stand-in cannot start:\n${z.prettifyError(env.error)}`)
  process.exit(1)
}

const settings = env.data
const redirectUris = settings.SANDBOX_NOTION_REDIRECT_URIS.split(',').filter((uri) => uri !== '')
if (settings.BASE_URL !== undefined) redirectUris.push(new URL('/connect-notion', settings.BASE_URL).href)

try {
  const server = await createNotionServer({
    port: settings.SANDBOX_NOTION_PORT,
    dir: resolve(settings.SANDBOX_DIR, 'notion'),
    seed: () => demoWorkspaces(new Date()),
    redirectUris,
    rateLimit: settings.SANDBOX_NOTION_RATE_LIMIT,
    searchLagMs: settings.SANDBOX_NOTION_SEARCH_LAG_MS,
  })
  const stop = (): void => {
    void server.close().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // Last, so that whoever reads the address can already stop the process cleanly.
  console.log(`Notion stand-in: ${server.url}`)
} catch (error) {
  console.error(`The Notion stand-in cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
