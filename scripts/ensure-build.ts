import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildEnvironment, isBuildStale, nuxtProgram } from '../sandbox/launch/build.ts'

const ROOT = join(import.meta.dirname, '..')

/** Builds the app unless the build is newer than its sources, as `npm start` does. @throws when the build fails */
export function ensureBuild(): void {
  if (!isBuildStale(ROOT)) return
  const { status } = spawnSync(process.execPath, [nuxtProgram(ROOT), 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: buildEnvironment(process.env),
  })
  if (status !== 0) throw new Error('The build failed.')
}
