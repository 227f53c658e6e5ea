import { Client, LogLevel } from '@notionhq/client'
import type { Gate, GatePriority, NotionFetch } from './gate'

/** The API version everything here is written against (notion-api.md §1). */
export const NOTION_VERSION = '2026-03-11'

/** Where the SDK's warnings go: it drops an unknown argument with a warning instead of an error. */
export type NotionLog = (level: 'warn' | 'error', message: string, details: Record<string, unknown>) => void

export interface NotionClientOptions {
  token: string
  /** Origin of the API, such as `https://api.notion.com`. */
  apiUrl: string
  gate: Gate
  priority: GatePriority
  /** Ends every request of this client, waiting or running. */
  signal?: AbortSignal
  log?: NotionLog
}

/** A Notion client for one token, all of whose requests go through the connection's gate. */
export function createNotionClient(options: NotionClientOptions): Client {
  return createSdkClient({
    auth: options.token,
    apiUrl: options.apiUrl,
    fetch: options.gate.fetch(options.priority, options.signal),
    ...(options.log ? { log: options.log } : {}),
  })
}

/** The SDK with its own retries off (the gate's would stack upon them) and its own time-out out of the way. */
export function createSdkClient(options: {
  auth?: string
  apiUrl: string
  fetch: NotionFetch
  log?: NotionLog
}): Client {
  const { log } = options
  return new Client({
    ...(options.auth === undefined ? {} : { auth: options.auth }),
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    notionVersion: NOTION_VERSION,
    retry: false,
    timeoutMs: SDK_TIMEOUT_MS,
    fetch: options.fetch,
    logLevel: LogLevel.WARN,
    logger: (level, message, details) => {
      if (level === LogLevel.WARN || level === LogLevel.ERROR) log?.(level, message, safeDetails(details))
    },
  })
}

/** Waiting for a turn counts towards the SDK's time-out; the gate has its own, shorter deadlines. */
const SDK_TIMEOUT_MS = 3_600_000

/** The SDK's details quote Notion's reply, which may quote a page; names and codes are enough. */
function safeDetails(details: Record<string, unknown>): Record<string, unknown> {
  const kept = ['code', 'requestId', 'attempt', 'unknownParams', 'method'] as const
  return Object.fromEntries(kept.filter((key) => key in details).map((key) => [key, details[key]]))
}
