import type { H3Event } from 'h3'
import { getRequestHeader } from 'h3'
import { clientAddress } from '#server/security/client-address'
import type { LimitClass, RateLimits } from '#server/security/rate-limits'

/**
 * Changes the budget of the address a request comes from. Ours (a probe, a test) has none.
 *
 * @throws {AppError} TOO_MANY_REQUESTS when it is used up
 */
export async function countAddress(event: H3Event, change: RateLimits, limit: LimitClass): Promise<void> {
  const address = clientAddress(
    event.node.req.socket.remoteAddress,
    getRequestHeader(event, 'x-forwarded-for'),
  )
  if (address !== null) await change(limit, address)
}
