import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { createJiti } from 'jiti'

/** `npm run rotate-keys`. The server's own code runs here, so its aliases have to be understood. */

const ROOT = join(import.meta.dirname, '..')

/** What is set wins over `.env`, and both over what the local stand-in wrote down. */
function readVariables() {
  const sandbox = process.env.SANDBOX_DIR ?? join(ROOT, '.sandbox')
  const files = [join(sandbox, 'environment'), join(ROOT, '.env')].filter((file) => existsSync(file))
  const isGiven = ([, value]) => value !== undefined && value !== ''
  return Object.assign(
    {},
    ...files.map((file) =>
      Object.fromEntries(Object.entries(parseEnv(readFileSync(file, 'utf8'))).filter(isGiven)),
    ),
    Object.fromEntries(Object.entries(process.env).filter(isGiven)),
  )
}

const jiti = createJiti(import.meta.url, {
  alias: { '#server': join(ROOT, 'server'), '#shared': join(ROOT, 'shared') },
})
const { main } = await jiti.import('../server/cli/rotate-keys.ts')
process.exitCode = await main(readVariables(), (line) => process.stdout.write(`${line}\n`))
