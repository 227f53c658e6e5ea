import { describe, expect, it } from 'vitest'
import { AppError } from '../../../server/errors/app-error.ts'
import type { NotionErrorKind } from '../../../server/notion/errors.ts'
import { NotionError } from '../../../server/notion/errors.ts'
import { afterFailure } from '../../../server/todos/failed-tick.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const HOUR_MS = 3_600_000
const fresh = { faults: 0, recordedAt: new Date(NOW - 1_000) }
const after = (kind: NotionErrorKind, tick = fresh, retryAfterMs?: number) =>
  afterFailure(tick, new NotionError(kind, retryAfterMs === undefined ? {} : { retryAfterMs }), NOW)

describe('a change that Notion did not take', () => {
  it.each([
    ['access_denied', 'NOTION_ACCESS_DENIED'],
    ['not_found', 'NOTION_BLOCK_NOT_FOUND'],
    ['invalid_request', 'NOTION_API_ERROR'],
    ['blocked', 'NOTION_ACCESS_DENIED'],
    ['token_invalid', 'NOTION_TOKEN_INVALID'],
  ] as const)('because of %s is shown to the person at once, with the reason', (kind, code) => {
    expect(after(kind)).toEqual({ state: 'failed', code })
  })

  it.each(['conflict', 'api_error', 'invalid_reply'] as const)(
    'because of %s is tried six times, each after a longer pause, and then shown',
    (kind) => {
      const pauses = Array.from({ length: 6 }, (_, faults) => after(kind, { ...fresh, faults }))
      expect(
        pauses.map((outcome) => (outcome.state === 'pending' ? outcome.pauseMs : outcome.state)),
      ).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 'failed'])
    },
  )

  it('because Notion is down waits for a day, never longer than five minutes at a time', () => {
    const waiting = { faults: 40, recordedAt: new Date(NOW - 23 * HOUR_MS) }
    expect(after('unavailable', waiting)).toMatchObject({ state: 'pending', isFault: true, pauseMs: 300_000 })
    expect(after('unavailable', { ...waiting, recordedAt: new Date(NOW - 25 * HOUR_MS) })).toEqual({
      state: 'failed',
      code: 'NOTION_UNAVAILABLE',
    })
  })

  it('because of the rate waits as long as Notion says, and it is no fault of its own', () => {
    expect(after('rate_limited', fresh, 40_000)).toEqual({
      state: 'pending',
      code: 'NOTION_RATE_LIMITED',
      pauseMs: 40_000,
    })
  })

  it('because we are being stopped goes on at once with whoever is next', () => {
    expect(after('aborted')).toEqual({ state: 'pending' })
  })

  it('because nobody can say what "done" means any more is shown', () => {
    expect(afterFailure(fresh, new AppError('CONFLICT'), NOW)).toEqual({ state: 'failed', code: 'CONFLICT' })
  })
})
