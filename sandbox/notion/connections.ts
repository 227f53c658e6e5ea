import { randomBytes } from 'node:crypto'
import { freshId, seededId } from './ids.ts'
import type { Capabilities, ConnectionRecord, NodeRecord, TokenRecord, WorkspaceRecord } from './records.ts'
import type { Store } from './store.ts'

export const ALL_CAPABILITIES: Capabilities = {
  read: true,
  update: true,
  insert: true,
  users: true,
  emails: true,
}

export interface TokenPair {
  accessToken: string
  refreshToken: string
}

export interface NewConnection {
  kind: ConnectionRecord['kind']
  workspaceId: string
  userId: string
  rootIds: string[]
  everything: boolean
}

/** The bots installed in the workspaces, their tokens, and what each may see. */
export class Connections {
  readonly bots = new Map<string, ConnectionRecord>()
  readonly tokens = new Map<string, TokenRecord>()
  #planned: Partial<TokenPair>[] = []
  #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Installs a bot, or updates what is shared with it: the same person in the same workspace keeps one bot id. */
  install(request: NewConnection, now: number, botId?: string): ConnectionRecord {
    const id = botId ?? seededId(`bot:${request.kind}:${request.workspaceId}:${request.userId}`)
    const known = this.bots.get(id)
    const connection: ConnectionRecord = {
      botId: id,
      ...request,
      unsharedIds: [],
      capabilities: known?.capabilities ?? ALL_CAPABILITIES,
      connectedAt: now,
    }
    this.bots.set(id, connection)
    this.#store.changed()
    return connection
  }

  /** Adds the fixed tokens a workspace comes with. */
  installSeeded(workspace: WorkspaceRecord, now: number): void {
    for (const { token, kind, user_id } of workspace.tokens) {
      const userId = user_id ?? workspace.users[0]?.id
      if (!userId) continue
      const bot = this.install(
        { kind, workspaceId: workspace.id, userId, rootIds: [], everything: true },
        now,
      )
      this.addToken({
        token,
        use: 'access',
        botId: bot.botId,
        pairId: freshId(),
        issuedAt: now,
        active: true,
      })
    }
  }

  addToken(record: TokenRecord): void {
    this.tokens.set(record.token, record)
    this.#store.changed()
  }

  /** Makes the next pair of tokens use these strings, so that a test can look for them everywhere. */
  planTokens(pair: Partial<TokenPair>): void {
    this.#planned.push(pair)
  }

  issuePair(botId: string, now: number): TokenPair {
    const planned = this.#planned.shift()
    const pair: TokenPair = {
      accessToken: planned?.accessToken ?? `ntn_${randomBytes(24).toString('base64url')}`,
      refreshToken: planned?.refreshToken ?? `nrt_${randomBytes(24).toString('base64url')}`,
    }
    const pairId = freshId()
    const common = { botId, pairId, issuedAt: now, active: true }
    this.addToken({ token: pair.accessToken, use: 'access', ...common })
    this.addToken({ token: pair.refreshToken, use: 'refresh', ...common })
    return pair
  }

  /** The bot an access token speaks for; undefined when the token is unknown, expired or revoked. */
  authenticate(token: string): ConnectionRecord | undefined {
    const record = this.tokens.get(token)
    return record?.active && record.use === 'access' ? this.bots.get(record.botId) : undefined
  }

  activeToken(token: string): TokenRecord | undefined {
    const record = this.tokens.get(token)
    return record?.active ? record : undefined
  }

  /** Ends an access token and the refresh token that came with it. */
  retirePair(pairId: string): void {
    for (const record of this.tokens.values()) if (record.pairId === pairId) record.active = false
    this.#store.changed()
  }

  /** Ends every token of a bot; `use` limits it to one sort (an expired access token can still be refreshed). */
  retireBot(botId: string, use?: TokenRecord['use']): void {
    for (const record of this.tokens.values())
      if (record.botId === botId && (use === undefined || record.use === use)) record.active = false
    this.#store.changed()
  }

  /** Whether the bot may see a node: it or something around it is shared, and nothing nearer was unshared. */
  canSee(connection: ConnectionRecord, id: string): boolean {
    let shared = false
    for (const node of this.#store.lineage(id)) {
      if (node.workspaceId !== connection.workspaceId || isPrivate(node)) return false
      if (connection.unsharedIds.includes(node.id)) return shared
      if (connection.rootIds.includes(node.id)) shared = true
    }
    return shared || connection.everything
  }

  clear(): void {
    this.bots.clear()
    this.tokens.clear()
    this.#planned = []
  }
}

function isPrivate(node: NodeRecord): boolean {
  return (node.kind === 'page' || node.kind === 'database') && node.isPrivate
}
