import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const SERVER = join(ROOT, '.output', 'server', 'index.mjs')

/** What the build is made of. Anything else can change without making it stale. */
const SOURCES = [
  'app.vue',
  'error.vue',
  'app.config.ts',
  'nuxt.config.ts',
  'package-lock.json',
  'assets',
  'components',
  'composables',
  'config',
  'i18n',
  'layouts',
  'middleware',
  'pages',
  'plugins',
  'public',
  'server',
  'shared',
  'stores',
]

/** Is there a build, and is it newer than everything it is made of? */
export function isBuildFresh(): boolean {
  if (!existsSync(SERVER)) return false
  const builtAt = statSync(SERVER).mtimeMs
  return SOURCES.every((source) => newestChange(join(ROOT, source)) <= builtAt)
}

/** Builds the app unless the build is fresh. @throws when the build fails */
export function ensureBuild(): void {
  if (isBuildFresh()) return
  const { status } = spawnSync('npx', ['nuxt', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error('The build failed.')
}

function newestChange(path: string): number {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}
