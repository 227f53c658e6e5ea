import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectionStatus, DisconnectReason } from '#shared/schemas/connection'
import { ConnectionStatusSchema, DisconnectReasonSchema } from '#shared/schemas/connection'
import { isStatusMove, isUsable } from '#server/connections/status'

const STATES = ConnectionStatusSchema.options
const REASONS: (DisconnectReason | null)[] = [...DisconnectReasonSchema.options, null]

/** Every move there is, written down by hand once more: `from → to (reasons)`. */
const MOVES = [
  'connected → expired ()',
  'connected → needs_reauthorization (revoked_remotely, refresh_failed)',
  'connected → disconnected (user_request, replaced)',
  'expired → connected ()',
  'expired → needs_reauthorization (revoked_remotely, refresh_failed)',
  'expired → disconnected (user_request, replaced)',
  'needs_reauthorization → connected ()',
  'needs_reauthorization → disconnected (user_request, replaced)',
  'disconnected → connected ()',
]

describe('the states of a connection', () => {
  it('change by these moves and no others, out of all there could be', () => {
    const found: string[] = []
    for (const from of STATES) {
      for (const to of STATES) {
        const reasons = REASONS.filter((reason) => isStatusMove(from, to, reason))
        if (reasons.length > 0) found.push(`${from} → ${to} (${reasons.filter(Boolean).join(', ')})`)
      }
    }
    expect(found.sort()).toEqual([...MOVES].sort())
  })

  it('never move to themselves', () => {
    for (const state of STATES)
      for (const reason of REASONS) expect(isStatusMove(state, state, reason)).toBe(false)
  })

  it('tell by the reason whether the person is needed: in use has none, out of use always has one', () => {
    for (const from of STATES) {
      for (const to of STATES) {
        for (const reason of REASONS) {
          if (isStatusMove(from, to, reason)) expect(reason === null).toBe(isUsable(to))
        }
      }
    }
  })

  it('can all be left, and all lead back to a connection that works', () => {
    const state = fc.constantFrom(...STATES)
    fc.assert(
      fc.property(state, (from) => {
        const reached = new Set<ConnectionStatus>([from])
        for (const at of reached) {
          for (const to of STATES) if (REASONS.some((reason) => isStatusMove(at, to, reason))) reached.add(to)
        }
        expect(reached).toEqual(new Set(STATES))
      }),
    )
  })
})
