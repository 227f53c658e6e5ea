import { Connections } from './connections.ts'
import { Faults } from './faults.ts'
import { Ledger } from './ledger.ts'
import { OAuthCodes } from './oauth-codes.ts'
import { Cursors } from './pagination.ts'
import { RateLimit, type RateBudget } from './rate-limit.ts'
import type { WorkspaceSeed } from './seed-format.ts'
import { loadWorkspace } from './seed-loader.ts'
import { Store } from './store.ts'
import { Webhooks } from './webhooks.ts'

export const API_VERSIONS = ['2025-09-03', '2026-03-11'] as const
export type ApiVersion = (typeof API_VERSIONS)[number]

/** Milliseconds since the epoch; tests pass their own so that windows and lags need no waiting. */
export type Clock = () => number

export interface WorldSettings {
  clientId: string
  clientSecret: string
  /** Where a code may be sent back to, besides this machine's own `/connect-notion`. */
  redirectUris: string[]
  /** How long after connecting search knows only what was shared directly (notion-api.md §3). */
  searchLagMs: number
}

export interface WorldOptions {
  settings: WorldSettings
  clock: Clock
  rateLimit: RateBudget
  onChange: () => void
}

/** Everything the stand-in knows: the workspaces, who is connected to them, and how it is asked to misbehave. */
export class World {
  readonly settings: WorldSettings
  readonly clock: Clock
  readonly store: Store
  readonly connections: Connections
  readonly codes = new OAuthCodes()
  readonly cursors = new Cursors()
  readonly rateLimit: RateLimit
  readonly faults = new Faults()
  readonly ledger = new Ledger()
  readonly webhooks: Webhooks

  constructor(options: WorldOptions) {
    this.settings = options.settings
    this.clock = options.clock
    this.store = new Store(options.onChange)
    this.connections = new Connections(this.store)
    this.rateLimit = new RateLimit(options.rateLimit)
    this.webhooks = new Webhooks(options.settings.clientId)
  }

  /** The present moment as Notion writes times inside its objects. */
  nowIso(): string {
    return new Date(this.clock()).toISOString()
  }

  /** Adds a workspace, or replaces it, with its fixed tokens. Throws a ZodError for a bad seed. */
  addWorkspace(seed: WorkspaceSeed): void {
    loadWorkspace(this.store, seed)
    const workspace = this.store.workspaces.get(seed.id)
    if (workspace) this.connections.installSeeded(workspace, this.clock())
  }

  /** Forgets everything but the settings. */
  clear(): void {
    this.store.clear()
    this.connections.clear()
    this.codes.clear()
    this.cursors.clear()
    this.rateLimit.clear()
    this.faults.clear()
    this.ledger.clear()
    this.webhooks.clear()
  }
}
