import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Client } from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runApp, waitUntilAnswering } from '../../sandbox/launch/app.ts'
import { buildEnvironment, isBuildStale } from '../../sandbox/launch/build.ts'
import { planLaunch } from '../../sandbox/launch/plan.ts'
import { resetSandbox } from '../../sandbox/launch/reset.ts'
import { poll } from '../../sandbox/stack/poll.ts'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { isRunning } from '../../sandbox/stack/process-identity.ts'
import { readState, type PartName } from '../../sandbox/stack/state.ts'
import { startStack, type Stack, type StackOptions } from '../../sandbox/stack.ts'

// The launcher as people meet it: started twice, killed, in the way of other programs, in odd places.

const PROJECT = join(import.meta.dirname, '..', '..')
const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const DEADLINE_MS = 20_000

// Each test starts databases, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 90_000 })

const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
}, 60_000)

function newDir(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'roundup-launch-')))
  undo.push(async () => {
    await resetSandbox(dir).catch(() => undefined)
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

async function newOptions(dir = newDir()): Promise<StackOptions> {
  return {
    dir,
    supabasePort: await findFreePort(),
    databasePort: await findFreePort(),
    notionPort: await findFreePort(),
    parts: { supabase: true, notion: false },
    baseUrl: 'http://localhost:3000',
  }
}

async function start(options: StackOptions): Promise<Stack> {
  const stack = await startStack(options)
  undo.push(() => stack.stop())
  return stack
}

async function query(stack: Stack, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: stack.environment.DATABASE_URL })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function isServing(stack: Stack): Promise<boolean> {
  const { SUPABASE_URL: url, SUPABASE_KEY: apikey } = stack.environment
  const answer = await fetch(`${url}/rest/v1/`, { headers: { apikey: apikey ?? '' } }).catch(() => undefined)
  return answer?.ok ?? false
}

/** Kills parts as a crash would, and waits until they are gone. */
async function kill(dir: string, ...names: PartName[]): Promise<void> {
  const processes = names.flatMap((name) => readState(dir)[name]?.process ?? [])
  expect(processes).toHaveLength(names.length)
  for (const { pid } of processes) process.kill(pid, 'SIGKILL')
  expect(await poll(() => !processes.some(isRunning) || undefined, DEADLINE_MS)).toBe(true)
}

async function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy())
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  undo.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return server
}

describe('a stack', () => {
  it('is joined by a second launcher, which leaves it running', async () => {
    const options = await newOptions()
    const first = await start(options)
    const second = await start(options)
    expect(second.environment).toEqual(first.environment)
    await second.stop()
    expect(await isServing(first)).toBe(true)
    await first.stop()
    expect(await isServing(first)).toBe(false)
  })

  it('is made once by two launchers that begin together', async () => {
    const options = await newOptions()
    const [first, second] = await Promise.all([start(options), start(options)])
    expect(second.environment).toEqual(first.environment)
    expect(await isServing(first)).toBe(true)
  })

  it('runs beside another, each with keys and data of its own', async () => {
    const [one, other] = await Promise.all([newOptions(), newOptions()])
    const [first, second] = await Promise.all([start(one), start(other)])
    expect(second.environment.SUPABASE_KEY).not.toBe(first.environment.SUPABASE_KEY)
    const foreign = await fetch(`${first.environment.SUPABASE_URL}/rest/v1/`, {
      headers: { apikey: second.environment.SUPABASE_SECRET_KEY ?? '' },
    })
    expect(foreign.status).toBe(401)
    await first.stop()
    expect(await isServing(second)).toBe(true)
  })

  it('keeps its data and its keys', async () => {
    const options = await newOptions()
    const first = await start(options)
    await query(first, 'create table public.kept as select 42 as answer')
    await first.stop()
    const second = await start(options)
    expect(second.environment).toEqual(first.environment)
    expect(await query(second, 'select answer from public.kept')).toEqual([{ answer: 42 }])
  })

  it('comes back after any part of it was killed, or all of them, with all that was written', async () => {
    const options = await newOptions()
    const first = await start(options)
    await query(first, 'create table public.kept as select 42 as answer')
    const all = ['postgres', 'postgrest', 'gateway'] as const
    for (const names of [...all.map((name) => [name]), all]) {
      await kill(options.dir, ...names)
      const next = await start(options)
      expect(await isServing(next), names.join()).toBe(true)
      expect(await query(next, 'select answer from public.kept')).toEqual([{ answer: 42 }])
    }
  })

  it('is not misled by a pid file that names a living stranger', async () => {
    const options = await newOptions()
    const first = await start(options)
    await kill(options.dir, 'postgres')
    await first.stop()
    const file = join(options.dir, 'postgres', 'postmaster.pid')
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'))
    expect(await isServing(await start(options))).toBe(true)
  })

  it.each([
    ['supabasePort', 'SANDBOX_SUPABASE_PORT'],
    ['databasePort', 'SANDBOX_DATABASE_PORT'],
  ] as const)('says which port is taken and how to move: %s', async (name, variable) => {
    const options = await newOptions()
    await occupy(options[name])
    await expect(startStack(options)).rejects.toThrow(`Port ${options[name]}`)
    await expect(startStack(options)).rejects.toThrow(`set ${variable} to a free port`)
    expect(Object.keys(readState(options.dir))).toEqual([])
  })

  it('works below a directory that is closed to others', async () => {
    const closed = newDir()
    chmodSync(closed, 0o700)
    const stack = await start(await newOptions(join(closed, 'project', '.sandbox')))
    expect(await isServing(stack)).toBe(true)
    await stack.stop()
    await resetSandbox(join(closed, 'project', '.sandbox'))
  })

  it('answers under localhost as well', async () => {
    const options = await newOptions()
    const stack = await start(options)
    const answer = await fetch(`http://localhost:${options.supabasePort}/_sandbox/health`)
    expect(await answer.json()).toEqual({ service: 'roundup-supabase-sandbox', dir: options.dir })
    expect(stack.environment.SUPABASE_URL).toBe(`http://127.0.0.1:${options.supabasePort}`)
  })

  it('brings the Notion stand-in with it', async () => {
    const options = await newOptions()
    const stack = await start({ ...options, parts: { supabase: false, notion: true } })
    const { NOTION_API_URL: url, ...others } = stack.environment
    expect(others).toEqual({
      NOTION_OAUTH_CLIENT_ID: expect.any(String),
      NOTION_OAUTH_CLIENT_SECRET: expect.any(String),
    })
    expect((await fetch(`${url}/_sandbox/health`)).status).toBe(200)
  })
})

describe('a reset', () => {
  it('ends what runs and forgets all', async () => {
    const options = await newOptions()
    const stack = await start(options)
    await resetSandbox(options.dir)
    expect(await isServing(stack)).toBe(false)
    expect(existsSync(join(options.dir, 'postgres'))).toBe(false)
    const again = await start(options)
    expect(again.environment.SUPABASE_KEY).not.toBe(stack.environment.SUPABASE_KEY)
  })

  it('leaves a folder alone that is no sandbox', async () => {
    const dir = newDir()
    writeFileSync(join(dir, 'thesis.txt'), 'the only copy')
    await expect(resetSandbox(dir)).rejects.toThrow('does not look like a sandbox')
    expect(readFileSync(join(dir, 'thesis.txt'), 'utf8')).toBe('the only copy')
  })
})

describe('the launcher', () => {
  it('runs the stand-ins until it is asked to end', async () => {
    const { child, dir } = await launchSandbox()
    const recorded = Object.values(readState(dir)).map((part) => part.process)
    expect(recorded).toHaveLength(3)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(recorded.filter(isRunning)).toEqual([])
  })

  it('takes over what a killed launcher left behind', async () => {
    const { child, dir, environment } = await launchSandbox()
    const left = Object.values(readState(dir)).map((part) => part.process)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(left.filter(isRunning)).toHaveLength(3)
    const next = await launchSandbox(dir, environment)
    expect(Object.values(readState(dir)).map((part) => part.process)).toEqual(left)
    next.child.kill('SIGINT')
    expect(await once(next.child, 'exit')).toEqual([0, null])
    expect(left.filter(isRunning)).toEqual([])
  })

  it.runIf(isRoot)('needs no rights of its own', async () => {
    const dir = newDir()
    chmodSync(dir, 0o755)
    mkdirSync(join(dir, 'home'))
    chownSync(join(dir, 'home'), NOBODY, NOBODY)
    const { child } = await launchSandbox(join(dir, 'home'), {}, NOBODY)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('stops at a half-configured service and names what is missing', async () => {
    const { code, output } = await launchAndWait('start', {
      SUPABASE_URL: 'http://127.0.0.1:9',
      NOTION_OAUTH_CLIENT_ID: 'x',
    })
    expect(code).toBe(1)
    expect(output).toContain('SUPABASE_KEY, SUPABASE_SECRET_KEY, DATABASE_URL are missing')
    expect(output).toContain('NOTION_OAUTH_CLIENT_SECRET is missing')
    expect(output).toContain('CREDENTIAL_ENCRYPTION_KEY is missing')
    expect(output).not.toContain('    at ')
  })

  it('stops when the app’s port is taken, before it starts anything', async () => {
    const port = await findFreePort()
    await occupy(port)
    const dir = newDir()
    const { code, output } = await launchAndWait('start', { PORT: String(port), SANDBOX_DIR: dir })
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port}`)
    expect(output).toContain('set PORT to a free port')
    expect(existsSync(join(dir, 'secrets.json'))).toBe(false)
  })

  it('says that a configured database cannot be reached, without its password', async () => {
    const { code, output } = await launchAndWait('start', {
      PORT: String(await findFreePort()),
      SANDBOX_DIR: newDir(),
      SUPABASE_URL: 'http://127.0.0.1:9',
      SUPABASE_KEY: 'k',
      SUPABASE_SECRET_KEY: 's',
      DATABASE_URL: 'postgresql://postgres:hunter2@127.0.0.1:9/postgres',
      CREDENTIAL_ENCRYPTION_KEY: 'k',
      NOTION_OAUTH_CLIENT_ID: 'x',
      NOTION_OAUTH_CLIENT_SECRET: 'y',
    })
    expect(code).toBe(1)
    expect(output).toContain('DATABASE_URL could not be brought up to date')
    expect(output).not.toContain('hunter2')
  })
})

describe('the app', () => {
  const program = (lines: string): string => {
    const file = join(newDir(), 'app.mjs')
    writeFileSync(file, lines)
    return file
  }
  const SERVER = `import { createServer } from 'node:http'
    createServer((_, answer) => answer.end('here')).listen(process.env.PORT)
    process.once('SIGTERM', () => process.exit(Number(process.env.EXIT_CODE)))`

  it('is waited for, ended when asked, and its exit code passed on', async () => {
    const port = String(await findFreePort())
    const app = runApp([program(SERVER)], PROJECT, bareEnvironment({ PORT: port, EXIT_CODE: '7' }))
    expect(await waitUntilAnswering(`http://127.0.0.1:${port}/`, app)).toBe(true)
    await app.stop()
    expect(await app.ended).toBe(7)
  })

  it('is not waited for once it has ended', async () => {
    const app = runApp([program('process.exit(3)')], PROJECT, bareEnvironment({}))
    expect(await waitUntilAnswering(`http://127.0.0.1:${await findFreePort()}/`, app)).toBe(false)
    expect(await app.ended).toBe(3)
  })

  it('is built when it never was, or a source has changed since', () => {
    const project = newDir()
    const at = (path: string, ageSeconds: number) => {
      mkdirSync(join(project, path, '..'), { recursive: true })
      writeFileSync(join(project, path), '')
      const time = Date.now() / 1000 - ageSeconds
      utimesSync(join(project, path), time, time)
      utimesSync(join(project, path, '..'), time, time)
    }
    at('server/api/todos.get.ts', 100)
    expect(isBuildStale(project)).toBe(true)
    at('.output/server/index.mjs', 50)
    utimesSync(join(project, 'server'), 0, 0)
    expect(isBuildStale(project)).toBe(false)
    at('server/api/todos.get.ts', 10)
    expect(isBuildStale(project)).toBe(true)
  })

  it('is built without a setting that could end up inside it', () => {
    const built = buildEnvironment({
      PATH: '/bin',
      SUPABASE_SECRET_KEY: 's',
      NUXT_PUBLIC_X: 'x',
      DATABASE_URL: 'd',
    })
    expect(built).toEqual({ PATH: '/bin', NODE_ENV: 'production' })
  })
})

describe('the plan', () => {
  it('takes empty settings for none', () => {
    const plan = planLaunch({ SUPABASE_URL: '', NOTION_OAUTH_CLIENT_ID: ' ', PORT: '' }, '/project')
    expect(plan).toEqual({
      parts: { supabase: true, notion: true },
      databaseUrl: undefined,
      dir: '/project/.sandbox',
      baseUrl: 'http://localhost:3000',
      appPort: 3000,
      supabasePort: 54321,
      databasePort: 54322,
      notionPort: 54323,
    })
  })

  it('starts only what is missing', () => {
    const own = {
      SUPABASE_URL: 'https://x.supabase.co',
      SUPABASE_KEY: 'k',
      SUPABASE_SECRET_KEY: 's',
      DATABASE_URL: 'postgresql://db',
      CREDENTIAL_ENCRYPTION_KEY: 'c',
    }
    const notion = { NOTION_OAUTH_CLIENT_ID: 'i', NOTION_OAUTH_CLIENT_SECRET: 's' }
    expect(planLaunch(own, '/').parts).toEqual({ supabase: false, notion: true })
    expect(planLaunch(notion, '/').parts).toEqual({ supabase: true, notion: false })
    expect(planLaunch({ ...own, ...notion }, '/').parts).toEqual({ supabase: false, notion: false })
  })

  it.each([
    [{ NOTION_API_URL: 'http://x' }, 'NOTION_OAUTH_CLIENT_ID, NOTION_OAUTH_CLIENT_SECRET are missing'],
    [{ SUPABASE_SECRET_KEY: 's' }, 'SUPABASE_URL, SUPABASE_KEY, DATABASE_URL are missing'],
    [{ DATABASE_URL: 'd' }, 'CREDENTIAL_ENCRYPTION_KEY is missing'],
    [{ PORT: '70000' }, 'PORT is not a port number'],
    [{ BASE_URL: 'roundup.example' }, 'BASE_URL is not an http(s) address'],
  ])('names what is wrong with %j', (settings, message) => {
    expect(() => planLaunch(settings, '/')).toThrow(message)
  })
})

/** An environment without anything this machine may have configured. */
function bareEnvironment(extra: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...extra }
}

function launch(command: string, environment: Record<string, string>, uid?: number): ChildProcess {
  return spawn(process.execPath, [join(PROJECT, 'sandbox', 'launch.ts'), command], {
    env: bareEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
}

async function launchAndWait(command: string, environment: Record<string, string>) {
  const child = launch(command, environment)
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'exit')
  return { code, output }
}

/** `npm run sandbox` on free ports, without the Notion part, once it has said that it runs. */
async function launchSandbox(dir = newDir(), chosen: Record<string, string> = {}, uid?: number) {
  const environment = {
    SANDBOX_DIR: dir,
    SANDBOX_SUPABASE_PORT: String(await findFreePort()),
    SANDBOX_DATABASE_PORT: String(await findFreePort()),
    NOTION_OAUTH_CLIENT_ID: 'configured',
    NOTION_OAUTH_CLIENT_SECRET: 'configured',
    ...chosen,
  }
  const child = launch('sandbox', environment, uid)
  undo.push(async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM'))
      await once(child, 'exit')
  })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const isUp = () => output.includes('Settings  ') || (child.exitCode === null ? undefined : false)
  if ((await poll(() => isUp() || undefined, DEADLINE_MS)) !== true) throw new Error(`not started: ${output}`)
  const written = parseEnv(readFileSync(join(dir, 'environment'), 'utf8'))
  expect(output).not.toContain(written.SUPABASE_SECRET_KEY)
  return { child, dir, environment }
}
