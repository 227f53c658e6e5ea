import { performance } from 'node:perf_hooks'
import { changeTokens } from '../../sandbox/notion/control-tokens.ts'
import { editAsPerson } from '../../sandbox/notion/control-edits.ts'
import { eventually } from '../support/eventually.ts'
import { browserFigures } from './browser.ts'
import { beginRun, runEngine, spawnEngine } from './child.ts'
import { ask, newReader, openLab, runEnds, startWorker, type Lab, type Reader } from './lab.ts'
import { arrangeFigures } from './arrange.ts'
import { letterFigures } from './letters.ts'
import { mirror } from './mirror.ts'
import { vitals } from './vitals.ts'
import { walkNaively } from './naive.ts'
import { rowFigures } from './rows.ts'
import { snapshotFigures } from './snapshot.ts'
import { tickFigures } from './ticks.ts'
import { landing, ticksDuringSync } from './waiting.ts'
import { formula, pagesOf, TODOS_PER_PAGE } from '../support/notion/pages-of.ts'

const LATENCY_MS = 300
/** Requests a gate sends at a time for background work (server/notion/gate.ts). */
const WIDTH = 8

interface Line {
  what: string
  ours: string
  bound: string
  naive?: string
}
const lines: Line[] = []

function note(what: string, ours: string, bound: string, naive = ''): void {
  lines.push({ what, ours, bound, naive })
  process.stdout.write(`${what} · ${ours} · ${bound}${naive && ` · naive: ${naive}`}\n`)
}

const ratio = (one: number, other: number) => (one / other).toFixed(2)
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

async function todoCount({ pool }: Lab, { connectionId }: Reader, kinds = ['block']): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    'select count(*) from public.todo where connection_id = $1 and kind = any($2) and removed_at is null',
    [connectionId, kinds],
  )
  return Number(rows[0]?.count)
}

function slow({ notion }: Lab, ms: number): void {
  notion.world.faults.clear()
  if (ms > 0) notion.world.faults.add({ path: '/v1/**', times: null, what: { kind: 'latency', ms } })
}

async function naive(lab: Lab, seedId: string, dataSourceId: string) {
  const { access_token: token } = changeTokens(lab.notion.world, {
    op: 'mint',
    kind: 'oauth',
    workspace_id: seedId,
  }) as { access_token: string }
  lab.notion.world.ledger.clear()
  const startedAt = performance.now()
  const todos = await walkNaively(lab.notion.url, token, dataSourceId)
  return { todos, tookMs: performance.now() - startedAt, requests: lab.notion.world.ledger.counters().total }
}

/** Requests of full reads, memory, unchanged refreshes, ten edits. */
async function sizes(lab: Lab, counts: number[]): Promise<void> {
  const peaks = new Map<number, { peakBytes: number; liveBytes: number }>()
  for (const count of counts) {
    const workspace = pagesOf(`size-${count}`, count)
    const reader = await newReader(lab, workspace.seed)
    const first = await runEngine(lab, reader)
    peaks.set(count, first)
    const found = await todoCount(lab, reader)
    if (found !== count * TODOS_PER_PAGE)
      throw new Error(`${found} to-dos found of ${count * TODOS_PER_PAGE}`)
    note(
      `Full read of ${count} pages: requests / formula`,
      `${first.requests} / ${formula(count)} = ${ratio(first.requests, formula(count))}`,
      '= 1.00',
    )
    const again = await runEngine(lab, reader)
    const whole = count <= 1_000 ? await naive(lab, workspace.seed.id, workspace.dataSourceId) : undefined
    note(
      `Unchanged refresh of ${count} pages: requests`,
      String(again.requests),
      '1 per database (+1)',
      whole && `${whole.requests} (${(whole.requests / again.requests).toFixed(0)} ×)`,
    )
    if (count === 1_000) {
      for (const page of (workspace.seed.pages ?? []).slice(100, 110)) {
        const block_id = page.blocks[1]?.id ?? ''
        editAsPerson(lab.notion.world, { op: 'set_text', block_id, text: 'Edited' })
      }
      const ten = await runEngine(lab, reader)
      note(
        'Ten changed pages of 1 000: requests',
        `${ten.requests} = ${ten.requests - 1} in walks + 1`,
        '≤ 10 × 2 + 2',
      )
    }
  }
  const [small, large] = [counts.find((count) => count === 500), counts.at(-1)]
  if (small && large) {
    const [one, other] = [peaks.get(small), peaks.get(large)]
    for (const [what, pick] of [
      ['Live memory (heap after a collection)', 'liveBytes'],
      ['Resident memory (heap of at most 192 MB)', 'peakBytes'],
    ] as const) {
      const [few = 0, many = 0] = [one?.[pick], other?.[pick]]
      note(
        `${what} at the most, ${large} / ${small} pages`,
        `${(many / 2 ** 20).toFixed(0)} / ${(few / 2 ** 20).toFixed(0)} MB = ${ratio(many, few)}`,
        '≤ 1.30',
      )
    }
  }
}

/** Wall time against the ideal, and the first to-do. */
async function latency(lab: Lab, count: number): Promise<void> {
  const workspace = pagesOf(`latency-${count}`, count)
  const reader = await newReader(lab, workspace.seed)
  const jobId = await beginRun(lab, reader)
  slow(lab, LATENCY_MS)
  const startOfRun = lab.notion.world.ledger.counters().total
  const running = spawnEngine(lab, reader, jobId)
  const begun = await eventually(
    'the first request',
    () => {
      return Promise.resolve(lab.notion.world.ledger.counters().total > startOfRun && performance.now())
    },
    60_000,
  )
  await eventually(
    'the first to-do',
    async () => (await todoCount(lab, reader, ['block', 'row'])) > 0,
    60_000,
  )
  note(`First to-do of ${count} pages at ${LATENCY_MS} ms`, seconds(performance.now() - begun), '≤ 2 s')
  const result = await running
  const idealMs = (formula(count) * LATENCY_MS) / WIDTH
  const tookMs = result?.tookMs ?? Number.NaN
  const fifty = pagesOf('latency-naive', 50)
  lab.notion.world.addWorkspace(fifty.seed)
  const slowly = await naive(lab, fifty.seed.id, fifty.dataSourceId)
  slow(lab, 0)
  note(
    `Wall time / ideal of ${count} pages at ${LATENCY_MS} ms, ${WIDTH} at a time`,
    `${seconds(tookMs)} / ${seconds(idealMs)} = ${ratio(tookMs, idealMs)}`,
    '≤ 1.30',
    `${ratio((slowly.tookMs / 50) * count, tookMs)} × ours (from 50 pages)`,
  )
}

/** A budget that is a fraction of what the reading needs. */
async function budget(lab: Lab, count: number): Promise<void> {
  const [perWindow, windowMs] = [180, 10_000]
  const workspace = pagesOf(`budget-${count}`, count)
  const reader = await newReader(lab, workspace.seed)
  const { rateLimit } = lab.notion.world
  rateLimit.clear()
  rateLimit.budget = perWindow
  rateLimit.windowMs = windowMs
  const result = await runEngine(lab, reader, { budget: perWindow, windowMs })
  rateLimit.budget = 'off'
  const windows = Math.ceil(formula(count) / perWindow) * windowMs
  const found = await todoCount(lab, reader)
  note(
    `Wall time / windows of ${count} pages with ${perWindow} in ${windowMs / 1_000} s`,
    `${seconds(result.tookMs)} / ${seconds(windows)} = ${ratio(result.tookMs, windows)}; refused ${result.rateLimited}; to-dos ${found} of ${count * TODOS_PER_PAGE}`,
    '≤ 1.05; ≤ 1; all',
  )
}

/** Killed again and again, the run ends right, and hardly anything is asked twice. */
async function killed(lab: Lab, count: number, kills: number): Promise<void> {
  const workspace = pagesOf(`killed-${count}`, count)
  const reader = await newReader(lab, workspace.seed)
  const jobId = await beginRun(lab, reader)
  lab.notion.world.ledger.clear()
  slow(lab, 20)
  let times = 0
  for (;;) {
    const isLast = times >= kills
    const ended = await spawnEngine(
      lab,
      reader,
      jobId,
      isLast ? {} : { killAfterMs: 50 + Math.random() * 250 },
    )
    if (ended) break
    times += 1
  }
  slow(lab, 0)
  const { total } = lab.notion.world.ledger.counters()
  const repeated = total - formula(count)
  note(
    `kill -9, ${times} times in ${count} pages: repeated requests per kill`,
    `${(repeated / Math.max(1, times)).toFixed(1)}; to-dos ${await todoCount(lab, reader)} of ${count * TODOS_PER_PAGE}`,
    "one page's worth (2) for each of the 12 pages in hand; all",
  )
}

/** A hundred connections, one worker process and then two. */
async function workers(lab: Lab, connections: number): Promise<void> {
  const took: number[] = []
  for (const processes of [1, 2]) {
    const readers: Reader[] = []
    for (let index = 0; index < connections; index += 1) {
      readers.push(await newReader(lab, pagesOf(`fleet-${processes}-${index}`, 10).seed))
    }
    const fleet = await Promise.all(Array.from({ length: processes }, () => startWorker(lab)))
    slow(lab, LATENCY_MS)
    lab.notion.world.ledger.clear()
    const startedAt = performance.now()
    for (const reader of readers) await ask(lab, reader)
    for (const reader of readers) await runEnds(lab, reader)
    took.push(performance.now() - startedAt)
    slow(lab, 0)
    const { rows } = await lab.pool.query<{ worker: number; count: string }>(
      'select worker, count(*) from public.integration_sync_jobs where connection_id = any($1) group by worker',
      [readers.map(({ connectionId }) => connectionId)],
    )
    const { total } = lab.notion.world.ledger.counters()
    note(
      `${connections} connections, ${processes} worker(s)`,
      `${seconds(took.at(-1) ?? 0)}; runs by worker ${rows.map(({ count }) => count).join(' + ')}; requests / formula ${ratio(total, connections * formula(10))}`,
      'each once',
    )
    await Promise.all(fleet.map((worker) => worker.stop()))
  }
  note('Throughput, two workers / one', ratio(took[0] ?? 0, took[1] ?? 1), '> 1')
}

const PARTS = [
  'sizes',
  'latency',
  'waiting',
  'budget',
  'killed',
  'workers',
  'mirror',
  'snapshot',
  'ticks',
  'rows',
]

/** `npm run bench`; `-- quick` with smaller numbers; `-- latency killed` some of it (see `PARTS`); `-- browser` the list in Chromium; `-- vitals` how fast pages open on a slow phone; `-- letters` filtering without a browser. */
export async function main(options: string[]): Promise<void> {
  const isQuick = options.includes('quick')
  if (options.includes('browser')) return browserFigures(note)
  if (options.includes('vitals')) return vitals(note)
  if (options.includes('letters')) {
    letterFigures(note)
    return arrangeFigures(note)
  }
  const chosen = PARTS.filter((part) => options.includes(part))
  const runs = (part: string) => chosen.length === 0 || chosen.includes(part)
  const lab = await openLab()
  try {
    if (runs('sizes')) await sizes(lab, isQuick ? [10, 100, 500, 1_000] : [10, 100, 500, 1_000, 5_000])
    if (runs('latency')) await latency(lab, isQuick ? 150 : 1_000)
    if (runs('waiting')) {
      await ticksDuringSync(lab, isQuick ? 300 : 1_000, note)
      await landing(lab, note)
    }
    if (runs('budget')) await budget(lab, isQuick ? 300 : 600)
    if (runs('killed')) await killed(lab, isQuick ? 100 : 500, isQuick ? 10 : 50)
    if (runs('mirror')) await mirror(lab, isQuick ? 50 : 500, note)
    if (runs('snapshot')) await snapshotFigures(lab, await newReader(lab, pagesOf('snapshot', 1).seed), note)
    if (runs('ticks')) await tickFigures(lab, note)
    if (runs('rows')) await rowFigures(lab, note)
    if (runs('workers')) await workers(lab, isQuick ? 20 : 100)
  } finally {
    await lab.close()
  }
  const table = lines.map(
    ({ what, ours, bound, naive: other = '' }) => `| ${what} | ${ours} | ${bound} | ${other} |`,
  )
  process.stdout.write(
    `\n| what | measured | bound | naive walker |\n| --- | --- | --- | --- |\n${table.join('\n')}\n`,
  )
}
