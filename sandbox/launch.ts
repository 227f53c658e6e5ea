import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { applyMigrations } from '../scripts/migrate.ts'
import { runApp, waitUntilAnswering, type RunningApp } from './launch/app.ts'
import { buildEnvironment, builtServer, isBuildStale, nuxtProgram } from './launch/build.ts'
import { planLaunch, type LaunchPlan } from './launch/plan.ts'
import { resetSandbox } from './launch/reset.ts'
import { describeStack } from './launch/summary.ts'
import { startStack, type Stack } from './stack.ts'
import { errorCode } from './stack/private-file.ts'
import { isPortFree } from './stack/ports.ts'
import { SandboxError } from './stack/sandbox-error.ts'

const PROJECT = join(import.meta.dirname, '..')
const MIGRATIONS = join(PROJECT, 'supabase', 'migrations')
const LONGEST_TIMER_MS = 2 ** 31 - 1
const ENDED_BY_SIGTERM = 128 + 15
const COMMANDS = ['start', 'dev', 'sandbox', 'reset'] as const

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Settles at the first request to end. Later ones change nothing: ending has begun. */
const asked = new Promise<'asked'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'))
})

async function main(): Promise<number> {
  const command = COMMANDS.find((name) => name === process.argv[2])
  if (command === undefined) throw new SandboxError(`Say one of: ${COMMANDS.join(', ')}`)
  const file = join(PROJECT, '.env')
  if (existsSync(file)) process.loadEnvFile(file) // what is set already wins
  const plan = planLaunch(process.env, PROJECT)
  if (command === 'reset') {
    await resetSandbox(plan.dir)
    say(`Forgotten: ${plan.dir}`)
    return 0
  }
  return command === 'sandbox' ? runSandbox(plan) : runWithApp(command, plan)
}

/** The stand-ins alone, until asked to end. */
async function runSandbox(plan: LaunchPlan): Promise<number> {
  const stack = await startStack({ ...plan, log: say })
  for (const line of describeStack(plan, stack)) say(line)
  say(`Settings  ${join(plan.dir, 'environment')}`)
  // Waiting for a signal alone does not keep a Node program running.
  const stay = setInterval(() => undefined, LONGEST_TIMER_MS)
  await asked
  clearInterval(stay)
  await stack.stop()
  return 0
}

async function runWithApp(command: 'start' | 'dev', plan: LaunchPlan): Promise<number> {
  if (!(await isPortFree(plan.appPort))) {
    throw new SandboxError(
      `Port ${plan.appPort}, needed for the app, is already used by another program. ` +
        'Stop that program, or set PORT to a free port.',
    )
  }
  const stack = await startStack({ ...plan, log: say })
  try {
    await migrateOwnDatabase(plan)
    if (command === 'start' && isBuildStale(PROJECT)) {
      say('Building the app, once …')
      const code = await untilEnded(
        runApp([nuxtProgram(PROJECT), 'build'], PROJECT, buildEnvironment(process.env)),
      )
      if (code !== 0) return code
    }
    return await serve(command, plan, stack)
  } finally {
    await stack.stop()
  }
}

/** Runs the app until it ends or somebody asks for it. */
async function serve(command: 'start' | 'dev', plan: LaunchPlan, stack: Stack): Promise<number> {
  const environment = {
    ...process.env,
    ...unset(stack.environment),
    // Where nobody names an address, the app comes to the same one, and says that it had to.
    ...(process.env.BASE_URL?.trim() && { BASE_URL: plan.baseUrl }),
    PORT: String(plan.appPort),
  }
  const app =
    command === 'start'
      ? runApp([builtServer(PROJECT)], PROJECT, { NODE_ENV: 'production', ...environment })
      : runApp([nuxtProgram(PROJECT), 'dev', '--port', String(plan.appPort)], PROJECT, environment)
  const isUp = await Promise.race([waitUntilAnswering(probeUrl(plan), app), asked])
  if (isUp === true) {
    say(`\nRoundup   ${plan.baseUrl}`)
    for (const line of describeStack(plan, stack)) say(line)
    say('Ctrl-C ends it all.\n')
  }
  return untilEnded(app)
}

/** Waits for a program, or ends it when asked to; the end somebody asked for is no failure. */
async function untilEnded(app: RunningApp): Promise<number> {
  const first = await Promise.race([app.ended, asked])
  if (first !== 'asked') return first
  await app.stop()
  const code = await app.ended
  return code === ENDED_BY_SIGTERM ? 0 : code
}

/** "localhost" rather than an address: the development server listens on whichever it means. */
function probeUrl({ appPort }: LaunchPlan): string {
  const host = process.env.HOST?.trim()
  const isAny = !host || host === '0.0.0.0' || host === '::'
  return `http://${isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${appPort}/api/health`
}

/** The stand-in's database is migrated by its own start; a configured one here. */
async function migrateOwnDatabase({ databaseUrl }: LaunchPlan): Promise<void> {
  if (databaseUrl === undefined) return
  try {
    const applied = await applyMigrations({ databaseUrl, directory: MIGRATIONS })
    if (applied.length > 0) say(`Applied ${applied.length} migration(s) to your database.`)
  } catch (error) {
    const reason = (error instanceof Error && error.message) || errorCode(error) || 'unknown failure'
    throw new SandboxError(`The database in DATABASE_URL could not be brought up to date: ${reason}`)
  }
}

/** What the stand-ins offer, except where somebody has chosen a value. */
function unset(offered: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(offered).filter(([name]) => !process.env[name]?.trim()))
}

try {
  process.exitCode = await main()
} catch (error) {
  const isExpected = error instanceof SandboxError
  process.stderr.write(
    `${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exitCode = 1
}
process.exit()
