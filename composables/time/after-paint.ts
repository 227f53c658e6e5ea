/** A hidden tab paints nothing: it must not wait for it. */
const LATEST_MS = 100

/** Does the work with the frame after the next one, when what the person did is on the screen. */
export function afterPaint(work: () => unknown): void {
  let isDone = false
  function once(): void {
    if (isDone) return
    isDone = true
    work()
  }
  requestAnimationFrame(() => requestAnimationFrame(once))
  setTimeout(once, LATEST_MS)
}
