import type { Sql } from './pool'

/** Which connection, and which process asks: one process is one holder. */
export interface GateHolder {
  key: string
  holder: string
}

export interface SlotsTaken {
  people: number
  background: number
  isProbe: boolean
  budget: number
  askInMs: number
  slotInMs: number
  pausedForMs: number
}

interface SlotsRow {
  people: number
  background: number
  is_probe: boolean
  budget: number
  ask_in_ms: number
  slot_in_ms: number
  paused_for_ms: number
}

export interface SlotsWanted {
  people: number
  background: number
  ended: number
  endedPeople: number
  firstAgoMs: number
  lastAgoMs: number
  unused: number
  windowMs: number
  graceMs: number
  base: number
  max: number
}

/** Hands slots back and takes new ones, in one round trip. @throws when the database cannot be reached */
export async function exchangeSlots(
  sql: Sql,
  { key, holder }: GateHolder,
  wanted: SlotsWanted,
): Promise<SlotsTaken> {
  const answer = await sql.query<SlotsRow>(
    'select * from roundup_internal.gate_exchange($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    [
      key,
      holder,
      wanted.people,
      wanted.background,
      wanted.ended,
      wanted.endedPeople,
      wanted.firstAgoMs,
      wanted.lastAgoMs,
      wanted.unused,
      wanted.windowMs,
      wanted.graceMs,
      wanted.base,
      wanted.max,
    ],
  )
  const row = answer.rows[0]
  if (!row) throw new Error('gate_exchange answered nothing')
  return {
    people: row.people,
    background: row.background,
    isProbe: row.is_probe,
    budget: row.budget,
    askInMs: row.ask_in_ms,
    slotInMs: row.slot_in_ms,
    pausedForMs: row.paused_for_ms,
  }
}

/** Stops the connection for everybody, and tells every instance at once. Never shortens a pause. */
export async function pauseGate(sql: Sql, key: string, pauseMs: number): Promise<void> {
  await sql.query(
    `with paused as (
       update roundup_internal.notion_gate
       set paused_until = greatest(paused_until, clock_timestamp() + make_interval(secs => $2 / 1000.0))
       where connection_key = $1 returning paused_until
     )
     select pg_notify('roundup_gate', json_build_object('key', $1::text, 'pauseMs', $2::double precision)::text)
     from paused`,
    [key, pauseMs],
  )
}

/** What has been learnt about a budget, to be written back only if nobody else did meanwhile. */
export interface StoredLearning {
  budget: number
  confirmed: number
  failures: number
  probeAt: number
  refusedAt: number
  /** Requests that the present window has certainly let through. */
  accepted: number
  /** The database's clock, which all instances share; epoch milliseconds. */
  now: number
  version: number
}

interface LearningRow {
  budget: number
  confirmed: number
  failures: number
  probe_at: number
  refused_at: number
  accepted: number
  now: number
  version: number
}

/** Null for a connection that has never been asked about. */
export async function readLearning(sql: Sql, key: string, windowMs: number): Promise<StoredLearning | null> {
  const found = await sql.query<LearningRow>(
    `select g.budget, g.confirmed, g.failures, g.version,
       extract(epoch from g.probe_at)::double precision * 1000 as probe_at,
       extract(epoch from g.refused_at)::double precision * 1000 as refused_at,
       extract(epoch from clock_timestamp())::double precision * 1000 as now,
       (select coalesce(sum(s.slots), 0)::integer from roundup_internal.notion_gate_slots s
        where s.connection_key = g.connection_key and s.holder is null
          and s.first_at >= clock_timestamp() - make_interval(secs => $2 / 1000.0)) as accepted
     from roundup_internal.notion_gate g where g.connection_key = $1`,
    [key, windowMs],
  )
  const row = found.rows[0]
  return row ? { ...row, probeAt: row.probe_at, refusedAt: row.refused_at } : null
}

/** @returns false when somebody else was faster; then it is to be read again */
export async function storeLearning(sql: Sql, key: string, learnt: StoredLearning): Promise<boolean> {
  const stored = await sql.query(
    `update roundup_internal.notion_gate set
       budget = $3, confirmed = $4, failures = $5,
       probe_at = to_timestamp($6::double precision / 1000), refused_at = to_timestamp($7::double precision / 1000),
       probe_until = '-infinity', version = version + 1
     where connection_key = $1 and version = $2`,
    [key, learnt.version, learnt.budget, learnt.confirmed, learnt.failures, learnt.probeAt, learnt.refusedAt],
  )
  return stored.rowCount === 1
}

export interface MeterRow {
  key: string
  used: number
  budget: number
  resetsAt: Date | null
  pausedUntil: Date | null
}

/** Budgets as they stand, for those connections that have used theirs. */
export async function readMeters(sql: Sql, keys: readonly string[]): Promise<MeterRow[]> {
  const found = await sql.query<{
    connection_key: string
    used: number
    budget: number
    resets_at: Date | null
    paused_until: Date | null
  }>('select * from roundup_internal.gate_meter($1)', [keys])
  return found.rows.map((row) => ({
    key: row.connection_key,
    used: row.used,
    budget: row.budget,
    resetsAt: row.resets_at,
    pausedUntil: row.paused_until,
  }))
}
