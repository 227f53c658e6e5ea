import { z } from 'zod'
import { NotionIdSchema } from '#shared/todo/notion-id'
import { attempt } from './attempt'
import { createSdkClient } from './client'
import type { NotionErrorKind } from './errors'
import { NotionError, toNotionError } from './errors'
import type { NotionFetch } from './gate'

const OAUTH_TIMEOUT_MS = 15_000
const KNOWN_PREFIX = /^(ntn_|secret_)/

export interface NotionOAuthApp {
  apiUrl: string
  clientId: string
  clientSecret: string
  signal?: AbortSignal
}

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

/** Notion's reply to an exchange or a refresh (notion-api.md §2); unknown fields may come and are not kept. */
const TokenReplySchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().toLowerCase().pipe(z.literal('bearer')),
  refresh_token: optionalText,
  bot_id: z.string().min(1),
  workspace_id: NotionIdSchema,
  workspace_name: optionalText,
  workspace_icon: optionalText,
  owner: z
    .record(z.string(), z.json())
    .nullish()
    .transform((value) => value ?? null),
  duplicated_template_id: optionalText,
  request_id: optionalText,
  expires_in: z
    .number()
    .positive()
    .nullish()
    .transform((value) => value ?? null),
})

/** A connection's credentials and what Notion tells about it. */
export interface NotionTokens {
  accessToken: string
  tokenType: 'bearer'
  refreshToken: string | null
  botId: string
  workspaceId: string
  workspaceName: string | null
  workspaceIcon: string | null
  owner: Record<string, unknown> | null
  duplicatedTemplateId: string | null
  requestId: string | null
  /** Seconds; Notion gives none today. */
  expiresIn: number | null
  /** `unknown_token_prefix`: a token that looks like none so far. Tokens are opaque, so it is used all the same. */
  warnings: 'unknown_token_prefix'[]
}

/** Notion's consent page for our connection. `redirectUri` has to be a registered one, letter by letter. */
export function authorizationUrl(options: {
  apiUrl: string
  clientId: string
  redirectUri: string
  state: string
}): string {
  const url = new URL(`${options.apiUrl.replace(/\/+$/, '')}/v1/oauth/authorize`)
  url.search = new URLSearchParams({
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    response_type: 'code',
    owner: 'user',
    state: options.state,
  }).toString()
  return url.href
}

/**
 * Exchanges the code of the consent page for tokens. Never repeated: a code is good for one exchange.
 * @throws NotionError `oauth_refused` (code or client refused), `invalid_reply` (not what the documentation
 * promises), or the kind of the failure
 */
export async function exchangeCode(
  options: NotionOAuthApp & { code: string; redirectUri: string },
): Promise<NotionTokens> {
  const { clientId: client_id, clientSecret: client_secret, code, redirectUri: redirect_uri } = options
  return readTokens(
    await call(() =>
      oauthClient(options).oauth.token({
        grant_type: 'authorization_code',
        client_id,
        client_secret,
        code,
        redirect_uri,
      }),
    ),
  )
}

/**
 * Trades a refresh token for a new pair: both tokens change, and the old ones are dead afterwards.
 * @throws NotionError as {@link exchangeCode}
 */
export async function refreshTokens(
  options: NotionOAuthApp & { refreshToken: string },
): Promise<NotionTokens> {
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = options
  return readTokens(
    await call(() =>
      oauthClient(options).oauth.token({
        grant_type: 'refresh_token',
        client_id,
        client_secret,
        refresh_token,
      }),
    ),
  )
}

/**
 * Ends a token at Notion.
 * @throws NotionError as {@link exchangeCode}
 */
export async function revokeToken(options: NotionOAuthApp & { token: string }): Promise<void> {
  const { clientId: client_id, clientSecret: client_secret, token } = options
  await call(() => oauthClient(options).oauth.revoke({ client_id, client_secret, token }))
}

/**
 * Asks whether a token is still good.
 * @throws NotionError as {@link exchangeCode}
 */
export async function introspectToken(
  options: NotionOAuthApp & { token: string },
): Promise<{ active: boolean }> {
  const { clientId: client_id, clientSecret: client_secret, token } = options
  const reply = await call(() => oauthClient(options).oauth.introspect({ client_id, client_secret, token }))
  const parsed = z.looseObject({ active: z.boolean() }).safeParse(reply)
  if (!parsed.success) throw new NotionError('invalid_reply')
  return { active: parsed.data.active }
}

function readTokens(reply: unknown): NotionTokens {
  const parsed = TokenReplySchema.safeParse(reply)
  // The issues of the parser could quote a token; the kind of the failure is enough.
  if (!parsed.success) throw new NotionError('invalid_reply')
  const tokens = parsed.data
  return {
    accessToken: tokens.access_token,
    tokenType: tokens.token_type,
    refreshToken: tokens.refresh_token,
    botId: tokens.bot_id,
    workspaceId: tokens.workspace_id,
    workspaceName: tokens.workspace_name,
    workspaceIcon: tokens.workspace_icon,
    owner: tokens.owner,
    duplicatedTemplateId: tokens.duplicated_template_id,
    requestId: tokens.request_id,
    expiresIn: tokens.expires_in,
    warnings: KNOWN_PREFIX.test(tokens.access_token) ? [] : ['unknown_token_prefix'],
  }
}

/** One try within the time limit: there is no connection yet whose budget it could use. */
function oauthClient({ apiUrl, signal }: NotionOAuthApp) {
  const send: NotionFetch = async (url, init) => {
    const request = {
      url,
      method: init?.method ?? 'GET',
      headers: init?.headers ?? {},
      body: init?.body,
      signal,
    }
    const result = await attempt(request, OAUTH_TIMEOUT_MS, fetch)
    if (result.outcome !== 'failed') return result.reply
    if (result.reply) return result.reply
    throw result.error
  }
  return createSdkClient({ apiUrl, fetch: send })
}

const REFUSALS: ReadonlySet<NotionErrorKind> = new Set([
  'invalid_request',
  'token_invalid',
  'access_denied',
  'not_found',
  'conflict',
  'blocked',
])

async function call(request: () => Promise<unknown>): Promise<unknown> {
  try {
    return await request()
  } catch (cause) {
    const error = toNotionError(cause)
    // Here these do not speak of pages and tokens: the grant, the client or the address was refused.
    const refused = REFUSALS.has(error.kind)
    throw refused ? new NotionError('oauth_refused', pick(error)) : error
  }
}

function pick({ status, code, requestId }: NotionError) {
  return {
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
