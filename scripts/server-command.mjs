import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { createJiti } from 'jiti'

const ROOT = join(import.meta.dirname, '..')

/**
 * Runs a command of the server's own code (`server/cli/<name>.ts`), whose aliases have to be understood, and
 * sets the exit code.
 */
export async function runServerCommand(name) {
  const jiti = createJiti(import.meta.url, {
    alias: { '#server': join(ROOT, 'server'), '#shared': join(ROOT, 'shared') },
  })
  const { main } = await jiti.import(`../server/cli/${name}.ts`)
  const print = (line) => process.stdout.write(`${line}\n`)
  process.exitCode = await main(readVariables(), print, process.argv.slice(2))
}

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
