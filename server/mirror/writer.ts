import {
  claimMirrorRows,
  dropMirrorRow,
  forgetMirrorPage,
  recordMirrorRow,
  releaseMirrorRow,
} from '#server/db/mirror-rows'
import { codeOfNotionError } from '#server/errors/to-app-error'
import type { ErrorCode } from '#shared/schemas/error'
import { NotionError } from '#server/notion/errors'
import type { MirrorTable, SeenRow, WrittenRow } from '#server/notion/mirror-rows'
import { createRow, findRows, isRefusal, LOOK_UP_MAX, trashRow, updateRow } from '#server/notion/mirror-rows'
import type { PlannedRow } from './compare'
import { checkStillThere } from './database'
import type { Known } from './diff'
import { inParallel } from './in-parallel'
import { pauseFor } from './pause'
import type { MirrorRun } from './run'

/** Rows claimed at a time: as many have to be looked for when the process dies. */
const CLAIM_SIZE = 24
/** So many failures one after the other are not about rows. */
const STRIKES_MAX = 8
/** Rounds of looking for rows whose making was not answered. */
const SETTLE_ROUNDS = 3

/** A row that may or may not have been made. */
interface Doubtful {
  row: PlannedRow
  /** When it may last have been made. */
  atMs: number
  /** What was sent then is not known to be what is wanted now. */
  isOld: boolean
}

/** Writes rows, and remembers each as soon as Notion has it. Nothing that may have been made is made twice. */
export class RowWriter {
  readonly #run: MirrorRun
  readonly #table: MirrorTable
  readonly #startedAtMs = Date.now()
  readonly #doubtful: Doubtful[] = []
  #strikes = 0
  /** Notion takes no more rows: why. */
  #closed: ErrorCode | null = null

  constructor(run: MirrorRun, table: MirrorTable) {
    this.#run = run
    this.#table = table
  }

  /** Writes rows anew that are there; one that is gone for good is made again. */
  async update(rows: { planned: PlannedRow; pageId: string; restore: boolean }[]): Promise<void> {
    const again: PlannedRow[] = []
    await inParallel(rows, async ({ planned, pageId, restore }) => {
      await this.#attempt(async () => {
        const written = await this.#put(planned, pageId, restore)
        if (written) await this.#record(planned, written, 'updated')
        else again.push(planned)
      })
    })
    await this.create(again)
  }

  /** Takes rows for ours that the map does not know, and writes them. */
  async adopt(rows: { planned: PlannedRow; pageId: string }[]): Promise<void> {
    const { context, key } = this.#run
    const again: PlannedRow[] = []
    for (let at = 0; at < rows.length; at += CLAIM_SIZE) {
      const chunk = rows.slice(at, at + CLAIM_SIZE)
      const claims = await claimMirrorRows(
        context.db,
        key,
        chunk.map(({ planned }) => planned.todo.todoId),
      )
      const ours = chunk.filter(({ planned }) => claims.has(planned.todo.todoId))
      await inParallel(ours, async ({ planned, pageId }) => {
        await this.#attempt(async () => {
          const written = await this.#put(planned, pageId, false)
          if (written) await this.#record(planned, written, 'created')
          else again.push(planned)
        })
      })
    }
    await this.create(again)
  }

  /** Makes rows. Where somebody was at it before, they are looked for in the end. */
  async create(rows: PlannedRow[]): Promise<void> {
    const { context, key, tally } = this.#run
    for (let at = 0; at < rows.length; at += CLAIM_SIZE) {
      if (this.#closed !== null) {
        tally.addError(this.#closed, rows.length - at)
        return
      }
      const chunk = rows.slice(at, at + CLAIM_SIZE)
      const claims = await claimMirrorRows(
        context.db,
        key,
        chunk.map(({ todo }) => todo.todoId),
      )
      const ours = chunk.filter(({ todo }) => claims.has(todo.todoId))
      const isFresh = ({ todo }: PlannedRow) => claims.get(todo.todoId)?.fresh === true
      for (const row of ours.filter((each) => !isFresh(each)))
        this.#doubtful.push({ row, atMs: this.#startedAtMs, isOld: true })
      await inParallel(ours.filter(isFresh), (row) => this.#make(row))
    }
  }

  /** Finds out about the rows whose making was not answered; those that are not there are made. */
  async settle(): Promise<void> {
    const { signal, settleMs, tally } = this.#run
    for (let round = 0; round < SETTLE_ROUNDS && this.#doubtful.length > 0; round += 1) {
      const doubtful = this.#doubtful.splice(0)
      await pauseFor(Math.max(...doubtful.map(({ atMs }) => atMs)) + settleMs - Date.now(), signal)
      for (let at = 0; at < doubtful.length; at += LOOK_UP_MAX) {
        const chunk = doubtful.slice(at, at + LOOK_UP_MAX)
        const found = await this.#lookUp(chunk.map(({ row }) => row.todo.todoId))
        await inParallel(chunk, (each) => this.#resolve(each, found.get(each.row.todo.todoId) ?? []))
      }
    }
    // They stay claimed: the next run looks for them.
    tally.addError('NOTION_UNAVAILABLE', this.#doubtful.length)
  }

  /** Puts rows into the trash: those whose to-do left, and those beside the one that counts. */
  async remove(gone: readonly Known[], doubles: readonly string[]): Promise<void> {
    const { context, key, client, tally } = this.#run
    const unknown = gone.filter(({ pageId }) => pageId === null).map(({ todoId }) => todoId)
    const found = new Map<string, SeenRow[]>()
    for (let at = 0; at < unknown.length; at += LOOK_UP_MAX) {
      for (const [id, rows] of await this.#lookUp(unknown.slice(at, at + LOOK_UP_MAX))) found.set(id, rows)
    }
    await inParallel(gone, async ({ todoId, pageId }) => {
      await this.#attempt(async () => {
        if (pageId !== null) await trashRow(client, pageId)
        for (const row of found.get(todoId) ?? []) await this.#trashDouble(row.pageId)
        await dropMirrorRow(context.db, key, todoId)
      })
    })
    await inParallel(doubles, async (pageId) => {
      await this.#attempt(() => this.#trashDouble(pageId))
    })
    tally.done = Math.max(tally.done, tally.total)
  }

  /** @returns null when the row is gone for good */
  async #put(planned: PlannedRow, pageId: string, restore: boolean): Promise<WrittenRow | null> {
    const { client, context, mirror } = this.#run
    const { todo } = planned
    try {
      return await updateRow(client, this.#table, pageId, todo, restore)
    } catch (cause) {
      if (!(cause instanceof NotionError)) throw cause
      // In the trash, gone, moved elsewhere, or the columns have changed under us.
      if (cause.kind !== 'not_found' && cause.kind !== 'invalid_request') throw cause
      await checkStillThere(this.#run, this.#table)
      if (!restore) return this.#put(planned, pageId, true)
      await forgetMirrorPage(context.db, mirror.id, { todoId: todo.todoId, pageId })
      return null
    }
  }

  async #make(row: PlannedRow): Promise<void> {
    const { client, context, key, tally } = this.#run
    if (this.#closed !== null) {
      await releaseMirrorRow(context.db, key, row.todo.todoId)
      tally.addError(this.#closed)
      return
    }
    try {
      const written = await createRow(client, this.#table, row.todo)
      await this.#record(row, written, 'created')
      this.#strikes = 0
    } catch (cause) {
      if (!(cause instanceof NotionError)) throw cause
      await this.#noteUnmade(row, cause)
    }
  }

  async #noteUnmade(row: PlannedRow, error: NotionError): Promise<void> {
    const { context, key, tally } = this.#run
    if (!isRefusal(error)) {
      this.#doubtful.push({ row, atMs: Date.now(), isOld: false })
      this.#strike(error)
      return
    }
    await releaseMirrorRow(context.db, key, row.todo.todoId)
    if (error.kind === 'not_found') await checkStillThere(this.#run, this.#table)
    if (isAboutEverything(error)) throw error
    if (error.kind === 'access_denied' || error.kind === 'plan_limit') this.#closed = codeOfNotionError(error)
    tally.addError(codeOfNotionError(error))
  }

  async #resolve({ row, isOld }: Doubtful, [found, ...others]: SeenRow[]): Promise<void> {
    if (!found) return this.#make(row)
    await this.#attempt(async () => {
      const written = isOld
        ? await updateRow(this.#run.client, this.#table, found.pageId, row.todo)
        : { pageId: found.pageId, writer: found.editedBy }
      await this.#record(row, written, 'created')
      for (const { pageId } of others) await this.#trashDouble(pageId)
    })
  }

  async #lookUp(todoIds: string[]): Promise<Map<string, SeenRow[]>> {
    const found = new Map<string, SeenRow[]>()
    for (const row of await findRows(this.#run.client, this.#table, todoIds)) {
      found.set(row.todoId, [...(found.get(row.todoId) ?? []), row])
    }
    return found
  }

  async #record(
    { todo, hash }: PlannedRow,
    { pageId, writer }: WrittenRow,
    outcome: 'created' | 'updated',
  ): Promise<void> {
    const { context, mirror, tally, writers } = this.#run
    const { todoId, checked } = todo
    writers.add(writer)
    const row = { todoId, pageId, hash, checked, outcome }
    const isOurs = await recordMirrorRow(context.db, mirror.id, row)
    if (isOurs) tally.done += 1
    else await this.#trashDouble(pageId)
  }

  async #trashDouble(pageId: string): Promise<void> {
    await trashRow(this.#run.client, pageId)
    this.#run.tally.doubles += 1
  }

  /** A failure about one row is counted; one about everything ends the run. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#strikes = 0
    } catch (cause) {
      if (!(cause instanceof NotionError) || isAboutEverything(cause)) throw cause
      this.#run.tally.addError(codeOfNotionError(cause))
      this.#strike(cause)
    }
  }

  #strike(error: NotionError): void {
    this.#strikes += 1
    if (this.#strikes >= STRIKES_MAX) throw error
  }
}

/** Is it not the row but the token, the budget or the run that this is about? */
function isAboutEverything({ kind }: NotionError): boolean {
  return ['token_invalid', 'rate_limited', 'blocked', 'aborted', 'oauth_refused'].includes(kind)
}
