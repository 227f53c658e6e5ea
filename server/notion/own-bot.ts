import { z } from 'zod'
import type { Client } from '@notionhq/client'
import { NotionIdSchema } from '#shared/todo/notion-id'
import { toNotionError } from './errors'

/** Who a token speaks for (notion-api.md §2, `GET /users/me`). */
export interface OwnBot {
  botId: string
  workspaceId: string
  workspaceName: string | null
  /** `user`: it acts with that person's rights; `workspace`: with what was shared with the connection. */
  ownerType: 'user' | 'workspace'
  owner: Record<string, unknown>
}

const OwnerSchema = z.looseObject({ type: z.enum(['user', 'workspace']) })
const OwnBotSchema = z.looseObject({
  id: z.string().min(1),
  type: z.literal('bot'),
  bot: z.looseObject({
    owner: OwnerSchema,
    workspace_id: NotionIdSchema,
    workspace_name: z.string().nullish(),
  }),
})

/**
 * Asks Notion who the client's token speaks for.
 *
 * @returns null when it is no bot with a workspace of its own
 * @throws {NotionError}
 */
export async function readOwnBot(client: Client): Promise<OwnBot | null> {
  const reply: unknown = await client.users.me({}).catch((cause: unknown) => {
    throw toNotionError(cause)
  })
  const parsed = OwnBotSchema.safeParse(reply)
  if (!parsed.success) return null
  const { id, bot } = parsed.data
  return {
    botId: id,
    workspaceId: bot.workspace_id,
    workspaceName: bot.workspace_name ?? null,
    ownerType: bot.owner.type,
    owner: bot.owner,
  }
}
