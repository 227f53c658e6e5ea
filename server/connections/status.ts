import type { ConnectionStatus, DisconnectReason } from '#shared/schemas/connection'

/** For the person, and for what happens next by itself, see docs/connections.md. */
type Reasons = readonly (DisconnectReason | null)[]

const FOR_THE_PERSON: Reasons = ['revoked_remotely', 'refresh_failed']
const ENDED: Reasons = ['user_request', 'replaced']

/**
 * Every move between states of a connection, with the reasons it can have. The database holds the same table
 * (`is_status_move`) and refuses everything else; a test compares the two.
 */
export const STATUS_MOVES: Readonly<
  Record<ConnectionStatus, Readonly<Partial<Record<ConnectionStatus, Reasons>>>>
> = {
  connected: { expired: [null], needs_reauthorization: FOR_THE_PERSON, disconnected: ENDED },
  // Refreshing goes on by itself, and may still work.
  expired: { connected: [null], needs_reauthorization: FOR_THE_PERSON, disconnected: ENDED },
  // A refresh that was under way elsewhere may turn out to have worked.
  needs_reauthorization: { connected: [null], disconnected: ENDED },
  // Connecting again with the very same token revives its row.
  disconnected: { connected: [null] },
}

/** Can a connection go from one state to the other, for this reason? */
export function isStatusMove(
  from: ConnectionStatus,
  to: ConnectionStatus,
  reason: DisconnectReason | null,
): boolean {
  return STATUS_MOVES[from][to]?.includes(reason) ?? false
}

/** Is there something to try with its token? Otherwise nothing is sent until the person connects again. */
export function isUsable(status: ConnectionStatus): boolean {
  return status === 'connected' || status === 'expired'
}
