/** Begins the name of each cache of the service worker (service-worker/sw.ts). */
const PREFIX = 'roundup-'

/**
 * Has the app itself kept on this device, so that it opens without a network. Never throws: where that does not work,
 * what is kept is seen once there is a network.
 */
export async function keepApp(): Promise<void> {
  const workers: ServiceWorkerContainer | undefined = globalThis.navigator?.serviceWorker
  // Files of the dev server change under their names.
  if (!workers || import.meta.dev) return
  const build = useRuntimeConfig().app.buildId
  try {
    const registration = await workers.register('/sw.js', { updateViaCache: 'none' })
    const next = registration.waiting ?? (await installed(registration.installing))
    // A worker that is still waiting for tabs of the build before: this one is not one of them.
    next?.postMessage(build)
  } catch {
    // Refused by the browser, or a release is just being replaced: the next page tries again.
  }
}

/** Removes the app from this device: nothing opens here without a network any more. Never throws. */
export async function dropApp(): Promise<void> {
  try {
    const registrations = (await globalThis.navigator?.serviceWorker?.getRegistrations()) ?? []
    await Promise.all(registrations.map((registration) => registration.unregister()))
    const names = (await globalThis.caches?.keys()) ?? []
    await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)))
  } catch {
    // A browser that does not let us look has kept nothing.
  }
}

function installed(worker: ServiceWorker | null): Promise<ServiceWorker | null> {
  if (!worker) return Promise.resolve(null)
  return new Promise((resolve) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'installed') resolve(worker)
      else if (worker.state === 'redundant') resolve(null)
    })
  })
}
