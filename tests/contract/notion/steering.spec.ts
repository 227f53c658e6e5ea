import { collectPaginatedAPI } from '@notionhq/client'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FaultRule } from '../../../sandbox/notion/faults.ts'
import { simpleWorkspace } from '../../support/notion-workspace.ts'
import { errorOf, useContract } from './harness.ts'

/** The ways tests steer the stand-in: faults, budgets, lag, edits, tokens, ledger. */

let now = Date.parse('2026-11-20T12:00:00Z')
const work = simpleWorkspace('steering', [
  { title: 'One', blocks: (b) => [b.todo('First'), b.todo('Second'), b.todo('Third')] },
  { title: 'Two', blocks: (b) => [b.toggle('More', [b.todo('Fourth')])] },
])
const [pageId = '', otherPageId = ''] = work.pageIds
const contract = useContract({ seed: [work.seed], clock: () => now })

afterEach(() => contract().server.reset())

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${contract().server.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}

const children = (token: string, id = pageId) => contract().raw('GET', `/v1/blocks/${id}/children`, { token })

async function textsOn(token: string, id = pageId): Promise<string[]> {
  const blocks = await collectPaginatedAPI(contract().client.blocks.children.list, {
    auth: token,
    block_id: id,
  })
  return blocks.map((block) => /"plain_text":"([^"]*)"/.exec(JSON.stringify(block))?.[1] ?? '')
}

describe('planned failures', () => {
  it.each([
    [400, 'validation_error'],
    [401, 'unauthorized'],
    [403, 'restricted_resource'],
    [404, 'object_not_found'],
    [409, 'conflict_error'],
    [429, 'rate_limited'],
    [500, 'internal_server_error'],
    [503, 'service_unavailable'],
    [504, 'gateway_timeout'],
    [529, 'service_overload'],
  ] as const)('answers %i %s as Notion would, once', async (status, code) => {
    const token = await contract().connect()
    const rule = {
      method: 'GET',
      path: '/v1/blocks/*/children',
      what: { kind: 'status', status, retry_after: 7 },
    }
    expect((await control('POST', 'faults', rule)).status).toBe(200)
    const reply = await children(token)
    expect(errorOf(reply)).toMatchObject({ status, code })
    expect(reply.headers.get('retry-after')).toBe('7')
    contract().judge('GET', `/v1/blocks/${pageId}/children`, status, reply.text)
    expect((await children(token)).status).toBe(200)
  })

  it('knows the codes of OAuth, HTML errors and exact replies', async () => {
    const { faults } = contract().server.world
    const refused = async (rule: FaultRule) => {
      faults.add(rule)
      return contract().raw('POST', '/v1/oauth/token', { body: {} })
    }
    const path = '/v1/oauth/token'
    expect(errorOf(await refused({ path, what: { kind: 'status', status: 400 } })).code).toBe('invalid_grant')
    expect(errorOf(await refused({ path, what: { kind: 'status', status: 401 } })).code).toBe(
      'invalid_client',
    )
    const bad = await refused({ path, what: { kind: 'status', status: 502 } })
    expect([bad.status, bad.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    const html = await refused({ path, what: { kind: 'html' } })
    expect([html.status, html.body]).toEqual([200, undefined])
    const garbage = await refused({ path, what: { kind: 'garbage' } })
    expect([garbage.headers.get('content-type'), garbage.body]).toEqual(['application/json', undefined])
    const exact = await refused({ path, what: { kind: 'reply', status: 418, body: { error: 'teapot' } } })
    expect([exact.status, exact.body]).toEqual([418, { error: 'teapot' }])
  })

  it('drops, cuts, stalls and hangs connections', async () => {
    const { faults } = contract().server.world
    const token = await contract().connect()
    faults.add({ what: { kind: 'reset' } })
    await expect(children(token)).rejects.toThrow()
    faults.add({ what: { kind: 'truncate' } })
    await expect(children(token)).rejects.toThrow()
    for (const kind of ['hang', 'stall'] as const) {
      faults.add({ what: { kind } })
      const request = fetch(`${contract().server.url}/v1/blocks/${pageId}/children`, {
        headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
        signal: AbortSignal.timeout(150),
      }).then((response) => response.text())
      await expect(request).rejects.toThrow(/timeout/i)
    }
  })

  it('can carry a write out and still fail, and says what was made', async () => {
    const { faults } = contract().server.world
    const token = await contract().connect()
    faults.add({ method: 'PATCH', what: { kind: 'status', status: 503, after_commit: true } })
    const body = { children: [{ to_do: { rich_text: [{ text: { content: 'Made anyway' } }] } }] }
    const reply = await contract().raw('PATCH', `/v1/blocks/${pageId}/children`, { token, body })
    expect(errorOf(reply).additional_data?.['committed_child_ids']).toHaveLength(1)
    expect(await textsOn(token)).toContain('Made anyway')
  })

  it('lets the first ones through, fails the next, and stops when told', async () => {
    const token = await contract().connect()
    await control('POST', 'faults', {
      path: '/v1/blocks/**',
      skip: 1,
      times: null,
      what: { kind: 'status', status: 500 },
    })
    const statuses = [await children(token), await children(token), await children(token)].map(
      ({ status }) => status,
    )
    expect(statuses).toEqual([200, 500, 500])
    await control('DELETE', 'faults')
    expect((await children(token)).status).toBe(200)
  })

  it('refuses a rule it does not understand', async () => {
    expect((await control('POST', 'faults', { what: { kind: 'status', status: 499 } })).status).toBe(400)
  })
})

describe('the request budget', () => {
  it('ends a burst with 429, Retry-After and the reason, each connection for itself', async () => {
    const { rateLimit } = contract().server.world
    const token = await contract().connect()
    rateLimit.budget = 'plan'
    const replies = await Promise.all(Array.from({ length: 181 }, () => children(token)))
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(1)
    const [reply] = refused
    if (!reply) throw new Error('nothing was refused')
    expect(reply.headers.get('retry-after')).toBe('60')
    expect(errorOf(reply).additional_data).toEqual({
      rate_limit_reason: 'public_api_request_rate_limit',
      retry_after: '60',
    })
    const { answer } = await control('POST', 'token', {
      op: 'mint',
      workspace_id: work.seed.id,
      kind: 'internal',
    })
    const other = z.object({ access_token: z.string() }).parse(answer)
    expect((await children(other.access_token)).status).toBe(200)
    now += 60_000
    expect((await children(token)).status).toBe(200)
    rateLimit.budget = 'off'
  })
})

describe('search lag', () => {
  it('finds only what was shared directly until the index has caught up', async () => {
    await control('POST', 'settings', { search_lag_ms: 30_000 })
    const token = await contract().connect()
    const found = async () => (await collectPaginatedAPI(contract().client.search, { auth: token })).length
    expect(await found()).toBe(1)
    now += 30_000
    expect(await found()).toBe(3)
    await control('POST', 'settings', { search_lag_ms: 0 })
  })
})

describe('cursors', () => {
  it('belong to their question and can be forgotten on the way', async () => {
    const token = await contract().connect()
    const page = `/v1/blocks/${pageId}/children?page_size=1`
    const first = z
      .object({ next_cursor: z.string() })
      .parse((await contract().raw('GET', page, { token })).body)
    const cursor = `start_cursor=${encodeURIComponent(first.next_cursor)}`
    const elsewhere = await contract().raw('GET', `/v1/blocks/${otherPageId}/children?${cursor}`, { token })
    expect(errorOf(elsewhere).message).toBe('The start_cursor provided is invalid.')
    expect((await contract().raw('GET', `${page}&${cursor}`, { token })).status).toBe(200)
    await control('POST', 'settings', { forget_cursors: true })
    expect(errorOf(await contract().raw('GET', `${page}&${cursor}`, { token })).code).toBe('validation_error')
  })
})

describe('a person at work in Notion', () => {
  it('writes, adds, moves, trashes, edits rows and unshares', async () => {
    const token = await contract().connect()
    const { results } = await contract().client.blocks.children.list({ auth: token, block_id: pageId })
    const [first = '', second = '', third = ''] = results.map(({ id }) => id)
    const edit = (body: object) => control('POST', 'edit', body)
    await edit({ op: 'set_text', block_id: first, text: 'Changed' })
    await edit({
      op: 'add_block',
      parent_id: pageId,
      after_id: first,
      block: { to_do: { rich_text: [{ text: { content: 'New' } }] } },
    })
    await edit({ op: 'trash', id: second })
    await edit({ op: 'move_block', block_id: third, parent_id: pageId, after_id: null })
    expect(await textsOn(token)).toEqual(['Third', 'Changed', 'New'])
    await edit({ op: 'edit_row', page_id: pageId, properties: { Done: { type: 'checkbox', value: true } } })
    expect(await contract().client.pages.retrieve({ auth: token, page_id: pageId })).toMatchObject({
      properties: { Done: { checkbox: true } },
    })
    expect((await edit({ op: 'move_block', block_id: third, parent_id: third })).status).toBe(400)
    await edit({ op: 'unshare', id: pageId })
    expect((await children(token)).status).toBe(404)
    expect((await children(token, otherPageId)).status).toBe(200)
    await edit({ op: 'share', id: pageId })
    expect((await children(token)).status).toBe(200)
  })
})

describe('tokens', () => {
  it('are minted, expired, revoked, and handed out as told', async () => {
    await control('POST', 'token', {
      op: 'next',
      access_token: 'ntn_canary_access',
      refresh_token: 'nrt_canary',
    })
    const reply = await contract().exchange((await contract().authorize()).code)
    expect([reply.access_token, reply.refresh_token]).toEqual(['ntn_canary_access', 'nrt_canary'])
    await control('POST', 'token', { op: 'expire', bot_id: reply.bot_id })
    expect((await children(reply.access_token)).status).toBe(401)
    await control('POST', 'token', { op: 'revoke', bot_id: reply.bot_id })
    const minted = await control('POST', 'token', {
      op: 'mint',
      workspace_id: work.seed.id,
      kind: 'personal',
      token: 'ntn_mine',
    })
    expect(minted.status).toBe(200)
    expect((await children('ntn_mine')).status).toBe(200)
  })
})

describe('the ledger', () => {
  it('counts requests, statuses and flattened to-dos, and knows no token', async () => {
    await control('POST', 'token', { op: 'next', access_token: 'ntn_ledger_canary' })
    const token = await contract().connect()
    const { results } = await contract().client.blocks.children.list({ auth: token, block_id: pageId })
    const id = results[0]?.id ?? ''
    await contract().client.blocks.update({ auth: token, block_id: id, to_do: { checked: true } })
    const counters = () => contract().server.world.ledger.counters()
    expect(counters().richTextFlattenings).toBe(0)
    await contract().client.blocks.update({ auth: token, block_id: id, to_do: { rich_text: [] } })
    expect(counters()).toMatchObject({
      richTextFlattenings: 1,
      byEndpoint: { 'PATCH /v1/blocks/{block_id}': 2, 'GET /v1/blocks/{block_id}/children': 1 },
    })
    const { answer } = await control('GET', 'ledger')
    expect(JSON.stringify(answer)).not.toContain('canary')
    await control('DELETE', 'ledger')
    expect(counters().total).toBe(0)
  })
})

describe('the control API', () => {
  it('answers this machine only', async () => {
    expect(await control('GET', 'health')).toEqual({
      status: 200,
      answer: { service: 'roundup-notion-sandbox', dir: null },
    })
    const { port } = new URL(contract().server.url)
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', path: '/_sandbox/health', headers: { host: 'evil.example' } }
      request(options, (response) => resolve(response.statusCode)).end()
    })
    expect(status).toBe(403)
  })

  it('takes another workspace as JSON', async () => {
    const other = simpleWorkspace('second', [{ blocks: (b) => [b.todo('Elsewhere')] }])
    expect((await control('POST', 'seed', other.seed)).status).toBe(200)
    const token = await contract().connect({ workspace: other.seed.id })
    expect(await textsOn(token, other.pageIds[0])).toEqual(['Elsewhere'])
    expect((await control('POST', 'seed', { id: 'broken' })).status).toBe(400)
  })
})
