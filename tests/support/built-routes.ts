import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Route } from './routes.ts'

const SERVER = fileURLToPath(new URL('../../.output/server/chunks/nitro/nitro.mjs', import.meta.url))
const HANDLER =
  /\{ route: '(?<path>[^']*)', handler: \w+, lazy: \w+, middleware: (?<middleware>\w+), method: (?:"(?<method>\w+)"|undefined) \}/g

/** What the built server answers by a path of its own, ours and what modules brought; named as files name it. */
export function listBuiltRoutes(): Route[] {
  const found = [...readFileSync(SERVER, 'utf8').matchAll(HANDLER)].flatMap(({ groups }) => {
    // Without a path it sees every request and answers none of its own.
    if (!groups?.path || groups.middleware === 'true') return []
    const path = groups.path.replace(/\/:(\w+)/g, '/[$1]').replace(/\/\*\*$/, '/[...]')
    return [{ method: groups.method?.toUpperCase() ?? '*', path }]
  })
  if (found.length === 0) throw new Error('The build names no routes: Nitro writes them in another way now')
  return found
}
