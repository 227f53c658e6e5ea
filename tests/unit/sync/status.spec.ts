import { describe, expect, it } from 'vitest'
import type { SyncJob } from '#server/db/sync-jobs'
import { summarise } from '#server/sync/status'

let nextId = 1

function job(change: Partial<SyncJob>): SyncJob {
  return {
    id: nextId++,
    connectionId: nextId,
    state: 'done',
    full: false,
    sweep: false,
    news: false,
    pagesDone: 10,
    pagesTotal: 10,
    requestsUsed: 12,
    complete: true,
    code: null,
    retryAt: null,
    finishedAt: '2026-11-20T10:00:00.000Z',
    ...change,
  }
}

describe('a list says it is complete', () => {
  it('when every workspace it reads was read whole', () => {
    expect(summarise([job({}), job({})], 2)).toMatchObject({ state: 'idle', complete: true })
  })

  it.each<[string, SyncJob[], number]>([
    ['one workspace has never been read', [job({})], 2],
    ['one run is still under way', [job({}), job({ state: 'running', complete: false })], 2],
    ['one run left something out', [job({}), job({ complete: false })], 2],
    ['one run failed', [job({}), job({ state: 'failed', complete: false })], 2],
    ['a failed run claims to be complete', [job({ state: 'failed', complete: true })], 1],
    ['a running run claims to be complete', [job({ state: 'running', complete: true })], 1],
  ])('but not when %s', (_, jobs, connections) => {
    expect(summarise(jobs, connections).complete).toBe(false)
  })
})

describe('progress', () => {
  it('adds up over the workspaces', () => {
    const jobs = [
      job({ pagesDone: 3, pagesTotal: 10, requestsUsed: 7 }),
      job({ pagesDone: 4, pagesTotal: 5, requestsUsed: 6 }),
    ]
    expect(summarise(jobs, 2)).toMatchObject({ pagesDone: 7, pagesTotal: 15, requestsUsed: 13 })
  })

  it('counts as running while any run is queued or running, and hides an older failure', () => {
    for (const state of ['queued', 'running'] as const) {
      const jobs = [job({ state: 'failed', code: 'NOTION_UNAVAILABLE' }), job({ state })]
      expect(summarise(jobs, 2)).toMatchObject({ state: 'running', code: null })
    }
  })

  it('names the workspaces that are being read, and no other', () => {
    const jobs = [
      job({ connectionId: 7, state: 'running' }),
      job({ connectionId: 8 }),
      job({ connectionId: 9, state: 'queued' }),
      job({ connectionId: 10, state: 'failed' }),
    ]
    expect(summarise(jobs, 4).reading).toEqual([7, 9])
  })

  it('names why a run failed', () => {
    const jobs = [job({}), job({ state: 'failed', code: 'NOTION_TOKEN_INVALID' })]
    expect(summarise(jobs, 2)).toMatchObject({ state: 'failed', code: 'NOTION_TOKEN_INVALID' })
  })

  it('gives the latest finish, whatever the time zone it is written in', () => {
    const jobs = [
      job({ finishedAt: '2026-11-20T12:00:00+05:00' }),
      job({ finishedAt: '2026-11-20T08:00:00Z' }),
      job({ finishedAt: null }),
    ]
    expect(summarise(jobs, 3).lastFinishedAt).toBe('2026-11-20T08:00:00Z')
  })

  it('says when a paused run goes on, and not of one that has ended', () => {
    const retryAt = '2026-11-20T10:01:00Z'
    expect(summarise([job({ state: 'running', retryAt })], 1).retryAt).toBe(retryAt)
    expect(summarise([job({ retryAt })], 1).retryAt).toBeNull()
  })

  it('is idle, and complete, when there is nothing to read', () => {
    expect(summarise([], 0)).toEqual({
      state: 'idle',
      complete: true,
      pagesDone: 0,
      pagesTotal: 0,
      requestsUsed: 0,
      lastFinishedAt: null,
      code: null,
      retryAt: null,
      budget: null,
      estimatedFinishAt: null,
      reading: [],
    })
  })
})
