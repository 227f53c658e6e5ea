import { z } from 'zod'

const ENCRYPTION_KEY_MIN_LENGTH = 32

const OriginSchema = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((value) => new URL(value).pathname === '/', 'must be an origin without a path')
  .transform((value) => new URL(value).origin)

const BaseUrlSchema = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''))

const EncryptionKeySchema = z
  .string()
  .min(ENCRYPTION_KEY_MIN_LENGTH, `needs at least ${ENCRYPTION_KEY_MIN_LENGTH} characters`)

/** Every variable the server reads. `.env.example` documents them; a test keeps the two equal. */
export const EnvironmentSchema = z.object({
  BASE_URL: OriginSchema,
  ENVIRONMENT: z.string().min(1).default('development'),
  SUPABASE_URL: BaseUrlSchema,
  SUPABASE_KEY: z.string().min(1),
  SUPABASE_SECRET_KEY: z.string().min(1),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NOTION_OAUTH_CLIENT_ID: z.string().min(1),
  NOTION_OAUTH_CLIENT_SECRET: z.string().min(1),
  NOTION_API_URL: BaseUrlSchema.default('https://api.notion.com'),
  CREDENTIAL_ENCRYPTION_KEY: EncryptionKeySchema,
  CREDENTIAL_ENCRYPTION_KEYS_OLD: z
    .string()
    .default('')
    .transform((value) => value.split(',').filter(Boolean))
    .pipe(z.array(EncryptionKeySchema)),
  NOTION_WEBHOOK_VERIFICATION_TOKEN: z.string().min(16).optional(),
})

export type Environment = z.output<typeof EnvironmentSchema>

/** The settings do not allow a start. The message names variables and never quotes a value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/**
 * Reads the server's settings.
 *
 * @param variables usually `process.env`; empty strings count as missing, as `.env` files write them
 * @throws {EnvironmentError} naming every missing or malformed variable
 */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = EnvironmentSchema.safeParse({
    ...given,
    BASE_URL: given.BASE_URL ?? `http://localhost:${given.PORT ?? '3000'}`,
  })
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return given[name] === undefined ? `- ${name} is missing` : `- ${name} is not valid: ${issue.message}`
  })
  throw new EnvironmentError(
    ['Roundup cannot start with these settings (see .env.example):', ...new Set(lines)].join('\n'),
  )
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Whether an address leads to this machine, as those of the stand-ins do. */
export function isOnThisMachine(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname)
}

/** Settings that have a default which is right on a developer's machine, and hardly ever where people come. */
const ASSUMED = ['BASE_URL', 'ENVIRONMENT'] as const

/**
 * Those of them that nobody has set, although the database is not on this machine. The defaults are part of the
 * specification, so they hold; whoever starts the server is told.
 *
 * @param variables what `settings` were read from
 */
export function assumedSettings(
  variables: Record<string, string | undefined>,
  settings: Pick<Environment, 'SUPABASE_URL'>,
): (typeof ASSUMED)[number][] {
  return isOnThisMachine(settings.SUPABASE_URL) ? [] : ASSUMED.filter((name) => !variables[name])
}

let current: Environment | undefined

/** The same for a process that is told its settings, as commands are. @throws {EnvironmentError} */
export function useEnvironment(variables: Record<string, string | undefined>): Environment {
  current = readEnvironment(variables)
  return current
}

/** The settings of this process, read once. @throws {EnvironmentError} */
export function environment(): Environment {
  current ??= readEnvironment(process.env)
  return current
}

/** What this process assumes about itself. @throws {EnvironmentError} */
export function assumptions(): ReturnType<typeof assumedSettings> {
  return assumedSettings(process.env, environment())
}
