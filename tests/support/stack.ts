import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { startStack } from '../../sandbox/stack.ts'
import type { App } from './app.ts'
import { startApp } from './app.ts'

export interface TestStack {
  app: App
  /** What the app was started with: the addresses and keys of everything else. */
  environment: Record<string, string>
  dir: string
  stop: () => Promise<void>
}

/** A whole installation of its own: database, Supabase and Notion stand-ins, and the production build. */
export async function startTestStack(extra: Record<string, string> = {}): Promise<TestStack> {
  const dir = await mkdtemp(join(tmpdir(), 'roundup-test-'))
  const [appPort, supabasePort, databasePort, notionPort] = await freePorts()
  const baseUrl = `http://localhost:${appPort}`
  const parts = { supabase: true, notion: true }
  const stack = await startStack({ dir, supabasePort, databasePort, notionPort, parts, baseUrl })
  const environment = { ...stack.environment, BASE_URL: baseUrl, ...extra }
  const app = await startApp(appPort, environment).catch(async (error: unknown) => {
    await stack.stop()
    throw error
  })
  return {
    app,
    environment,
    dir,
    stop: async () => {
      await app.stop()
      await stack.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The same for a script, which no runner clears up after: ends with it, also when somebody interrupts it. */
export async function startScriptStack(): Promise<TestStack> {
  const stack = await startTestStack()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stack.stop().finally(() => process.exit(1)))
  return stack
}

async function freePorts(): Promise<[number, number, number, number]> {
  const ports = new Set<number>()
  while (ports.size < 4) ports.add(await findFreePort())
  const [app = 0, supabase = 0, database = 0, notion = 0] = ports
  return [app, supabase, database, notion]
}
