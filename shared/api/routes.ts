import { CONNECTION_ROUTES } from './connection-routes'
import type { RouteContract } from './contract'
import { INSTALLATION_ROUTES } from './installation-routes'
import { MIRROR_ROUTES } from './mirror-routes'
import { SESSION_ROUTES } from './session-routes'
import { TODO_ROUTES } from './todo-routes'
import { VIEW_ROUTES } from './view-routes'
import { WRITING_ROUTES } from './writing-routes'

/** Every route there is. A test holds it against the files in server/api. */
export const ROUTES = {
  ...SESSION_ROUTES,
  ...CONNECTION_ROUTES,
  ...TODO_ROUTES,
  ...MIRROR_ROUTES,
  ...VIEW_ROUTES,
  ...WRITING_ROUTES,
  ...INSTALLATION_ROUTES,
}

/** The contract of a request. @param path without the query */
export function findRoute(method: string, path: string): RouteContract | undefined {
  const exact = Object.entries<RouteContract>(ROUTES).find(([key]) => key === `${method} ${path}`)
  if (exact) return exact[1]
  return Object.entries<RouteContract>(ROUTES).find(([key]) => {
    const [keyMethod, keyPath = ''] = key.split(' ')
    const pattern = new RegExp(`^${keyPath.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
    return keyMethod === method && pattern.test(path)
  })?.[1]
}
