/**
 * Opens Roundup without a network, for people who keep their to-dos on this device (docs/offline.md, ADR 0012). It
 * keeps the files of one build and one empty page, and nothing of any person: what is shown is read by that page from
 * IndexedDB. Never sees an answer of /api.
 */
import type { KeptBuild } from './kept-build'

declare const self: ServiceWorkerGlobalScope
/** Put in front of this file when building (config/offline-worker.ts). */
declare const BUILD: KeptBuild

const PREFIX = 'roundup-'
const CACHE = PREFIX + BUILD.id
const FILES = new Map(BUILD.files)
/** Their addresses carry a hash that is not known when this is built. */
const MESSAGES = /^\/_i18n\/[^/]+\//
/** A network that has not answered by then is as good as none: nobody looks at a white page for longer. */
const ANSWER_WITHIN_MS = 4_000

self.addEventListener('install', (event) => event.waitUntil(keepBuild()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('message', (event) => {
  // Said by a page of this very build: see composables/offline/kept-app.ts.
  if (event.data === BUILD.id) event.waitUntil(comeForwardIfAlone())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') event.respondWith(ask(request, BUILD.shell))
  else if (FILES.has(pathname)) event.respondWith(serve(request, pathname))
  else if (MESSAGES.test(pathname))
    event.respondWith(ask(request, pathname.replace(MESSAGES, `/_i18n/${BUILD.id}/`)))
})

/** All or nothing: without one of them this worker is given up, and the one before goes on. */
async function keepBuild(): Promise<void> {
  const cache = await caches.open(CACHE)
  try {
    await Promise.all([
      ...BUILD.files.map(([path, integrity]) => keepFile(cache, path, integrity)),
      ...BUILD.messages.map((path) => keepAnswer(cache, path, 'application/json')),
      keepAnswer(cache, BUILD.shell, 'text/html'),
    ])
  } catch (error) {
    await caches.delete(CACHE)
    throw error
  }
}

/** The browser compares the bytes: what is not of this build, or was changed on its way, is refused. */
async function keepFile(cache: Cache, path: string, integrity: string): Promise<void> {
  const response = await fetch(path, { integrity, credentials: 'omit', redirect: 'error' })
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  await cache.put(path, response)
}

/** Asked for without cookies, so there is nobody for whom it could be made. */
async function keepAnswer(cache: Cache, path: string, type: string): Promise<void> {
  const response = await fetch(path, { cache: 'reload', credentials: 'omit', redirect: 'error' })
  const isAnswer = response.status === 200 && response.headers.get('content-type')?.startsWith(type)
  if (!isAnswer) throw new Error(`${path}: ${response.status}`)
  if (path === BUILD.shell) await checkShell(response.clone())
  await cache.put(path, response)
}

/** While a release spreads over several instances another build may answer; and it runs under its own policy only. */
async function checkShell(shell: Response): Promise<void> {
  const isOurs = (await shell.text()).includes(BUILD.id)
  if (!isOurs || !shell.headers.has('content-security-policy')) throw new Error('Not a page of this build')
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name)
  await self.clients.claim()
}

/** Tabs of an older build load their files from its worker: it stays until there are none. */
async function comeForwardIfAlone(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (pages.length === 1) await self.skipWaiting()
}

/**
 * Whatever the server says in time is passed on, refusals too. Only where it cannot be reached, or hangs, what is kept
 * is shown; and where nothing is kept there is nothing better than to wait.
 */
async function ask(request: Request, otherwise: string): Promise<Response> {
  const answer = fetch(request)
  const inTime = await settledWithin(answer, ANSWER_WITHIN_MS)
  if (inTime) return inTime
  return (await kept(otherwise)) ?? answer
}

/** @returns undefined when it failed, or takes longer */
async function settledWithin(answer: Promise<Response>, waitMs: number): Promise<Response | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, waitMs)))
  return Promise.race([answer.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}

async function serve(request: Request, path: string): Promise<Response> {
  return (await kept(path)) ?? fetch(request)
}

/** Does not make the cache if it is not there any more. */
function kept(path: string): Promise<Response | undefined> {
  return caches.match(path, { cacheName: CACHE, ignoreVary: true })
}
