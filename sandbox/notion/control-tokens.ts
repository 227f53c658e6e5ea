import { z } from 'zod'
import { objectNotFound, validationError } from './errors.ts'
import { freshId, IdSchema } from './ids.ts'
import { CapabilitiesSchema } from './records.ts'
import type { World } from './world.ts'

export const TokenOrderSchema = z.discriminatedUnion('op', [
  /** An access token (and a bot, if there is none yet) without going through OAuth. */
  z.strictObject({
    op: z.literal('mint'),
    workspace_id: IdSchema,
    kind: z.enum(['oauth', 'internal', 'personal']).default('oauth'),
    bot_id: IdSchema.optional(),
    user_id: IdSchema.optional(),
    token: z.string().min(1).optional(),
    /** The pages and databases shared; everything that is not private when left out. */
    root_ids: z.array(IdSchema).optional(),
  }),
  /** Ends a token and its pair, or every token of a bot. */
  z.strictObject({ op: z.literal('revoke'), token: z.string().optional(), bot_id: IdSchema.optional() }),
  /** Ends a bot's access tokens only: its refresh token still works. */
  z.strictObject({ op: z.literal('expire'), bot_id: IdSchema }),
  /** The next exchange or refresh hands out these strings. */
  z.strictObject({
    op: z.literal('next'),
    access_token: z.string().min(1).optional(),
    refresh_token: z.string().min(1).optional(),
  }),
  z.strictObject({
    op: z.literal('capabilities'),
    bot_id: IdSchema,
    capabilities: CapabilitiesSchema.partial(),
  }),
])
export type TokenOrder = z.output<typeof TokenOrderSchema>

/** Carries out one order about tokens. @throws NotionApiError for an unknown workspace or bot */
export function changeTokens(world: World, order: TokenOrder): object {
  const { connections } = world
  switch (order.op) {
    case 'mint':
      return mint(world, order)
    case 'revoke': {
      const record = order.token === undefined ? undefined : connections.activeToken(order.token)
      if (record) connections.retirePair(record.pairId)
      if (order.bot_id !== undefined) connections.retireBot(order.bot_id)
      return { ok: true }
    }
    case 'expire':
      connections.retireBot(order.bot_id, 'access')
      return { ok: true }
    case 'next':
      connections.planTokens({
        ...(order.access_token === undefined ? {} : { accessToken: order.access_token }),
        ...(order.refresh_token === undefined ? {} : { refreshToken: order.refresh_token }),
      })
      return { ok: true }
    case 'capabilities': {
      const bot = connections.bots.get(order.bot_id)
      if (!bot) throw objectNotFound('bot', order.bot_id)
      const changes = Object.entries(order.capabilities).filter(([, value]) => value !== undefined)
      bot.capabilities = { ...bot.capabilities, ...Object.fromEntries(changes) }
      return { ok: true }
    }
  }
}

function mint(world: World, order: Extract<TokenOrder, { op: 'mint' }>): object {
  const workspace = world.store.workspaces.get(order.workspace_id)
  if (!workspace) throw objectNotFound('workspace', order.workspace_id)
  const userId = order.user_id ?? workspace.users[0]?.id
  if (userId === undefined) throw validationError('The workspace has nobody in it.')
  const request = {
    kind: order.kind,
    workspaceId: workspace.id,
    userId,
    rootIds: order.root_ids ?? [],
    everything: order.root_ids === undefined,
  }
  const now = world.clock()
  const { botId } = world.connections.install(request, now, order.bot_id)
  if (order.kind === 'oauth') {
    if (order.token !== undefined) world.connections.planTokens({ accessToken: order.token })
    const pair = world.connections.issuePair(botId, now)
    return { bot_id: botId, access_token: pair.accessToken, refresh_token: pair.refreshToken }
  }
  const token = order.token ?? `ntn_${freshId()}`
  world.connections.addToken({ token, use: 'access', botId, pairId: freshId(), issuedAt: now, active: true })
  return { bot_id: botId, access_token: token, refresh_token: null }
}
