import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createContext, runInContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { offlineWorker } from '../../../config/offline-worker.ts'

const FILE = '/_nuxt/entry.js'
const CODE = 'export const answer = 42'
const MESSAGES = '/_i18n/build-2/en/messages.json'
const SHELL = '/offline-shell'

interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** What the server waits for. */
  after?: Promise<unknown>
}

const GOOD: Record<string, Answer> = {
  [FILE]: { status: 200, headers: { 'content-type': 'text/javascript' }, body: CODE },
  [MESSAGES]: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"hello":"Hello"}' },
  [SHELL]: {
    status: 200,
    headers: { 'content-type': 'text/html;charset=utf-8', 'content-security-policy': "default-src 'none'" },
    body: '<html>buildId:"build-2"</html>',
  },
  '/': { status: 200, headers: { 'content-type': 'text/html' }, body: 'the real page' },
}

let answers: Record<string, Answer>
let asked: { path: string; cookie: string | undefined }[]
let server: Server
let stores: Map<string, Map<string, Response>>

beforeEach(async () => {
  answers = structuredClone(GOOD)
  asked = []
  stores = new Map()
  server = createServer(async (request, response) => {
    asked.push({ path: request.url ?? '', cookie: request.headers.cookie })
    const answer = answers[request.url ?? ''] ?? { status: 404, headers: {}, body: 'none' }
    await answer.after
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

type Listener = (event: object) => void

/** The worker as it is served, in a world of its own: the network is a real one, the caches are ours. */
async function startWorker(id = 'build-2', pages = 1) {
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const listeners = new Map<string, Listener>()
  let cameForward = false
  /** What the worker wants to be woken for. Its clock stands still until somebody says that time is up. */
  let alarms: (() => void)[] = []
  const integrity = `sha256-${createHash('sha256').update(CODE).digest('base64')}`
  const code = await offlineWorker({ id, shell: SHELL, messages: [MESSAGES], files: [[FILE, integrity]] })
  runInContext(
    code,
    createContext({
      URL,
      setTimeout: (work: () => void) => {
        alarms.push(work)
        return work
      },
      clearTimeout: (work: () => void) => (alarms = alarms.filter((one) => one !== work)),
      caches: {
        open: (name: string) => {
          const store = stores.get(name) ?? new Map<string, Response>()
          stores.set(name, store)
          return Promise.resolve({
            put: async (path: string, response: Response) => store.set(path, response),
          })
        },
        keys: async () => [...stores.keys()],
        delete: async (name: string) => stores.delete(name),
        match: async (path: string, { cacheName }: { cacheName: string }) =>
          stores.get(cacheName)?.get(path)?.clone(),
      },
      fetch: (input: string | { url: string }, init?: RequestInit) =>
        fetch(new URL(typeof input === 'string' ? input : input.url, origin), init),
      self: {
        location: { origin },
        addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
        skipWaiting: async () => (cameForward = true),
        clients: { claim: async () => undefined, matchAll: async () => Array.from({ length: pages }) },
      },
    }),
  )
  const tell = async (type: string, event: object = {}) => {
    const waits: Promise<unknown>[] = []
    listeners.get(type)?.({ ...event, waitUntil: (promise: Promise<unknown>) => waits.push(promise) })
    await Promise.all(waits)
  }
  /** What the worker answers; undefined: it leaves the request to the browser. */
  const ask = async (path: string, request: { method?: string; mode?: string } = {}) => {
    let answer: Promise<Response> | undefined
    const event = {
      request: { url: new URL(path, origin).href, method: 'GET', mode: 'cors', ...request },
      respondWith: (given: Promise<Response>) => (answer = given),
    }
    listeners.get('fetch')?.(event)
    return answer
  }
  const timeIsUp = () => alarms.forEach((work) => work())
  return { tell, ask, cameForward: () => cameForward, timeIsUp, alarms: () => alarms.length }
}

describe('the worker, when installed', () => {
  it('keeps the files of its build, the messages and the page, and asks for them as nobody', async () => {
    await (await startWorker()).tell('install')
    expect([...(stores.get('roundup-build-2')?.keys() ?? [])].sort()).toEqual([MESSAGES, FILE, SHELL])
    expect(asked.every(({ cookie }) => cookie === undefined)).toBe(true)
  })

  it.each<[string, string, Partial<Answer>]>([
    ['a file that is not found', FILE, { status: 404, headers: { 'content-type': 'text/html' } }],
    ['an error page with status 200', FILE, { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['a file that somebody changed', FILE, { body: `${CODE}; steal()` }],
    ['half a file', FILE, { body: CODE.slice(0, 10) }],
    ['a file that is somewhere else', FILE, { status: 302, headers: { location: '/' } }],
    ['an error instead of messages', MESSAGES, { status: 503 }],
    ['a page instead of messages', MESSAGES, { headers: { 'content-type': 'text/html' } }],
    ['a page of another build', SHELL, { body: '<html>buildId:"build-1"</html>' }],
    ['a page without a policy', SHELL, { headers: { 'content-type': 'text/html' } }],
    ['a page that leads elsewhere', SHELL, { status: 302, headers: { location: '/login' } }],
    ['a server that is down', SHELL, { status: 502 }],
  ])('keeps nothing at all when it gets %s', async (_, path, poison) => {
    answers[path] = { ...(answers[path] ?? { status: 200, headers: {}, body: '' }), ...poison }
    const worker = await startWorker()
    await expect(worker.tell('install')).rejects.toThrow()
    expect(stores.size).toBe(0)
  })
})

describe('the worker, when it takes over', () => {
  it('removes what builds before kept, and nothing of anybody else', async () => {
    for (const name of ['roundup-build-1', 'another-app']) stores.set(name, new Map())
    const worker = await startWorker()
    await worker.tell('install')
    await worker.tell('activate')
    expect([...stores.keys()].sort()).toEqual(['another-app', 'roundup-build-2'])
  })

  it.each([
    ['the only page is of its build', 'build-2', 1, true],
    ['there are other pages', 'build-2', 2, false],
    ['the page is of another build', 'build-1', 1, false],
  ])('does not wait when asked to and %s: only then', async (_, data, pages, expected) => {
    const worker = await startWorker('build-2', pages)
    await worker.tell('message', { data })
    expect(worker.cameForward()).toBe(expected)
  })
})

describe('a page', () => {
  const navigate = { mode: 'navigate' }

  it('comes from the server, whatever it says', async () => {
    const worker = await startWorker()
    await worker.tell('install')
    expect(await (await worker.ask('/', navigate))?.text()).toBe('the real page')
    answers['/'] = { status: 503, headers: {}, body: 'not now' }
    expect((await worker.ask('/', navigate))?.status).toBe(503)
  })

  it('is the empty one, under its own policy, where there is no server', async () => {
    const worker = await startWorker()
    await worker.tell('install')
    server.closeAllConnections()
    server.close()
    const page = await worker.ask('/today?show=all', navigate)
    expect(await page?.text()).toBe(GOOD[SHELL]?.body)
    expect(page?.headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(await (await worker.ask(FILE))?.text()).toBe(CODE)
    expect(await (await worker.ask('/_i18n/0badcafe/en/messages.json'))?.text()).toContain('Hello')
  })

  describe('of a server that takes its time', () => {
    const hanging = () => {
      const { promise: after, resolve } = Promise.withResolvers<undefined>()
      answers['/'] = { status: 200, headers: {}, body: 'the real page', after }
      return () => resolve(undefined)
    }

    it('comes from the server as long as it answers in time', async () => {
      const worker = await startWorker()
      await worker.tell('install')
      const answerNow = hanging()
      const page = worker.ask('/', navigate)
      answerNow()
      expect(await (await page)?.text()).toBe('the real page')
      expect(worker.alarms()).toBe(0)
    })

    it('is the empty one once time is up', async () => {
      const worker = await startWorker()
      await worker.tell('install')
      hanging()
      const page = worker.ask('/', navigate)
      worker.timeIsUp()
      expect(await (await page)?.text()).toBe(GOOD[SHELL]?.body)
    })

    it('is waited for all the same where nothing is kept', async () => {
      const worker = await startWorker()
      await worker.tell('install')
      stores.clear()
      const answerNow = hanging()
      const page = worker.ask('/', navigate)
      worker.timeIsUp()
      answerNow()
      expect(await (await page)?.text()).toBe('the real page')
    })
  })

  it('fails as it would without a worker, once what was kept is gone; and nothing is kept anew', async () => {
    const worker = await startWorker()
    await worker.tell('install')
    stores.clear()
    expect(await (await worker.ask(FILE))?.text()).toBe(CODE)
    server.closeAllConnections()
    server.close()
    await expect(worker.ask('/', navigate)).rejects.toThrow()
    expect(stores.size).toBe(0)
  })
})

describe('the worker leaves alone', () => {
  it.each([
    ['answers of the API', '/api/todos/snapshot', {}],
    ['ways through the API', '/api/auth-notion/start', { mode: 'navigate' }],
    ['whatever is not asked for by GET', '/', { method: 'POST', mode: 'navigate' }],
    ['files that are not of its build', '/_nuxt/newer.js', {}],
    ['the file that tells of new builds', '/_nuxt/builds/latest.json', {}],
    ['other origins', 'https://example.com/_nuxt/entry.js', {}],
  ])('%s', async (_, path, request) => {
    const worker = await startWorker()
    await worker.tell('install')
    expect(await worker.ask(path, request)).toBeUndefined()
  })
})
