import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { readMeters } from '../../server/db/notion-gate.ts'
import type { Sql } from '../../server/db/pool.ts'
import { gateFor } from '../../server/gate/gates.ts'
import { listenForPauses } from '../../server/gate/pauses.ts'
import { insure } from '../../server/gate/insured-ledger.ts'
import { SharedLedger } from '../../server/gate/shared-ledger.ts'
import type { Gate } from '../../server/notion/gate.ts'
import { createGate } from '../../server/notion/gate.ts'
import { MemoryLedger } from '../../server/notion/memory-ledger.ts'
import { one, openPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

// R51, R125: one budget per connection, whoever asks. Two instances, each with a pool of its own, and a
// server that counts like Notion but in windows of a second and a half.

const WINDOW_MS = 1_500
const ME = 'http://notion.test/v1/users/me'

let pools: [Pool, Pool]
beforeAll(() => {
  pools = [openPostgres(undefined, 3), openPostgres(undefined, 3)]
})
afterAll(async () => {
  for (const pool of pools) await pool.end()
})

/** A Notion that lets `limit` requests through in any window, and writes down when each arrived. */
function notion(limit: number, latencyMs = 8) {
  const arrived: { at: number; from: string; isRefused: boolean }[] = []
  let refuseNext: { reason: string; seconds: number } | undefined
  const fetchFrom = (from: string): typeof globalThis.fetch => {
    return async () => {
      await new Promise((resolve) => setTimeout(resolve, latencyMs / 2))
      const at = performance.now()
      const inWindow = arrived.filter((each) => !each.isRefused && each.at > at - WINDOW_MS)
      const refusal =
        refuseNext ??
        (inWindow.length >= limit ? { reason: 'public_api_request_rate_limit', seconds: 1 } : undefined)
      refuseNext = undefined
      arrived.push({ at, from, isRefused: refusal !== undefined })
      await new Promise((resolve) => setTimeout(resolve, latencyMs / 2))
      if (!refusal) return Response.json({ object: 'list', results: [] })
      const body = {
        object: 'error',
        status: 429,
        code: 'rate_limited',
        message: '',
        additional_data: { rate_limit_reason: refusal.reason, retry_after: String(refusal.seconds) },
      }
      return Response.json(body, { status: 429, headers: { 'retry-after': String(refusal.seconds) } })
    }
  }
  return {
    arrived,
    fetchFrom,
    refuseOnce: (reason: string, seconds = 1) => {
      refuseNext = { reason, seconds }
    },
    most: () =>
      Math.max(
        0,
        ...arrived.map(
          ({ at: from }) => arrived.filter(({ at }) => at >= from && at < from + WINDOW_MS).length,
        ),
      ),
  }
}

function counting(pool: Pool): { sql: Sql; count: () => number } {
  let queries = 0
  const query = ((...args: Parameters<Pool['query']>) => {
    queries += 1
    return pool.query(...args)
  }) as Pool['query']
  return { sql: { query }, count: () => queries }
}

function instance(
  sql: Sql,
  key: string,
  server: ReturnType<typeof notion>,
  limits: { base: number; max: number },
  name = 'one',
): Gate {
  const ledger = new SharedLedger(
    sql,
    { key, holder: randomUUID() },
    { windowMs: WINDOW_MS, limits, graceMs: 2_000 },
  )
  return createGate({
    ledger,
    windowMs: WINDOW_MS,
    fetch: server.fetchFrom(name),
    deadlineMs: { interactive: 20_000, background: 60_000 },
  })
}

const ask = (gate: Gate, priority: 'interactive' | 'background' = 'background') => gate.fetch(priority)(ME)

async function askOften(gate: Gate, times: number, width = 6): Promise<void> {
  let left = times
  const walk = async () => {
    while (left-- > 0) expect((await ask(gate)).status).toBe(200)
  }
  await Promise.all(Array.from({ length: width }, walk))
}

it('keeps two instances within one budget, shares it between them, and spends it', async () => {
  const key = randomUUID()
  const server = notion(40)
  const counted = pools.map((pool) => counting(pool))
  const limits = { base: 40, max: 40 }
  const [one, two] = counted.map(({ sql }, n) => instance(sql, key, server, limits, `instance ${n}`))
  if (!one || !two) throw new Error('two instances')
  const startedAt = performance.now()
  await Promise.all([askOften(one, 100), askOften(two, 100)])
  const windows = (performance.now() - startedAt) / WINDOW_MS

  expect(server.most()).toBeLessThanOrEqual(40)
  expect(server.arrived.filter(({ isRefused }) => isRefused)).toEqual([])
  const queries = counted.reduce((sum, { count }) => sum + count(), 0)
  console.info(
    `200 requests, 40 a window: ${windows.toFixed(2)} windows (ideal 4), ${queries} queries, most in a window ${server.most()}`,
  )
  // The fifth window's worth is sent at the beginning of the fifth window. Bundles cost a little.
  expect(windows).toBeLessThan(5.5)
  const firstHalf = server.arrived.slice(0, 100).filter(({ from }) => from === 'instance 0').length
  expect(firstHalf).toBeGreaterThan(15)
  expect(firstHalf).toBeLessThan(85)
})

it('costs far less than a query a request', async () => {
  const counted = counting(pools[0])
  const gate = instance(counted.sql, randomUUID(), notion(600), { base: 180, max: 180 })
  await askOften(gate, 170)
  console.info(`170 requests: ${counted.count()} queries`)
  expect(counted.count()).toBeLessThan(170 / 6)
})

it('stops every instance when one is refused, and no other connection', async () => {
  const [key, otherKey] = [randomUUID(), randomUUID()]
  const server = notion(1_000)
  const limits = { base: 500, max: 500 }
  const one = instance(pools[0], key, server, limits, 'one')
  const two = instance(pools[1], key, server, limits, 'two')
  const other = instance(pools[1], otherKey, server, limits, 'other')
  await Promise.all([ask(one), ask(two), ask(other)])
  // Bundles that were taken before are given back within a moment.
  await new Promise((resolve) => setTimeout(resolve, 4 * (WINDOW_MS / 30)))

  server.refuseOnce('public_api_space_request_rate_limit', 1)
  const refusedAt = performance.now()
  const retried = ask(one)
  await expect.poll(() => one.state().pausedUntil).not.toBeNull()
  const [slow, fast] = await Promise.all([
    ask(two).then(() => performance.now() - refusedAt),
    ask(other).then(() => performance.now() - refusedAt),
  ])
  await retried
  expect(slow).toBeGreaterThanOrEqual(990)
  expect(fast).toBeLessThan(500)
  // It was the workspace's limit, which says nothing about ours.
  expect((await readMeters(pools[0], [key]))[0]?.budget).toBe(500)
})

it('hears of a refusal elsewhere without asking', async () => {
  const connectionId = 2_000_000_000 + Math.floor(Math.random() * 1e8)
  const elsewhere = new SharedLedger(pools[0], { key: String(connectionId), holder: randomUUID() })
  await elsewhere.exchange({ people: 1, background: 0, ended: null, unused: 0 })
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const gate = gateFor({ sql: pools[1], log: silent }, connectionId)
  const stop = listenForPauses(inject('databaseUrl'))
  try {
    await expect
      .poll(async () => {
        await elsewhere.refused({
          reason: 'overload',
          pauseMs: 60_000,
          sentAgoMs: 0,
          isProbe: false,
          ended: null,
        })
        return gate.state().pausedUntil
      })
      .toBeGreaterThan(Date.now() + 50_000)
  } finally {
    stop()
  }
})

it('learns a smaller budget once, for all instances and those to come', async () => {
  const key = randomUUID()
  const server = notion(25)
  const limits = { base: 60, max: 60 }
  await askOften(instance(pools[0], key, server, limits), 60)
  const learnt = (await readMeters(pools[0], [key]))[0]?.budget ?? 0
  expect(learnt).toBeLessThanOrEqual(25)
  expect(learnt).toBeGreaterThanOrEqual(15)
  const before = server.arrived.filter(({ isRefused }) => isRefused).length
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS))
  await askOften(instance(pools[1], key, server, limits), 50)
  expect(server.arrived.filter(({ isRefused }) => isRefused)).toHaveLength(before)
})

it('learns a larger budget, and remembers it', async () => {
  const key = randomUUID()
  const server = notion(120)
  const limits = { base: 40, max: 120 }
  await askOften(instance(pools[0], key, server, limits), 400)
  expect((await readMeters(pools[0], [key]))[0]?.budget).toBe(120)
  expect(server.arrived.filter(({ isRefused }) => isRefused)).toEqual([])
})

it('lets a person through at once while another instance reads in the background', async () => {
  const key = randomUUID()
  const server = notion(60)
  const limits = { base: 60, max: 60 }
  const reader = instance(pools[0], key, server, limits, 'reader')
  const person = instance(pools[1], key, server, limits, 'person')
  const reading = askOften(reader, 240)
  const waits: number[] = []
  for (let n = 0; n < 6; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS / 3))
    const startedAt = performance.now()
    await ask(person, 'interactive')
    waits.push(performance.now() - startedAt)
  }
  await reading
  console.info(`a person waits ${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`)
  // Far less than a window; the books cost two round trips.
  expect(Math.max(...waits)).toBeLessThan(WINDOW_MS / 4)
  expect(server.most()).toBeLessThanOrEqual(60)
})

it('sends what a person waits for before all that is queued already', async () => {
  const key = randomUUID()
  const limits = { base: 60, max: 60 }
  const sent: string[] = []
  const answers: (() => void)[] = []
  const ledger = new SharedLedger(pools[0], { key, holder: randomUUID() }, { windowMs: WINDOW_MS, limits })
  const gate = createGate({
    ledger,
    windowMs: WINDOW_MS,
    maxInFlight: 4,
    fetch: (url) => {
      sent.push(new URL(String(url)).pathname)
      return new Promise((resolve) => answers.push(() => resolve(Response.json({}))))
    },
  })
  const all = Array.from({ length: 20 }, (_, n) => gate.fetch('background')(`http://notion.test/page/${n}`))
  await eventually('all that may be in flight', () => Promise.resolve(sent.length === 4))
  // More people than there is room for: the last two wait for answers, but not behind the pages.
  for (let n = 0; n < 4; n += 1) all.push(gate.fetch('interactive')(`http://notion.test/tick/${n}`))
  await eventually('those there is room for', () => Promise.resolve(sent.length === 6))
  for (let answered = 0; answered < 24; answered += 1) {
    await eventually('the next', () => Promise.resolve(answers.length > answered))
    answers[answered]?.()
  }
  await Promise.all(all)
  expect(sent.slice(4, 8)).toEqual(['/tick/0', '/tick/1', '/tick/2', '/tick/3'])
})

it('counts what a dead instance held until its requests must have ended, and no longer', async () => {
  const key = randomUUID()
  const limits = { base: 10, max: 10 }
  const who = (holder: string) =>
    new SharedLedger(pools[0], { key, holder }, { windowMs: 300, graceMs: 200, limits })
  const wanted = { people: 0, background: 8, ended: null, unused: 0 }
  expect(await who(randomUUID()).exchange(wanted)).toMatchObject({ background: 8 })
  const survivor = who(randomUUID())
  expect((await survivor.exchange(wanted)).background).toBeLessThanOrEqual(2)
  await expect
    .poll(async () => (await survivor.exchange({ ...wanted, unused: 8 })).background, { timeout: 5_000 })
    .toBe(8)
})

describe('the meter', () => {
  it('says what is used, of how much, until when', async () => {
    const key = randomUUID()
    const gate = instance(pools[0], key, notion(100), { base: 100, max: 100 })
    await askOften(gate, 12)
    await new Promise((resolve) => setTimeout(resolve, 2 * (WINDOW_MS / 30)))
    const [meter] = await readMeters(pools[1], [key, randomUUID()])
    expect(meter).toMatchObject({ key, used: 12, budget: 100, pausedUntil: null })
    const { now } = await one<{ now: Date }>(pools[0], 'select clock_timestamp() as now')
    expect(meter?.resetsAt?.getTime()).toBeGreaterThan(now.getTime())
    expect(meter?.resetsAt?.getTime()).toBeLessThanOrEqual(now.getTime() + WINDOW_MS)
  })
})

it('goes on alone while the database cannot be reached, and says so once', async () => {
  const changes: boolean[] = []
  let isDown = true
  const flaky: Sql = {
    query: ((...args: Parameters<Pool['query']>) => {
      if (isDown) throw new Error('connection refused')
      return pools[0].query(...args)
    }) as Pool['query'],
  }
  const limits = { base: 50, max: 50 }
  const server = notion(50)
  const shared = new SharedLedger(
    flaky,
    { key: randomUUID(), holder: randomUUID() },
    { windowMs: WINDOW_MS, limits },
  )
  const ledger = insure(
    shared,
    new MemoryLedger({ windowMs: WINDOW_MS, limits }),
    ({ lost }) => changes.push(lost),
    100,
  )
  const gate = createGate({ ledger, windowMs: WINDOW_MS, fetch: server.fetchFrom('one') })
  await askOften(gate, 80)
  expect(changes).toEqual([true])
  expect(server.most()).toBeLessThanOrEqual(50)
  isDown = false
  await new Promise((resolve) => setTimeout(resolve, 150))
  await ask(gate)
  expect(changes).toEqual([true, false])
})
