import type { NotionAccess } from '#server/connections/vault'
import { withConnection } from '#server/connections/vault'
import type { AppContext } from '#server/context'
import type { ClaimedTick, TickOutcome } from '#server/db/todo-changes'
import { claimTicks, finishTick } from '#server/db/todo-changes'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import type { Bell } from './bell'
import { afterFailure } from './failed-tick'
import { sendTick } from './send-tick'

/** Sent at a time, as many as a gate lets through; two places are kept for single ticks. */
const ROOM = { all: 8, bulk: 6 }
/** Taken at a time when nothing can be sent at all. */
const HOPELESS = { all: 200, bulk: 200 }
const STORE_TRIES = 5
const STORE_PAUSE_MS = 200

export interface WriterCall {
  /** The key of this process, by which others know whether it lives. */
  worker?: number | undefined
  signal: AbortSignal
  /** Rung when there is something new to send. */
  bell: Bell
  /** Told of every change that Notion has. */
  onSaved?: (() => void) | undefined
}

/**
 * Sends the unsent changes of a connection until none is left whose time has come. Each write sets a value, so
 * one that was cut off half-way is simply sent again. It waits for Notion, but never for a pause to be over:
 * what has to wait is put back.
 *
 * @returns milliseconds for which Notion takes nothing more of this connection, 0 mostly
 * @throws {DatabaseError}
 */
export async function writeTicks(
  context: AppContext,
  connectionId: number,
  call: WriterCall,
): Promise<number> {
  // All processes hear of a change; those that get nothing of it need no token.
  const first = await claimTicks(context.db, connectionId, ROOM, call.worker)
  if (first.length === 0) return 0
  const send = (access: NotionAccess) =>
    sendAll(context, connectionId, access, { ...call, taken: first.splice(0) })
  try {
    return await withConnection(context, connectionId, 'interactive', send, call.signal)
  } catch (cause) {
    await settleAll(context, connectionId, { ...call, taken: first.splice(0) }, cause)
    return 0
  }
}

/** What was taken already and nobody has in hand. */
type Share = WriterCall & { taken: ClaimedTick[] }

/** What stops the sending of a connection: its token is refused, or Notion asked it to wait. */
interface Halt {
  refusal?: NotionError
  pauseMs: number
}

async function sendAll(
  context: AppContext,
  connectionId: number,
  access: NotionAccess,
  { worker, signal, bell, taken, onSaved }: Share,
): Promise<number> {
  const clients = { single: access.clientFor('interactive'), bulk: access.clientFor('bulk') }
  const halt: Halt = { pauseMs: 0 }
  const underWay = new Map<Promise<void>, ClaimedTick>()
  const start = (tick: ClaimedTick) => {
    const client = tick.bulk ? clients.bulk : clients.single
    const sent = attempt(context, tick, () => sendTick(client, tick), halt)
      .then((outcome) => {
        if (outcome.state === 'saved') onSaved?.()
      })
      .finally(() => {
        underWay.delete(sent)
      })
    underWay.set(sent, tick)
  }
  taken.forEach(start)
  for (;;) {
    bell.still()
    if (!signal.aborted && !halt.refusal && halt.pauseMs === 0) {
      const bulk = [...underWay.values()].filter((tick) => tick.bulk).length
      const room = { all: ROOM.all - underWay.size, bulk: Math.max(0, ROOM.bulk - bulk) }
      const ticks = room.all > 0 ? await claimTicks(context.db, connectionId, room, worker) : []
      ticks.forEach(start)
    }
    if (underWay.size === 0) break
    await Promise.race([...underWay.keys(), bell.rung])
  }
  if (halt.refusal) throw halt.refusal
  return halt.pauseMs
}

async function attempt(
  context: AppContext,
  tick: ClaimedTick,
  send: () => Promise<TickOutcome>,
  halt: Halt,
): Promise<TickOutcome> {
  let outcome: TickOutcome
  try {
    outcome = await send()
  } catch (cause) {
    outcome = afterFailure(tick, cause, Date.now())
    logFailure(context, tick, outcome, cause)
    if (cause instanceof NotionError && cause.kind === 'token_invalid') {
      // Another token may do: this one is not the change's fault.
      halt.refusal = cause
      outcome = { state: 'pending' }
    }
    if (cause instanceof NotionError && cause.kind === 'rate_limited' && outcome.state === 'pending') {
      halt.pauseMs = Math.max(halt.pauseMs, outcome.pauseMs ?? 0)
    }
  }
  await store(context, tick, outcome)
  return outcome
}

/** The connection cannot be used at all: every change is told so, or waits. */
async function settleAll(
  context: AppContext,
  connectionId: number,
  { worker, signal, taken }: Share,
  cause: unknown,
): Promise<void> {
  for (let ticks = taken; ; ticks = await claimTicks(context.db, connectionId, HOPELESS, worker)) {
    for (const tick of ticks) {
      const outcome = afterFailure(tick, cause, Date.now())
      logFailure(context, tick, outcome, cause)
      await store(context, tick, outcome)
    }
    if (signal.aborted || (ticks !== taken && ticks.length === 0)) return
  }
}

/** What Notion has done must be known here: a database that is away for a moment is asked again. */
async function store(context: AppContext, tick: ClaimedTick, outcome: TickOutcome): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await finishTick(context.db, tick, outcome)
      return
    } catch (cause) {
      if (tries === STORE_TRIES) throw cause
      await new Promise((resolve) => setTimeout(resolve, STORE_PAUSE_MS * 2 ** tries))
    }
  }
}

function logFailure(context: AppContext, tick: ClaimedTick, outcome: TickOutcome, cause: unknown): void {
  const { changeId, attempts } = tick
  context.log.warn({
    event: 'tick.failed',
    changeId,
    attempts,
    becomes: outcome.state,
    ...describeError(cause),
  })
}
