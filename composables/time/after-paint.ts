/** A hidden tab paints nothing: it must not wait for it. */
const LATEST_MS = 100

/** Does the work once the next frame is on the screen, so that what the person did is seen before it. */
export function afterPaint(work: () => unknown): void {
  let isDone = false
  function once(): void {
    if (isDone) return
    isDone = true
    work()
  }
  requestAnimationFrame(() => setTimeout(once))
  setTimeout(once, LATEST_MS)
}
