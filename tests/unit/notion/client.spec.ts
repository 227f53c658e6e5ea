import { expect, it } from 'vitest'
import { createNotionClient } from '#server/notion/client'
import { createGate } from '#server/notion/gate'
import { errorBody, fakeApi, id } from './fake-api'

function clientWithLog(api: ReturnType<typeof fakeApi>, signal?: AbortSignal) {
  const log: { level: string; message: string; details: Record<string, unknown> }[] = []
  const client = createNotionClient({
    token: 'ntn_canary',
    apiUrl: 'http://notion.test/',
    gate: createGate({ fetch: api.fetch }),
    priority: 'interactive',
    log: (level, message, details) => log.push({ level, message, details }),
    ...(signal ? { signal } : {}),
  })
  return { client, log }
}

it('speaks one version of the API, with the token', async () => {
  const api = fakeApi(() => ({}))
  await clientWithLog(api).client.users.me({})
  expect(api.requests[0]?.path).toBe('/users/me')
  expect(api.requests[0]?.headers.get('notion-version')).toBe('2026-03-11')
  expect(api.requests[0]?.headers.get('authorization')).toBe('Bearer ntn_canary')
})

it('makes a dropped argument visible', async () => {
  const { client, log } = clientWithLog(fakeApi(() => ({})))
  const args = { block_id: id(1), paeg_size: 10 }
  await client.blocks.children.list(args)
  expect(log).toEqual([
    { level: 'warn', message: 'unknown parameters were ignored', details: { unknownParams: ['paeg_size'] } },
  ])
})

it('logs neither the token nor what Notion said', async () => {
  const { client, log } = clientWithLog(
    fakeApi(() => errorBody(404, 'object_not_found', { message: 'Secret page' })),
  )
  await client.blocks.retrieve({ block_id: id(1) }).catch(() => undefined)
  expect(log).not.toHaveLength(0)
  expect(JSON.stringify(log)).not.toMatch(/canary|Secret/)
})

it('ends with its signal', async () => {
  const abort = new AbortController()
  const { client } = clientWithLog(
    fakeApi(async () => {
      abort.abort()
      return {}
    }),
    abort.signal,
  )
  await expect(client.users.me({})).rejects.toMatchObject({ kind: 'aborted' })
})
