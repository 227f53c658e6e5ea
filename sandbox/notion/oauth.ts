import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { NotionApiError, schemaError } from './errors.ts'
import { freshId } from './ids.ts'
import type { ConnectionRecord } from './records.ts'
import { ownerReply } from './users.ts'
import type { World } from './world.ts'

/** The three OAuth endpoints that take the client's secret (notion-api.md §2). */

const TokenRequestSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string().optional(),
    external_account: z.strictObject({ key: z.string(), name: z.string() }).optional(),
  }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
])
const TokenSchema = z.strictObject({ token: z.string() })
const GrantTypeSchema = z.looseObject({ grant_type: z.string() })

export const OAUTH_PATHS = ['/v1/oauth/token', '/v1/oauth/introspect', '/v1/oauth/revoke'] as const
export type OAuthPath = (typeof OAUTH_PATHS)[number]

/**
 * Answers one OAuth request.
 * @throws NotionApiError with Notion's OAuth codes: invalid_client, invalid_grant, invalid_request, …
 */
export function answerOAuth(
  world: World,
  path: OAuthPath,
  authorization: string | undefined,
  body: unknown,
  requestId: string,
): object {
  requireClient(world, authorization)
  switch (path) {
    case '/v1/oauth/token':
      return { ...answerToken(world, body), request_id: requestId }
    case '/v1/oauth/introspect':
      return { ...introspect(world, parseOAuth(TokenSchema, body).token), request_id: requestId }
    case '/v1/oauth/revoke':
      revoke(world, parseOAuth(TokenSchema, body).token)
      return { request_id: requestId }
  }
}

function requireClient(world: World, authorization: string | undefined): void {
  const { clientId, clientSecret } = world.settings
  const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  if (authorization === undefined || !sameText(authorization, expected))
    throw new NotionApiError(401, 'invalid_client', 'The client id or secret is wrong.')
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function parseOAuth<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new NotionApiError(400, 'invalid_request', schemaError('body', parsed.error).message)
}

function answerToken(world: World, body: unknown): object {
  const kind = GrantTypeSchema.safeParse(body)
  if (kind.success && !['authorization_code', 'refresh_token'].includes(kind.data.grant_type))
    throw new NotionApiError(400, 'unsupported_grant_type', `Unknown grant type ${kind.data.grant_type}.`)
  const request = parseOAuth(TokenRequestSchema, body)
  return request.grant_type === 'authorization_code'
    ? exchangeCode(world, request.code, request.redirect_uri)
    : refresh(world, request.refresh_token)
}

function exchangeCode(world: World, code: string, redirectUri: string | undefined): object {
  if (redirectUri === undefined)
    throw new NotionApiError(
      400,
      'invalid_request',
      'redirect_uri is required: it was part of the authorization URL.',
    )
  const grant = world.codes.redeem(code, redirectUri, world.clock())
  if (!grant)
    throw new NotionApiError(400, 'invalid_grant', 'Invalid code: it is unknown, used, expired or not yours.')
  const { workspaceId, userId, rootIds } = grant
  const request = { kind: 'oauth', workspaceId, userId, rootIds, everything: false } as const
  return tokenReply(world, world.connections.install(request, world.clock()))
}

/** Both tokens rotate: the pair that was presented is dead from here on. */
function refresh(world: World, refreshToken: string): object {
  const record = world.connections.activeToken(refreshToken)
  const connection = record?.use === 'refresh' ? world.connections.bots.get(record.botId) : undefined
  if (!record || !connection) throw new NotionApiError(400, 'invalid_grant', 'Invalid refresh token.')
  world.connections.retirePair(record.pairId)
  return tokenReply(world, connection)
}

function tokenReply(world: World, connection: ConnectionRecord): object {
  const workspace = world.store.workspaces.get(connection.workspaceId)
  if (!workspace) throw new NotionApiError(400, 'invalid_grant', 'The workspace is gone.')
  const pair = world.connections.issuePair(connection.botId, world.clock())
  return {
    access_token: pair.accessToken,
    token_type: 'bearer',
    refresh_token: pair.refreshToken,
    bot_id: connection.botId,
    workspace_icon: workspace.icon,
    workspace_name: workspace.name,
    workspace_id: workspace.id,
    owner: ownerReply(connection, workspace),
    duplicated_template_id: null,
    request_id: freshId(),
  }
}

function introspect(world: World, token: string): object {
  const record = world.connections.activeToken(token)
  return record ? { active: true, iat: Math.floor(record.issuedAt / 1000) } : { active: false }
}

/** Revoking what is already dead succeeds (RFC 7009 §2.2); a live token takes its pair along. */
function revoke(world: World, token: string): void {
  const record = world.connections.activeToken(token)
  if (record) world.connections.retirePair(record.pairId)
}
