import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const API = fileURLToPath(new URL('../../server/api/', import.meta.url))
const FILE = /^(?<path>.+?)(?:\.(?<method>get|head|post|put|patch|delete))?\.ts$/

/** A route as its file names it; `*` for a file that answers every method. */
export interface Route {
  method: string
  path: string
}

/**
 * Every route there is, read from the files that make them: a new one cannot be forgotten. HEAD is GET without what it
 * answers (RFC 9110 §9.3.2), so it is no route of its own.
 */
export function listRoutes(): Route[] {
  return readdirSync(API, { recursive: true, encoding: 'utf8' })
    .flatMap((file) => {
      const found = FILE.exec(file.replaceAll('\\', '/'))?.groups
      if (!found) return []
      const path = (found.path ?? '').replace(/(^|\/)index$/, '')
      return [{ method: found.method?.toUpperCase() ?? '*', path: `/api/${path}` }]
    })
    .filter(({ method }) => method !== 'HEAD')
    .sort((a, b) => routeName(a).localeCompare(routeName(b)))
}

export function routeName({ method, path }: Route): string {
  return `${method} ${path}`
}

/** An address that the route answers. */
export function addressOf({ path }: Route): string {
  return path
    .replace('[provider]', 'notion')
    .replace('databases/[id]', `databases/${'0'.repeat(32)}`)
    .replace('[id]', '1')
    .replace('[token]', `${'A'.repeat(43)}.ics`)
    .replace('[entry]', '00000000-0000-4000-8000-000000000001')
    .replace('[...]', 'no/such/route')
}
