import { expect, it } from 'vitest'
import { idsOf } from '#server/views/select'
import { aTodo } from '../../support/todos.ts'

it('looking at many to-dos leaves the process to others again and again', async () => {
  const todos = Array.from({ length: 5_000 }, (_, id) => aTodo({ id, checked: id % 2 === 0 }))
  let isLooking = true
  let servedMeanwhile = 0
  const serve = () => {
    if (!isLooking) return
    servedMeanwhile += 1
    setImmediate(serve)
  }
  serve()
  const ids = await idsOf(todos, ({ checked }) => checked)
  isLooking = false
  expect(ids.size).toBe(2_500)
  expect(servedMeanwhile).toBeGreaterThanOrEqual(15)
})
