import type { Pool } from 'pg'
import type { Secrets } from '../secrets.ts'
import type { ApiRole } from '../role-token.ts'

export interface AuthSettings {
  /** Password sign-ups need no confirming mail. */
  autoconfirm: boolean
  minimumPasswordLength: number
  /** Least time between two mails of one kind to one person. */
  mailIntervalMs: number
  /** How long a refresh token may be shown again after its successor was made: tabs race each other. */
  refreshReuseMs: number
}

export interface AuthContext {
  db: Pool
  secrets: Secrets
  /** Where browsers reach this server, without a trailing slash. */
  publicUrl: string
  /** The app: where links lead when they name no allowed place. */
  siteUrl: string
  settings: AuthSettings
}

export interface AuthRequest {
  method: string
  /** Below `/auth/v1`, beginning with a slash. */
  path: string
  query: URLSearchParams
  /** The JSON body, not yet checked; undefined without one. */
  body: unknown
  /** What the API key grants; undefined on the routes that need none. */
  keyRole: ApiRole | undefined
  /** A user's access token, not yet checked. */
  userToken: string | undefined
  userAgent: string | undefined
}

export interface AuthReply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export type AuthRoute = (request: AuthRequest, context: AuthContext) => Promise<AuthReply>
