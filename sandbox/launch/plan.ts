import { resolve } from 'node:path'
import { z } from 'zod'
import { SandboxError } from '../stack/sandbox-error.ts'

const SUPABASE = ['SUPABASE_URL', 'SUPABASE_KEY', 'SUPABASE_SECRET_KEY', 'DATABASE_URL'] as const
const NOTION = ['NOTION_OAUTH_CLIENT_ID', 'NOTION_OAUTH_CLIENT_SECRET'] as const

const PortSchema = z.coerce.number().int().min(1).max(65_535)
const PORTS = {
  PORT: 3000,
  SANDBOX_SUPABASE_PORT: 54321,
  SANDBOX_DATABASE_PORT: 54322,
  SANDBOX_NOTION_PORT: 54323,
} as const

type Environment = Readonly<Record<string, string | undefined>>

/** What has to be started, decided from the settings alone. */
export interface LaunchPlan {
  parts: { supabase: boolean; notion: boolean }
  /** The configured database; undefined while the stand-in provides one. */
  databaseUrl: string | undefined
  dir: string
  baseUrl: string
  appPort: number
  supabasePort: number
  databasePort: number
  notionPort: number
}

/**
 * Decides which stand-ins are needed. A variable that is set to nothing counts as not set, as in a copied
 * `.env.example`.
 * @param project the project's folder, below which the sandbox keeps its data by default.
 * @throws SandboxError naming every variable that is missing from a half-configured service, or malformed.
 */
export function planLaunch(environment: Environment, project: string): LaunchPlan {
  const problems: string[] = []
  const isSet = (name: string) => Boolean(environment[name]?.trim())
  const port = (name: keyof typeof PORTS): number => {
    const parsed = PortSchema.safeParse(environment[name]?.trim() || PORTS[name])
    if (parsed.success) return parsed.data
    problems.push(`${name} is not a port number.`)
    return PORTS[name]
  }

  const hasSupabase = SUPABASE.some(isSet)
  if (hasSupabase) problems.push(...missing('Supabase', SUPABASE, isSet))
  if (hasSupabase && !isSet('CREDENTIAL_ENCRYPTION_KEY')) {
    problems.push('CREDENTIAL_ENCRYPTION_KEY is missing: with your own Supabase, choose the key yourself.')
  }
  const hasNotion = NOTION.some(isSet)
  if (hasNotion || isSet('NOTION_API_URL')) problems.push(...missing('Notion', NOTION, isSet))

  const appPort = port('PORT')
  const baseUrl = environment.BASE_URL?.trim() || `http://localhost:${appPort}`
  if (!z.url({ protocol: /^https?$/ }).safeParse(baseUrl).success) {
    problems.push('BASE_URL is not an http(s) address.')
  }
  const plan: LaunchPlan = {
    parts: { supabase: !hasSupabase, notion: !hasNotion },
    databaseUrl: hasSupabase ? environment.DATABASE_URL : undefined,
    dir: resolve(project, environment.SANDBOX_DIR?.trim() || '.sandbox'),
    baseUrl,
    appPort,
    supabasePort: port('SANDBOX_SUPABASE_PORT'),
    databasePort: port('SANDBOX_DATABASE_PORT'),
    notionPort: port('SANDBOX_NOTION_PORT'),
  }
  if (problems.length > 0) throw new SandboxError(problems.join('\n'))
  return plan
}

function missing(service: string, names: readonly string[], isSet: (name: string) => boolean): string[] {
  const absent = names.filter((name) => !isSet(name))
  if (absent.length === 0) return []
  const verb = absent.length === 1 ? 'is' : 'are'
  return [
    `${absent.join(', ')} ${verb} missing. Set all of ${names.join(', ')} to use your own ${service}, or none of them.`,
  ]
}
