import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import type { App } from '../support/app.ts'
import { startApp } from '../support/app.ts'
import { Browser } from '../support/browser.ts'
import { pagesOf } from '../support/notion/pages-of.ts'
import { runEngine } from './child.ts'
import { newReader, type Lab, type Reader } from './lab.ts'
import type { Note } from './waiting.ts'

const PAGES = 300
const SAMPLES = 150
const WARM_UP = 20
/** Somebody who ticks as fast as they can read, four in a second: the write of one goes on while they click the next. */
const PACE_MS = 250
const MANY = 500
const ROUNDS = 6

/** What a click costs until it is acknowledged, over HTTP, against a round trip to PostgREST in the same minute. */
export async function tickFigures(lab: Lab, note: Note): Promise<void> {
  const reader = await newReader(lab, pagesOf('click', PAGES).seed)
  await runEngine(lab, reader)
  const { rows } = await lab.pool.query<{ notion_id: string }>(
    "select notion_id from public.todo where connection_id = $1 and kind = 'block' order by id limit $2",
    [reader.connectionId, MANY],
  )
  const ids = rows.map(({ notion_id }) => notion_id)
  if (ids.length < MANY) throw new Error(`${ids.length} to-dos are too few`)
  const port = await findFreePort()
  const app = await startApp(port, { ...lab.environment, BASE_URL: `http://localhost:${port}` })
  try {
    const browser = await signIn(lab, reader, app)
    await singleFigures(lab, reader, browser, ids, note)
    await bulkFigures(browser, ids, note)
  } finally {
    await app.stop()
  }
}

async function signIn({ db }: Lab, { userId }: Reader, app: App): Promise<Browser> {
  const [email, password] = [`${randomUUID()}@people.test`, randomUUID()]
  const { error } = await db.auth.admin.updateUserById(userId, { email, password, email_confirm: true })
  if (error) throw error
  const browser = new Browser(app.url)
  const { status, text } = await browser.post('/api/session', { email, password })
  if (status !== 200) throw new Error(`session: ${status} ${text}`)
  return browser
}

async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function singleFigures(
  { db }: Lab,
  { userId }: Reader,
  browser: Browser,
  ids: string[],
  note: Note,
): Promise<void> {
  const clicks: number[] = []
  const trips: number[] = []
  for (let index = 0; index < WARM_UP + SAMPLES; index += 1) {
    const body = { id: ids[index % ids.length], to_do: { checked: true }, clientId: randomUUID() }
    const click = await timed(async () => {
      const { status, text } = await browser.post('/api/toggle-checkbox', body)
      if (status !== 200) throw new Error(`tick: ${status} ${text}`)
    })
    const trip = await timed(() => db.from('profiles').select('change_seq').eq('id', userId))
    await new Promise((resolve) => setTimeout(resolve, PACE_MS))
    if (index < WARM_UP) continue
    clicks.push(click)
    trips.push(trip)
  }
  const [click, trip] = [at(clicks, 0.95), at(trips, 0.95)]
  note(
    'POST /api/toggle-checkbox / a PostgREST round trip, p95',
    `${ms(click)} / ${ms(trip)} = ${(click / trip).toFixed(2)} (p50 ${ms(at(clicks, 0.5))} / ${ms(at(trips, 0.5))})`,
    '≤ 2.00',
  )
}

async function bulkFigures(browser: Browser, ids: string[], note: Note): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const changes = ids.map((id) => ({ id, checked: round % 2 === 1 }))
    took.push(
      await timed(async () => {
        const { status, text } = await browser.post('/api/todos/changes', { clientId: randomUUID(), changes })
        if (status !== 200) throw new Error(`changes: ${status} ${text}`)
      }),
    )
  }
  note(
    `${MANY} to-dos in one request, answered`,
    `p50 ${ms(at(took, 0.5))}, most ${ms(at(took, 1))}`,
    '≤ 300 ms',
  )
}

function at(samples: number[], share: number): number {
  return samples.toSorted((one, other) => one - other)[Math.ceil(samples.length * share) - 1] ?? Number.NaN
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
