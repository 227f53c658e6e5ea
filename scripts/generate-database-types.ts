import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { format, resolveConfig } from 'prettier'

const run = promisify(execFile)

/** The Supabase CLI comes as its platform package: it has no launcher in `.bin`. */
const SUPABASE_CLI = fileURLToPath(
  new URL('../node_modules/@supabase/cli-linux-x64/bin/supabase', import.meta.url),
)

/** Where the types live that every repository is checked against. */
export const TYPES_FILE = fileURLToPath(new URL('../shared/types/database.types.ts', import.meta.url))

/**
 * Describes the public schema of a database as TypeScript, in the form supabase-js takes.
 *
 * @param databaseUrl a database with all migrations applied
 * @throws when the CLI is missing on this platform or cannot connect
 */
export async function generateDatabaseTypes(databaseUrl: string): Promise<string> {
  const { stdout } = await run(
    SUPABASE_CLI,
    ['gen', 'types', '--lang=typescript', '--schema', 'public', `--remote=${databaseUrl}`],
    // Away from supabase/config.toml, whose older sections it stumbles over; it needs nothing of it.
    { cwd: tmpdir() },
  )
  // The CLI colours and frames its output for terminals; the declarations start at the first line of code.
  const code = stdout.slice(stdout.indexOf('export type Json'))
  return format(`// Generated from supabase/migrations by \`npm run types\`. Do not edit.\n\n${code}`, {
    ...(await resolveConfig(TYPES_FILE)),
    parser: 'typescript',
  })
}

if (import.meta.main) {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new Error('DATABASE_URL is missing')
  await writeFile(TYPES_FILE, await generateDatabaseTypes(databaseUrl))
}
