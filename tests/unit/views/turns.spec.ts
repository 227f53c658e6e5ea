import { describe, expect, it } from 'vitest'
import { AppError } from '#server/errors/app-error'
import { createTurns } from '#server/views/turns'

/** Work that ends when it is told to. */
function task() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let begun = false
  const work = () => {
    begun = true
    return promise
  }
  return { work, end: resolve, fail: reject, hasBegun: () => begun }
}

/** Lets everything run that waits for nothing else. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 1))

describe('turns', () => {
  it('are taken one after the other by one person, and side by side by others', async () => {
    const takeTurn = createTurns(5, 1_000)
    const [first, second, hers] = [task(), task(), task()]
    const results = [takeTurn('ann', first.work), takeTurn('ann', second.work), takeTurn('bea', hers.work)]
    await settle()
    expect([first, second, hers].map(({ hasBegun }) => hasBegun())).toEqual([true, false, true])
    first.end('first')
    await settle()
    expect(second.hasBegun()).toBe(true)
    second.end('second')
    hers.end('hers')
    expect(await Promise.all(results)).toEqual(['first', 'second', 'hers'])
  })

  it('go on after one that failed', async () => {
    const takeTurn = createTurns(5, 1_000)
    const failing = takeTurn('ann', () => Promise.reject(new Error('broken')))
    const next = takeTurn('ann', () => Promise.resolve('next'))
    await expect(failing).rejects.toThrow('broken')
    await expect(next).resolves.toBe('next')
  })

  it('are refused, with the time to come again, when too many wait; and given again when they have ended', async () => {
    const takeTurn = createTurns(2, 1_000)
    const tasks = [task(), task(), task()]
    const results = tasks.map(({ work }) => takeTurn('ann', work))
    const refusal = await takeTurn('ann', () => Promise.resolve('')).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AppError)
    expect(refusal).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterMs: 1_000 })
    for (const { end } of tasks) end('done')
    await Promise.all(results)
    await expect(takeTurn('ann', () => Promise.resolve('again'))).resolves.toBe('again')
  })
})
