import { randomBytes, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { signWebhookPayload } from '@notionhq/client'
import { tickTodo } from '#server/todos/tick'
import { receiveWebhook } from '#server/webhooks/receive'
import { editAsPerson } from '../../sandbox/notion/control-edits.ts'
import { liftBudget } from '../support/budget.ts'
import { eventually } from '../support/eventually.ts'
import { pagesOf } from '../support/notion/pages-of.ts'
import { ask, newReader, runEnds, startWorker, type Lab, type Reader } from './lab.ts'

/** How long people wait: for a tick to reach Notion, and for what happened in Notion to be here. */

const LATENCY_MS = 300
const SAMPLES = 20
/** A page's body and then the toggle in it: what cannot be had sooner. */
const REQUESTS_IN_A_ROW = 2

export type Note = (what: string, ours: string, bound: string) => void

function spread(samples: number[]): string {
  const sorted = samples.toSorted((one, other) => one - other)
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`
}

/** What Notion allows is another matter (part `budget`): here it allows whatever is asked. */
const allowAll = ({ pool }: Lab, { connectionId }: Reader): Promise<void> =>
  liftBudget((sql, values) => pool.query(sql, values), connectionId)

/** Ticks while the whole workspace is being read: until Notion has the write. */
export async function ticksDuringSync(lab: Lab, pages: number, note: Note): Promise<void> {
  const { notion, pool, context } = lab
  const reader = await newReader(lab, pagesOf('ticks', pages).seed)
  await allowAll(lab, reader)
  const worker = await startWorker(lab)
  notion.world.faults.add({ path: '/v1/**', times: null, what: { kind: 'latency', ms: LATENCY_MS } })
  await ask(lab, reader)
  const waits: number[] = []
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const notionId = await eventually('another to-do', async () => {
      const { rows } = await pool.query<{ notion_id: string }>(
        `select notion_id from public.todo where connection_id = $1 and kind = 'block' and not checked
         order by id desc limit 1`,
        [reader.connectionId],
      )
      return rows[0]?.notion_id
    })
    const since = notion.world.ledger.entries().at(-1)?.seq ?? 0
    const clickedAt = Date.now()
    await tickTodo(context, { userId: reader.userId, notionId, checked: true })
    const write = await eventually('the write', () =>
      Promise.resolve(notion.world.ledger.entries(since).find(({ method }) => method === 'PATCH')),
    )
    waits.push(Date.parse(write.time) - clickedAt)
  }
  const { rows } = await pool.query<{ state: string }>(
    'select state from public.integration_sync_jobs where connection_id = $1',
    [reader.connectionId],
  )
  const during = rows[0]?.state === 'running' ? '' : ' (the reading had ended before the last of them)'
  note(`A tick during a reading of ${pages} pages is at Notion after`, `${spread(waits)}${during}`, '≤ 1 s')
  notion.world.faults.clear()
  await runEnds(lab, reader)
  await worker.stop()
}

/** A box ticked in Notion: from the webhook's arrival until the to-do is stored, and so announced. */
export async function landing(lab: Lab, note: Note): Promise<void> {
  const { notion, pool } = lab
  const token = `secret_${randomBytes(24).toString('base64url')}`
  const environment = { ...lab.context.environment, NOTION_WEBHOOK_VERIFICATION_TOKEN: token }
  const context = { ...lab.context, environment }
  const workspace = pagesOf('landing', 200)
  const reader = await newReader(lab, workspace.seed)
  await allowAll(lab, reader)
  const worker = await startWorker(lab)
  await ask(lab, reader)
  await runEnds(lab, reader)
  notion.world.faults.add({ path: '/v1/**', times: null, what: { kind: 'latency', ms: LATENCY_MS } })
  const waits: number[] = []
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const page = workspace.seed.pages[sample]
    const block_id = page?.blocks[1]?.id ?? ''
    editAsPerson(notion.world, { op: 'set_checked', block_id, checked: true })
    const body = JSON.stringify({
      id: randomUUID(),
      timestamp: new Date().toISOString(),
      type: 'page.content_updated',
      workspace_id: workspace.seed.id,
      authors: [{ id: workspace.userId, type: 'person' }],
      accessible_by: [{ id: reader.botId, type: 'bot' }],
      entity: { id: page?.id, type: 'page' },
      data: {
        parent: { id: workspace.databaseId, type: 'database', data_source_id: workspace.dataSourceId },
      },
    })
    const signature = await signWebhookPayload({ body, verificationToken: token })
    const landedAt = performance.now()
    await receiveWebhook(context, { body: Buffer.from(body), signature })
    await eventually('the ticked to-do', async () => {
      const { rows } = await pool.query(
        'select from public.todo where connection_id = $1 and notion_id = $2 and checked',
        [reader.connectionId, block_id],
      )
      return rows.length > 0
    })
    waits.push(performance.now() - landedAt - REQUESTS_IN_A_ROW * LATENCY_MS)
    await runEnds(lab, reader)
  }
  note(
    `A webhook's to-do is here after (less ${REQUESTS_IN_A_ROW} × ${LATENCY_MS} ms of Notion's)`,
    spread(waits),
    '≤ 1 s',
  )
  notion.world.faults.clear()
  await worker.stop()
}
