import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

/** The stand-in as its own process: what it keeps over restarts, and what it says when it cannot start. */

const MAIN = fileURLToPath(new URL('../../../sandbox/notion/main.ts', import.meta.url))
const DEADLINE_MS = 15_000
const dirs: string[] = []
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
})

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'notion-stand-in-'))
  dirs.push(dir)
  return dir
}

interface Running {
  child: ChildProcess
  url: string
  output: () => string
}

/** Starts the process on a free port and waits for its address, or for its end. */
async function start(dir: string, env: Record<string, string> = {}): Promise<Running> {
  // The test runner sets a BASE_URL of its own, which is not an address.
  const { BASE_URL: _runners, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN], {
    env: { ...inherited, SANDBOX_NOTION_PORT: '0', SANDBOX_DIR: dir, ...env },
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await until(() => /http:\S+/.test(output) || hasEnded(child))
  return { child, url: /http:\S+/.exec(output)?.[0] ?? '', output: () => output }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const token = 'ntn_sandbox_internal_acme'
const headers = {
  authorization: `Bearer ${token}`,
  'notion-version': '2026-03-11',
  'content-type': 'application/json',
}
const PageSchema = z.object({ id: z.string(), icon: z.unknown() })
const SearchSchema = z.object({ results: z.array(PageSchema) })

async function firstPage(url: string): Promise<z.output<typeof PageSchema>> {
  const body = JSON.stringify({ filter: { property: 'object', value: 'page' }, query: 'Second shop' })
  const found = SearchSchema.parse(
    await (await fetch(`${url}/v1/search`, { method: 'POST', headers, body })).json(),
  )
  const [page] = found.results
  if (!page) throw new Error('The demo has no such page')
  return page
}

async function changeIcon(url: string, emoji: string): Promise<void> {
  const { id } = await firstPage(url)
  const body = JSON.stringify({ icon: { emoji } })
  expect((await fetch(`${url}/v1/pages/${id}`, { method: 'PATCH', headers, body })).status).toBe(200)
}

describe('the process', () => {
  it('keeps changes over a restart and over kill -9, readable by its owner only', async () => {
    const dir = freshDir()
    const first = await start(dir)
    await changeIcon(first.url, '🌇')
    first.child.kill('SIGTERM')
    await until(() => hasEnded(first.child))
    expect(first.child.exitCode).toBe(0)

    const second = await start(dir)
    expect((await firstPage(second.url)).icon).toEqual({ type: 'emoji', emoji: '🌇' })
    await changeIcon(second.url, '🌃')
    const state = join(dir, 'notion', 'state.json')
    await until(() => readFileSync(state, 'utf8').includes('🌃'))
    expect(statSync(state).mode & 0o077).toBe(0)
    second.child.kill('SIGKILL')
    await until(() => hasEnded(second.child))

    const third = await start(dir)
    expect((await firstPage(third.url)).icon).toEqual({ type: 'emoji', emoji: '🌃' })
  })

  it('puts an unreadable state aside and starts with the demo', async () => {
    const dir = freshDir()
    const first = await start(dir)
    first.child.kill('SIGTERM')
    await until(() => hasEnded(first.child))
    const state = join(dir, 'notion', 'state.json')
    writeFileSync(state, '{"version":1,"nodes":[{"half"')
    const second = await start(dir)
    expect((await firstPage(second.url)).icon).toEqual({ type: 'emoji', emoji: '🏪' })
    expect(readFileSync(`${state}.unreadable`, 'utf8')).toContain('half')
  })

  it('says which port is taken, and which setting is wrong', async () => {
    const occupier = createServer()
    await new Promise<void>((resolve) => occupier.listen(0, '127.0.0.1', resolve))
    const address = occupier.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const taken = await start(freshDir(), { SANDBOX_NOTION_PORT: port })
    await until(() => hasEnded(taken.child))
    expect(taken.child.exitCode).toBe(1)
    expect(taken.output()).toContain(port)
    occupier.close()

    const wrong = await start(freshDir(), { SANDBOX_NOTION_RATE_LIMIT: 'some' })
    await until(() => hasEnded(wrong.child))
    expect(wrong.output()).toContain('SANDBOX_NOTION_RATE_LIMIT')
  })
})
