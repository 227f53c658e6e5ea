import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What `nuxt build` reads. */
const SOURCES = [
  'app.config.ts',
  'app.vue',
  'assets',
  'components',
  'composables',
  'config',
  'error.vue',
  'i18n',
  'layouts',
  'middleware',
  'nuxt.config.ts',
  'package-lock.json',
  'pages',
  'plugins',
  'public',
  'server',
  'shared',
  'stores',
]

/** Settings of a running app. A build is made without them, so that none can end up inside it. */
const RUNTIME_SETTINGS =
  /^(SUPABASE_|NUXT_|NOTION_|SANDBOX_|DATABASE_URL$|CREDENTIAL_|BASE_URL$|PORT$|HOST$|ENVIRONMENT$)/

/** The program `nuxt build` makes. */
export function builtServer(project: string): string {
  return join(project, '.output', 'server', 'index.mjs')
}

/** True when there is no build, or a source is newer than it. */
export function isBuildStale(project: string): boolean {
  const server = builtServer(project)
  if (!existsSync(server)) return true
  const builtAt = statSync(server).mtimeMs
  return SOURCES.some((source) => newestChange(join(project, source)) > builtAt)
}

/** The environment of a build: everything but the settings of a running app. */
export function buildEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !RUNTIME_SETTINGS.test(name))
  return { ...Object.fromEntries(kept), NODE_ENV: 'production' }
}

/** The command-line program of Nuxt, run under the Node that runs this. */
export function nuxtProgram(project: string): string {
  return join(project, 'node_modules', 'nuxt', 'bin', 'nuxt.mjs')
}

function newestChange(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 0
  if (!found.isDirectory()) return found.mtimeMs
  // A folder's own time changes when a file in it is removed.
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}
