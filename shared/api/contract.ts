import type { z } from '../zod'
import type { ErrorCode } from '../schemas/error'

/** What a route answers when it succeeds. */
type Reply =
  | { status: 200 | 201 | 202; json: z.ZodType }
  /** Something else than JSON: a stream of events, a file, a calendar. */
  | { status: 200; contentTypes: readonly string[] }
  /** Nothing: done, unchanged, or elsewhere. */
  | { status: 204 | 302 }

/**
 * One route as programs may rely on it: what goes in, what comes back. The OpenAPI document and the types of
 * `useApi` are made from it, and every answer in the tests over HTTP is held against it.
 */
export interface RouteContract {
  summary: string
  /** Answers without a session. */
  public?: true
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  reply: Reply
  /** Refusals of its own, besides those that every route of its kind may answer. */
  errors?: readonly ErrorCode[]
}

/** `METHOD /api/path/:parameter` */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`

/** Keeps the schemas' exact types, which a plain annotation would lose. */
export function defineRoutes<const Routes extends Record<RouteKey, RouteContract>>(routes: Routes): Routes {
  return routes
}
