/** A hidden tab paints nothing: it must not wait for it. */
const LATEST_MS = 100

/**
 * Does the work once the next frame, with what the person did, is drawn: in a task of its own, since what runs before a
 * frame holds up that frame. A message starts it at once; a timer would leave a slow device idle first.
 */
export function afterPaint(work: () => unknown): void {
  const { port1, port2 } = new MessageChannel()
  const latest = setTimeout(once, LATEST_MS)
  function once(): void {
    clearTimeout(latest)
    port1.close()
    work()
  }
  port1.onmessage = once
  requestAnimationFrame(() => port2.postMessage(null))
}
