import { RequestTimeoutError } from '@notionhq/client'
import { describe, expect, it } from 'vitest'
import type { NotionErrorKind } from '#server/notion/errors'
import { NotionError, toNotionError } from '#server/notion/errors'
import { createSdkClient } from '#server/notion/client'
import type { FakeReply } from './fake-api'
import { errorBody, fakeApi } from './fake-api'

/** The error as it really arrives: thrown by the SDK for a reply. */
async function errorFor(reply: FakeReply): Promise<NotionError> {
  const client = createSdkClient({
    auth: 'ntn_secret',
    apiUrl: 'http://notion.test',
    fetch: fakeApi(() => reply).fetch,
  })
  try {
    await client.users.me({})
  } catch (cause) {
    return toNotionError(cause)
  }
  throw new Error('The request did not fail')
}

const html = '<html><body>cloudflare</body></html>'

describe('every reply of Notion has one meaning', () => {
  it.each<[number, string, NotionErrorKind]>([
    [400, 'validation_error', 'invalid_request'],
    [400, 'invalid_json', 'invalid_request'],
    [400, 'invalid_request', 'invalid_request'],
    [400, 'invalid_request_url', 'invalid_request'],
    [400, 'missing_version', 'invalid_request'],
    [400, 'invalid_beta', 'invalid_request'],
    [400, 'invalid_grant', 'oauth_refused'],
    [400, 'unauthorized_client', 'oauth_refused'],
    [400, 'unsupported_grant_type', 'oauth_refused'],
    [400, 'invalid_scope', 'oauth_refused'],
    [401, 'unauthorized', 'token_invalid'],
    [401, 'invalid_client', 'oauth_refused'],
    [403, 'restricted_resource', 'access_denied'],
    [403, 'test_env_error', 'oauth_refused'],
    [404, 'object_not_found', 'not_found'],
    [409, 'conflict_error', 'conflict'],
    [409, 'row_limit_exceeded', 'plan_limit'],
    [429, 'rate_limited', 'rate_limited'],
    [500, 'internal_server_error', 'api_error'],
    [502, 'bad_gateway', 'unavailable'],
    [503, 'service_unavailable', 'unavailable'],
    [504, 'gateway_timeout', 'unavailable'],
    [529, 'service_overload', 'rate_limited'],
    [418, 'brand_new_code', 'invalid_request'],
    [599, 'brand_new_code', 'api_error'],
  ])('%i %s is %s', async (status, code, kind) => {
    expect(await errorFor(errorBody(status, code))).toMatchObject({ kind, status, code })
  })

  it.each<[number, NotionErrorKind]>([
    [401, 'token_invalid'],
    [403, 'access_denied'],
    [404, 'not_found'],
    [429, 'rate_limited'],
    [500, 'api_error'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [529, 'rate_limited'],
  ])('HTML with %i is %s', async (status, kind) => {
    expect(await errorFor({ status, text: html })).toMatchObject({ kind, status, code: undefined })
  })

  it('HTML where JSON was promised is an invalid reply', async () => {
    expect((await errorFor({ status: 200, text: html })).kind).toBe('invalid_reply')
  })

  it('a request blocked by Notion or by its edge is told apart from missing rights', async () => {
    const blocked = errorBody(429, 'rate_limited', {
      additional_data: { rate_limit_reason: 'public_api_request_blocked', retry_after: '5' },
    })
    expect((await errorFor(blocked)).kind).toBe('blocked')
    expect((await errorFor({ status: 403, text: html, headers: { 'cf-ray': '8a' } })).kind).toBe('blocked')
  })

  it('an OAuth error body of RFC 6749 is understood', async () => {
    const reply = { status: 400, json: { error: 'invalid_grant', error_description: 'Code expired' } }
    expect(await errorFor(reply)).toMatchObject({ kind: 'oauth_refused', code: 'invalid_grant' })
  })
})

describe('Retry-After', () => {
  it('is read from the header, in seconds or as a date, or else from the body', async () => {
    const limited = errorBody(429, 'rate_limited', { additional_data: { retry_after: '7' } })
    expect((await errorFor({ ...limited, headers: { 'retry-after': '3' } })).retryAfterMs).toBe(3000)
    expect((await errorFor(limited)).retryAfterMs).toBe(7000)
    const date = new Date(Date.now() + 60_000).toUTCString()
    const wait = (await errorFor({ status: 503, text: html, headers: { 'retry-after': date } })).retryAfterMs
    expect(wait).toBeGreaterThan(50_000)
    expect(wait).toBeLessThanOrEqual(60_000)
    expect((await errorFor({ ...limited, headers: { 'retry-after': 'soon' } })).retryAfterMs).toBe(7000)
    expect((await errorFor(errorBody(429, 'rate_limited'))).retryAfterMs).toBeUndefined()
  })
})

describe('failures without a reply', () => {
  it.each<[string, unknown, NotionErrorKind]>([
    [
      'a refused connection',
      new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }),
      'unavailable',
    ],
    ['a body cut off', new TypeError('terminated'), 'unavailable'],
    ['our time-out', new DOMException('', 'TimeoutError'), 'unavailable'],
    ["the SDK's time-out", new RequestTimeoutError(), 'unavailable'],
    ['an abort', new DOMException('', 'AbortError'), 'aborted'],
    ['a mistake in the code', new TypeError('x is not a function'), 'api_error'],
    ['anything', 'anything', 'api_error'],
  ])('%s', (_name, cause, kind) => {
    expect(toNotionError(cause).kind).toBe(kind)
  })

  it('an id that would leave its path never reaches Notion', async () => {
    const api = fakeApi(() => ({}))
    const client = createSdkClient({ apiUrl: 'http://notion.test', fetch: api.fetch })
    const error = await client.blocks.retrieve({ block_id: '../users' }).catch(toNotionError)
    expect(error).toMatchObject({ kind: 'invalid_request' })
    expect(api.requests).toHaveLength(0)
  })

  it('an error that is one already stays itself', () => {
    const error = new NotionError('conflict')
    expect(toNotionError(error)).toBe(error)
  })
})

it('nothing of the reply or the token is in the error', async () => {
  const error = await errorFor({
    status: 404,
    json: { code: 'object_not_found', message: 'Could not find page Secret plan', status: 404 },
  })
  const printed = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
  expect(printed).not.toContain('Secret plan')
  expect(printed).not.toContain('ntn_secret')
  expect(error.message).toBe('Notion not_found 404 object_not_found')
})
