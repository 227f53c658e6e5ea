import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { breather } from '../../../composables/time/breather'

/** Does what waits for its turn get it while somebody waits for this? */
async function letsOthersIn(wait: () => Promise<void>): Promise<boolean> {
  let wasTheirTurn = false
  setTimeout(() => (wasTheirTurn = true))
  const waiting = wait()
  await vi.advanceTimersByTimeAsync(0).then(() => waiting)
  return wasTheirTurn
}

describe('breather', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('goes on at once while steps are short', async () => {
    const breathe = breather()
    let isThrough = false
    void breathe().then(() => (isThrough = true))
    await Promise.resolve()
    await Promise.resolve()
    expect(isThrough).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets others in once they have taken long, and counts anew from there', async () => {
    const breathe = breather()
    vi.advanceTimersByTime(24)
    expect(await letsOthersIn(breathe)).toBe(true)
    void breathe()
    expect(vi.getTimerCount(), 'nothing has been done since').toBe(0)
    vi.advanceTimersByTime(24)
    void breathe()
    expect(vi.getTimerCount()).toBe(1)
  })
})
