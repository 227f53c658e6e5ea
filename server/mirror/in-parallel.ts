/** Rows written at a time; the gate bounds the requests in flight. */
const WIDTH = 6

/**
 * Does something to many, some at a time. After a failure none is begun any more, and those under way are waited for.
 * @throws the first failure
 */
export async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  let failed = false
  const runs = Array.from({ length: Math.min(WIDTH, items.length) }, async () => {
    for (const item of waiting) {
      if (failed) return
      await work(item).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  })
  const ended = await Promise.allSettled(runs)
  const failure = ended.find((end) => end.status === 'rejected')
  if (failure) throw failure.reason
}
