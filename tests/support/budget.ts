type Ask = (sql: string, values: unknown[]) => Promise<unknown>

/** Has a connection's requests never wait, where it is not the budget that is tried; it does not try for more either. */
export async function liftBudget(ask: Ask, connectionId: number): Promise<void> {
  await ask(
    `insert into roundup_internal.notion_gate (connection_key, budget, probe_at) values ($1, 1000000, 'infinity')
     on conflict (connection_key) do update set budget = excluded.budget, probe_at = excluded.probe_at`,
    [String(connectionId)],
  )
}
