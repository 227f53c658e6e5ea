import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { handleRequest } from './requests.ts'
import type { RateBudget } from './rate-limit.ts'
import type { WorkspaceSeed } from './seed-format.ts'
import { openStateFile, type StateFile } from './state-file.ts'
import { World, type Clock } from './world.ts'

export const CLIENT_ID = '00000000-0000-4000-8000-000000000d0d'
export const CLIENT_SECRET = 'secret_sandbox_client'

export interface NotionServerOptions {
  /** 0 takes a free port. */
  port: number
  /** The workspaces at the start and after a reset; a function is called each time, so dates stay fresh. */
  seed?: WorkspaceSeed[] | (() => WorkspaceSeed[])
  /** Keeps the state in `<dir>/state.json`; left out, it lives in memory only. */
  dir?: string
  clock?: Clock
  rateLimit?: RateBudget
  searchLagMs?: number
  redirectUris?: string[]
  clientId?: string
  clientSecret?: string
}

export interface NotionServer {
  url: string
  /** Workspaces, connections, ledger, faults and cursors, for tests in the same process. */
  world: World
  /** Back to the seed, with nobody connected. */
  reset: () => void
  close: () => Promise<void>
}

/**
 * Starts the stand-in on this machine's loopback address.
 * @throws when the port is taken
 */
export async function createNotionServer(options: NotionServerOptions): Promise<NotionServer> {
  let file: StateFile | undefined
  const world = new World({
    settings: {
      clientId: options.clientId ?? CLIENT_ID,
      clientSecret: options.clientSecret ?? CLIENT_SECRET,
      redirectUris: options.redirectUris ?? [],
      searchLagMs: options.searchLagMs ?? 0,
    },
    clock: options.clock ?? Date.now,
    rateLimit: options.rateLimit ?? 'plan',
    onChange: () => file?.saveSoon(),
  })
  const reset = (): void => {
    world.clear()
    const seeds = typeof options.seed === 'function' ? options.seed() : (options.seed ?? [])
    for (const seed of seeds) world.addWorkspace(seed)
  }
  if (options.dir !== undefined) file = openStateFile(options.dir, world)
  if (!file?.restored) reset()
  const server = createServer((request, response) => {
    void handleRequest({ world, reset, dir: options.dir ?? null }, request, response)
  })
  await listen(server, options.port)
  return {
    url: urlOf(server),
    world,
    reset,
    async close() {
      world.webhooks.clear()
      await closeServer(server)
      file?.close()
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function isAddressInfo(address: ReturnType<Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

function urlOf(server: Server): string {
  const address = server.address()
  if (!isAddressInfo(address)) throw new Error('The stand-in has no port')
  return `http://127.0.0.1:${address.port}`
}

/** Hung and stalled replies are cut, so that a test can always stop. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
