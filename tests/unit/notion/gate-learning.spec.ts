import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BASE_BUDGET, MAX_BUDGET } from '#server/notion/budget'
import {
  learnFromPassing,
  learnFromRefusal,
  NOTION_LIMITS,
  startLearning,
} from '#server/notion/budget-learning'
import { createGate } from '#server/notion/gate'
import { errorBody, fakeApi, listOf } from './fake-api'

const URL_OF_ME = 'http://notion.test/v1/users/me'
const ok = { json: listOf([]) }

describe('what a refusal teaches', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  const refusal = { accepted: 60, now, sentAt: now - 300, isProbe: false }

  it('is the number that was let through', () => {
    expect(learnFromRefusal(startLearning(NOTION_LIMITS), refusal, NOTION_LIMITS)).toMatchObject({
      budget: 60,
    })
  })

  it('is nothing when it was sent before the last one', () => {
    const learnt = learnFromRefusal(startLearning(NOTION_LIMITS), refusal, NOTION_LIMITS)
    const late = { ...refusal, accepted: 10, now: now + 100, sentAt: now - 100 }
    expect(learnFromRefusal(learnt, late, NOTION_LIMITS)).toBe(learnt)
  })

  it('is not blamed on us when we have hardly asked, unless it goes on', () => {
    let learnt = startLearning(NOTION_LIMITS)
    const budgets = [1, 2, 3].map((n) => {
      const at = now + n * 60_000
      learnt = learnFromRefusal(
        learnt,
        { accepted: 8, now: at, sentAt: at - 300, isProbe: false },
        NOTION_LIMITS,
      )
      return learnt.budget
    })
    expect(budgets).toEqual([180, 180, 8])
  })

  it('is, of a probe, that the budget was right: it is not tried again for a day', () => {
    const learnt = learnFromRefusal(
      startLearning(NOTION_LIMITS),
      { ...refusal, accepted: 180, isProbe: true },
      NOTION_LIMITS,
    )
    expect(learnt.budget).toBe(180)
    expect(learnt.probeAt - now).toBe(86_400_000)
  })

  it('is the smallest plan when a larger budget is refused although it was kept', () => {
    const learnt = { ...startLearning(NOTION_LIMITS), budget: 240 }
    expect(learnFromRefusal(learnt, { ...refusal, accepted: 250 }, NOTION_LIMITS).budget).toBe(180)
  })
})

it('never leaves its bounds, whatever happens', () => {
  const event = fc.oneof(
    fc.constant('passed' as const),
    fc.record({
      accepted: fc.integer({ min: 0, max: 900 }),
      isProbe: fc.boolean(),
      afterMs: fc.integer({ min: 0, max: 1e8 }),
    }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let learnt = startLearning(NOTION_LIMITS)
      let now = 1_700_000_000_000
      for (const each of events) {
        const before = learnt
        if (each === 'passed') learnt = learnFromPassing(learnt, NOTION_LIMITS)
        else {
          now += each.afterMs
          learnt = learnFromRefusal(learnt, { ...each, now, sentAt: now - 50 }, NOTION_LIMITS)
        }
        expect(learnt.budget).toBeGreaterThanOrEqual(5)
        expect(learnt.budget).toBeLessThanOrEqual(MAX_BUDGET)
        if (each === 'passed') expect(learnt.budget).toBeGreaterThanOrEqual(before.budget)
        else expect(learnt.budget).toBeLessThanOrEqual(before.budget)
      }
    }),
  )
})

describe('over the hours', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-20T12:00:00Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Notion with a limit in a sliding window, 300 ms away. */
  function notion(limit: number) {
    const accepted: number[] = []
    const refused: number[] = []
    const fake = fakeApi(async () => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      const now = Date.now()
      const recent = accepted.filter((at) => at > now - 60_000)
      const [oldest = now] = recent
      if (recent.length >= limit) {
        refused.push(now)
        const seconds = String(Math.max(1, Math.ceil((oldest + 60_000 - now) / 1_000)))
        return {
          ...errorBody(429, 'rate_limited', {
            additional_data: { rate_limit_reason: 'public_api_request_rate_limit', retry_after: seconds },
          }),
          headers: { 'retry-after': seconds },
        }
      }
      accepted.push(now)
      await new Promise((resolve) => setTimeout(resolve, 150))
      return ok
    })
    return { fake, accepted, refused }
  }

  async function readAll(limit: number, requests: number, width = 8) {
    const { fake, accepted, refused } = notion(limit)
    const gate = createGate({
      fetch: fake.fetch,
      random: () => 0,
      deadlineMs: { interactive: 25_000, background: 1e9 },
    })
    const startedAt = Date.now()
    let left = requests
    const walker = async () => {
      while (left > 0) {
        left -= 1
        expect((await gate.fetch('background')(URL_OF_ME)).status).toBe(200)
      }
    }
    let tookMs = 0
    const all = Promise.all(Array.from({ length: width }, walker)).then(() => {
      tookMs = Date.now() - startedAt
    })
    await vi.advanceTimersByTimeAsync(3_600_000)
    await all
    return { accepted, refused, tookMs, gate }
  }

  it('spends the smallest plan to the last request, and is refused once', async () => {
    const { accepted, refused, tookMs, gate } = await readAll(180, 1_800)
    expect(accepted).toHaveLength(1_800)
    expect(refused).toHaveLength(1)
    expect(gate.state().budget).toBe(180)
    const windows = 1_800 / BASE_BUDGET
    console.info(
      `1 800 requests at 180 a minute: ${(tookMs / 1_000).toFixed(1)} s of ${windows * 60} s, refused ${refused.length}`,
    )
    expect(tookMs).toBeLessThanOrEqual(1.05 * windows * 60_000)
  })

  it('finds out about the largest plan, without a refusal', async () => {
    const { refused, tookMs, gate } = await readAll(600, 3_000, 16)
    expect(refused).toHaveLength(0)
    expect(gate.state().budget).toBe(600)
    console.info(
      `3 000 requests at 600 a minute: ${(tookMs / 1_000).toFixed(1)} s, refused ${refused.length}`,
    )
    // The first window has to be read at the smallest plan's pace.
    expect(tookMs).toBeLessThanOrEqual(60_000 + 5 * 1.05 * 60_000)
  })

  it.each([40, 120, 300])('settles on a limit of %i that no plan mentions', async (limit) => {
    const { accepted, refused, gate } = await readAll(limit, limit * 6)
    expect(accepted).toHaveLength(limit * 6)
    console.info(`limit ${limit}: budget ${gate.state().budget}, refused ${refused.length}`)
    expect(gate.state().budget).toBeLessThanOrEqual(limit)
    expect(gate.state().budget).toBeGreaterThanOrEqual(limit * 0.75)
    expect(refused.length).toBeLessThanOrEqual(24)
  })

  it('never has more than the budget in any window, however the work comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            waitMs: fc.integer({ min: 0, max: 9_000 }),
            requests: fc.integer({ min: 1, max: 30 }),
            takesMs: fc.integer({ min: 0, max: 4_000 }),
            isPerson: fc.boolean(),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (work) => {
          const sent: number[] = []
          let takesMs = 0
          const fake = fakeApi(async () => {
            await new Promise((resolve) => setTimeout(resolve, takesMs / 2))
            sent.push(Date.now())
            await new Promise((resolve) => setTimeout(resolve, takesMs / 2))
            return ok
          })
          const gate = createGate({
            fetch: fake.fetch,
            budgetPerWindow: 20,
            windowMs: 6_000,
            deadlineMs: { interactive: 1e7, background: 1e7 },
          })
          const all: Promise<unknown>[] = []
          for (const burst of work) {
            await vi.advanceTimersByTimeAsync(burst.waitMs)
            takesMs = burst.takesMs
            const priority = burst.isPerson ? 'interactive' : 'background'
            for (let n = 0; n < burst.requests; n += 1) all.push(gate.fetch(priority)(URL_OF_ME))
          }
          await vi.advanceTimersByTimeAsync(600_000)
          await Promise.all(all)
          expect(sent).toHaveLength(work.reduce((total, { requests }) => total + requests, 0))
          for (const from of sent) {
            expect(sent.filter((at) => at >= from && at < from + 6_000).length).toBeLessThanOrEqual(20)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
