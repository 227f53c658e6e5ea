import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { startStack } from '../../sandbox/stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    supabaseUrl: string
    supabaseKey: string
    supabaseSecretKey: string
    databaseUrl: string
  }
}

/** One PostgreSQL with PostgREST and the auth stand-in for all database tests; each brings its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'roundup-db-'))
  const [supabasePort, databasePort, notionPort] = await freePorts()
  const stack = await startStack({
    dir,
    supabasePort,
    databasePort,
    notionPort,
    parts: { supabase: true, notion: false },
    baseUrl: 'http://localhost:3000',
  })
  const setting = (name: string): string => {
    const value = stack.environment[name]
    if (value === undefined) throw new Error(`the stack has no ${name}`)
    return value
  }
  project.provide('supabaseUrl', setting('SUPABASE_URL'))
  project.provide('supabaseKey', setting('SUPABASE_KEY'))
  project.provide('supabaseSecretKey', setting('SUPABASE_SECRET_KEY'))
  project.provide('databaseUrl', setting('DATABASE_URL'))
  return async () => {
    await stack.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function freePorts(): Promise<[number, number, number]> {
  const ports = new Set<number>()
  while (ports.size < 3) ports.add(await findFreePort())
  const [supabase = 0, database = 0, notion = 0] = ports
  return [supabase, database, notion]
}
