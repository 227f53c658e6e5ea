import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AppContext } from '#server/context'
import { mirrorFollower } from '#server/mirror/follow'

const requestStaleMirrors = vi.hoisted(() =>
  vi.fn<(context: unknown, connectionId: number) => Promise<void>>(),
)
vi.mock('#server/mirror/request', () => ({ requestStaleMirrors }))

const errors: object[] = []
const context = { log: { error: (line: object) => errors.push(line) } } as unknown as AppContext
let stopping: AbortController

beforeEach(() => {
  vi.useFakeTimers()
  requestStaleMirrors.mockReset().mockResolvedValue()
  errors.length = 0
  stopping = new AbortController()
})
afterEach(() => vi.useRealTimers())

const askedFor = () => requestStaleMirrors.mock.calls.map(([, connectionId]) => connectionId)

describe('mirrors follow ticks', () => {
  it('once for all that come together, and each connection by itself', async () => {
    const follow = mirrorFollower(context, stopping.signal, 1_000)
    for (const connectionId of [1, 1, 2, 1]) follow(connectionId)
    await vi.advanceTimersByTimeAsync(999)
    expect(askedFor()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(askedFor()).toEqual([1, 2])
  })

  it('also while somebody goes on ticking: nobody is put off for ever', async () => {
    const follow = mirrorFollower(context, stopping.signal, 1_000)
    for (let step = 0; step < 30; step += 1) {
      follow(1)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(askedFor().length).toBeGreaterThanOrEqual(2)
  })

  it('again after it went wrong, which is written down', async () => {
    const follow = mirrorFollower(context, stopping.signal, 1_000)
    requestStaleMirrors.mockRejectedValueOnce(new Error('no database'))
    follow(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(errors).toHaveLength(1)
    follow(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(askedFor()).toEqual([1, 1])
  })

  it('no more when the process ends', async () => {
    const follow = mirrorFollower(context, stopping.signal, 1_000)
    follow(1)
    stopping.abort()
    follow(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(askedFor()).toEqual([])
  })
})
