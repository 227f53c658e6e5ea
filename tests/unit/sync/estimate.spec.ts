import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SyncJob } from '#server/db/sync-jobs'
import type { Meter } from '#server/gate/meter'
import { busiestMeter, estimateFinish } from '#server/gate/meter'
import { summarise } from '#server/sync/status'

const NOW = Date.parse('2026-11-20T12:00:00Z')

function job(change: Partial<SyncJob> = {}): SyncJob {
  return {
    id: 1,
    connectionId: 1,
    state: 'running',
    full: false,
    sweep: false,
    news: false,
    pagesDone: 100,
    pagesTotal: 1_000,
    requestsUsed: 150,
    complete: false,
    code: null,
    retryAt: null,
    finishedAt: null,
    ...change,
  }
}

function meter(change: Partial<Meter> = {}): Meter {
  return { connectionId: 1, used: 0, limit: 180, resetsAt: null, pausedUntil: null, ...change }
}

const inMs = (end: string | null) => (end === null ? null : Date.parse(end) - NOW)

describe('the estimated finish', () => {
  it('is soon when what is left fits into the budget', () => {
    const left = job({ pagesDone: 900, requestsUsed: 900 })
    expect(inMs(estimateFinish([left], [meter()], NOW))).toBe(10_000)
  })

  it('counts windows, from when slots come back', () => {
    // 900 pages at one and a half requests: 1 350 requests, 80 of them now, 1 270 in eight more windows.
    const meters = [meter({ used: 100, resetsAt: new Date(NOW + 40_000) })]
    expect(inMs(estimateFinish([job()], meters, NOW))).toBe(40_000 + 7 * 60_000 + 10 * 100)
  })

  it('waits for a pause', () => {
    const meters = [meter({ pausedUntil: new Date(NOW + 30_000) })]
    const left = job({ pagesDone: 990, requestsUsed: 990 })
    expect(inMs(estimateFinish([left], meters, NOW))).toBe(31_000)
  })

  it.each([
    ['nothing is read', [], [meter()]],
    ['it is not known how much there is', [job({ pagesTotal: 0, pagesDone: 0 })], [meter()]],
    ['nothing is known of the budget', [job()], []],
    [
      'one of two is not known',
      [job(), job({ connectionId: 2, pagesTotal: 0 })],
      [meter(), meter({ connectionId: 2 })],
    ],
  ])('is left open when %s', (_, jobs, meters) => {
    expect(estimateFinish(jobs, meters, NOW)).toBeNull()
  })

  it('never lies in the past, and never comes nearer when there is more to read', () => {
    const pages = fc.record({
      done: fc.nat(5_000),
      left: fc.nat(5_000),
      more: fc.nat(500),
      used: fc.nat(400),
      requests: fc.nat(9_000),
    })
    fc.assert(
      fc.property(pages, ({ done, left, more, used, requests }) => {
        const end = (extra: number) =>
          inMs(
            estimateFinish(
              [job({ pagesDone: done, pagesTotal: done + left + extra + 1, requestsUsed: requests })],
              [meter({ used, resetsAt: new Date(NOW + 20_000) })],
              NOW,
            ),
          ) ?? Number.NaN
        expect(end(0)).toBeGreaterThanOrEqual(0)
        expect(end(more)).toBeGreaterThanOrEqual(end(0) - (end(0) < 20_000 ? 20_000 : 0))
      }),
    )
  })
})

describe('the budget shown', () => {
  const quiet = meter({ connectionId: 1, used: 20 })
  const busy = meter({ connectionId: 2, used: 170 })

  it('is that of the workspace being read', () => {
    expect(busiestMeter([quiet, busy], [job({ connectionId: 1 })])).toMatchObject({ used: 20, limit: 180 })
  })

  it('is the busiest one when several are, or none is', () => {
    expect(busiestMeter([quiet, busy], [])).toMatchObject({ used: 170 })
    expect(busiestMeter([quiet, busy], [job({ connectionId: 1 }), job({ connectionId: 2 })])).toMatchObject({
      used: 170,
    })
  })

  it('is left out when nothing was asked of Notion', () => {
    expect(summarise([job()], 1)).toMatchObject({ budget: null, estimatedFinishAt: null })
  })
})
