import { randomUUID } from 'node:crypto'
import type { Sql } from '#server/db/pool'
import type { Logger } from '#server/logging/logger'
import { describeError } from '#server/logging/logger'
import type { Gate } from '#server/notion/gate'
import { createGate } from '#server/notion/gate'
import { MemoryLedger } from '#server/notion/memory-ledger'
import { insure } from './insured-ledger'
import { SharedLedger } from './shared-ledger'

/** Under this name this process holds slots. */
const HOLDER = randomUUID()
const GATES_KEPT = 500

const gates = new Map<string, Gate>()

/** Under this name a connection's budget is kept. */
export function gateKey(connectionId: number): string {
  return String(connectionId)
}

/**
 * The gate of a connection: everything in this process that uses its token goes through it, and all processes
 * share its budget through the database.
 */
export function gateFor(context: { sql: Sql; log: Logger }, connectionId: number): Gate {
  const connectionKey = gateKey(connectionId)
  const known = gates.get(connectionKey)
  if (known) return known
  if (gates.size >= GATES_KEPT) forgetIdleGates()
  const ledger = insure(
    new SharedLedger(context.sql, { key: connectionKey, holder: HOLDER }),
    new MemoryLedger(),
    ({ lost, error }) => {
      if (lost) context.log.warn({ event: 'gate.alone', connectionId, ...describeError(error) })
      else context.log.info({ event: 'gate.shared_again', connectionId })
    },
  )
  const gate = createGate({ ledger })
  gates.set(connectionKey, gate)
  return gate
}

/** Passes on what another instance has heard from Notion. */
export function pauseKnownGate(connectionKey: string, untilMs: number): void {
  gates.get(connectionKey)?.pauseUntil(untilMs)
}

/** What they have learnt stands in the database. */
function forgetIdleGates(): void {
  for (const [key, gate] of gates) {
    const { inFlight, pausedUntil, queued } = gate.state()
    if (inFlight === 0 && queued === 0 && pausedUntil === null) gates.delete(key)
  }
}
