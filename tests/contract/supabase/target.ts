import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type SupabaseClient, type SupportedStorage } from '@supabase/supabase-js'
import { z } from 'zod'
import { startStack } from '../../../sandbox/stack.ts'
import { findFreePort } from '../../../sandbox/stack/ports.ts'

const MailSchema = z.strictObject({
  to: z.string(),
  subject: z.string(),
  code: z.string(),
  tokenHash: z.string(),
  link: z.string(),
  sentAt: z.iso.datetime(),
})

const SettingsSchema = z.object({
  SUPABASE_URL: z.url(),
  SUPABASE_KEY: z.string(),
  SUPABASE_SECRET_KEY: z.string(),
  DATABASE_URL: z.string(),
})

export const APP_URL = 'http://localhost:3000'
export const PASSWORD = 'correct horse battery'

export interface Target {
  url: string
  key: string
  secretKey: string
  stop(): Promise<void>
}

/** A stand-in the suite started itself: its database and its files can be looked at. */
export interface OwnTarget extends Target {
  databaseUrl: string
  dir: string
}

/** True when the suite is pointed at another Supabase. */
export const isForeign = Boolean(process.env.SUPABASE_CONTRACT_URL)

/** The Supabase of `SUPABASE_CONTRACT_URL`, `_KEY` and `_SECRET_KEY`, or a fresh stand-in. */
export async function openTarget(): Promise<Target> {
  const {
    SUPABASE_CONTRACT_URL: url,
    SUPABASE_CONTRACT_KEY: key,
    SUPABASE_CONTRACT_SECRET_KEY: secretKey,
  } = process.env
  return url && key && secretKey ? { url, key, secretKey, stop: async () => undefined } : openOwnTarget()
}

/** A fresh stand-in on free ports, in a folder that goes when it stops. */
export async function openOwnTarget(): Promise<OwnTarget> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'roundup-contract-')))
  const stack = await startStack({
    dir,
    supabasePort: await findFreePort(),
    databasePort: await findFreePort(),
    notionPort: await findFreePort(),
    parts: { supabase: true, notion: false },
    baseUrl: APP_URL,
  })
  const settings = SettingsSchema.parse(stack.environment)
  return {
    url: settings.SUPABASE_URL,
    key: settings.SUPABASE_KEY,
    secretKey: settings.SUPABASE_SECRET_KEY,
    databaseUrl: settings.DATABASE_URL,
    dir,
    stop: async () => {
      await stack.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A browser of its own: it keeps its session, and the verifiers of PKCE, to itself. */
export function openBrowser(target: Target, flowType: 'pkce' | 'implicit' = 'implicit'): SupabaseClient {
  return createClient(target.url, target.key, {
    auth: {
      flowType,
      storage: createStorage(),
      storageKey: `browser-${randomUUID()}`,
      autoRefreshToken: false,
      detectSessionInUrl: false,
    },
  })
}

/** A server with the secret key. */
export function openAdmin(target: Target): SupabaseClient {
  return createClient(target.url, target.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, storageKey: `admin-${randomUUID()}` },
  })
}

export function newEmail(): string {
  return `person-${randomUUID()}@example.com`
}

/** The newest mail to somebody. */
export async function newestMail(target: Target, to: string) {
  const answer = await fetch(`${target.url}/_mail?${new URLSearchParams({ to })}`, {
    headers: { accept: 'application/json' },
  })
  const [mail] = z.array(MailSchema).parse(await answer.json())
  if (mail === undefined) throw new Error(`no mail to ${to}`)
  return mail
}

/** Follows a link as a mail program opens it, and tells where it leads. */
export async function followLink(link: string): Promise<URL> {
  const answer = await fetch(link, { redirect: 'manual' })
  const location = answer.headers.get('location')
  if (answer.status !== 303 || location === null) throw new Error(`the link answered ${answer.status}`)
  return new URL(location)
}

function createStorage(): SupportedStorage {
  const items = new Map<string, string>()
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
  }
}
