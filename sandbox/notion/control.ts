import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { NotionApiError, schemaError } from './errors.ts'
import { FaultRuleSchema } from './faults.ts'
import { failureReply, jsonReply, parseJson, type Reply } from './http.ts'
import { freshId } from './ids.ts'
import type { World } from './world.ts'
import { WorkspaceSeedSchema } from './seed-format.ts'
import { editAsPerson, EditSchema } from './control-edits.ts'
import { announceEdit } from './webhook-events.ts'
import { WebhookOrderSchema } from './webhooks.ts'
import { changeTokens, TokenOrderSchema } from './control-tokens.ts'

/** `/_sandbox/*`: how tests and people steer the stand-in. Reachable from this machine only. */

export interface Host {
  world: World
  /** Back to the seed, with nobody connected. */
  reset: () => void
  /** Where the state is kept; null when only in memory. */
  dir: string | null
}

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

const SettingsSchema = z.strictObject({
  search_lag_ms: z.int().min(0).optional(),
  rate_limit: z.union([z.enum(['plan', 'off']), z.int().min(1)]).optional(),
  forget_cursors: z.boolean().optional(),
})

/** Answers one control request; a host name other than this machine's is refused (DNS rebinding). */
export async function answerControl(
  host: Host,
  method: string,
  url: URL,
  headers: IncomingHttpHeaders,
  body: string,
): Promise<Reply> {
  try {
    if (!LOCAL_HOST.test(headers.host ?? '') || headers['sec-fetch-site'] === 'cross-site')
      throw new NotionApiError(403, 'restricted_resource', 'The control API answers this machine only.')
    const command = `${method} ${url.pathname.slice('/_sandbox/'.length)}`
    return jsonReply(
      200,
      await run(host, command, url.searchParams, body === '' ? undefined : parseJson(body)),
    )
  } catch (error) {
    return failureReply(error, freshId())
  }
}

function run(host: Host, command: string, query: URLSearchParams, body: unknown): object | Promise<object> {
  const { world } = host
  switch (command) {
    case 'GET health':
      return { service: 'roundup-notion-sandbox', dir: host.dir }
    case 'POST reset':
      host.reset()
      return { ok: true }
    case 'POST seed':
      world.addWorkspace(parse(WorkspaceSeedSchema, body))
      return { ok: true }
    case 'POST faults':
      world.faults.add(parse(FaultRuleSchema, body))
      return { ok: true }
    case 'DELETE faults':
      world.faults.clear()
      return { ok: true }
    case 'GET ledger':
      return {
        counters: world.ledger.counters(),
        entries: world.ledger.entries(Number(query.get('since') ?? 0)),
      }
    case 'DELETE ledger':
      world.ledger.clear()
      return { ok: true }
    case 'POST edit': {
      const edit = parse(EditSchema, body)
      const done = editAsPerson(world, edit)
      announceEdit(world, edit)
      return done
    }
    case 'POST webhooks':
      return world.webhooks.order(parse(WebhookOrderSchema, body))
    case 'POST token':
      return changeTokens(world, parse(TokenOrderSchema, body))
    case 'POST settings':
      return applySettings(host, parse(SettingsSchema, body))
    default:
      throw new NotionApiError(400, 'invalid_request_url', `There is no control command "${command}".`)
  }
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw schemaError('body', parsed.error)
  return parsed.data
}

function applySettings({ world }: Host, settings: z.output<typeof SettingsSchema>): object {
  if (settings.search_lag_ms !== undefined) world.settings.searchLagMs = settings.search_lag_ms
  if (settings.rate_limit !== undefined) world.rateLimit.budget = settings.rate_limit
  if (settings.forget_cursors) world.cursors.clear()
  return { ok: true }
}
