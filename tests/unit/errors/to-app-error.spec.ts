import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ErrorCode } from '#shared/schemas/error'
import { ERROR_CODES, ERROR_MESSAGE, ERROR_STATUS, ErrorEnvelopeSchema } from '#shared/schemas/error'
import { DatabaseError } from '#server/db/client'
import { AppError, toEnvelope } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import type { NotionErrorKind } from '#server/notion/errors'
import { NotionError } from '#server/notion/errors'
import { TokenCipherError } from '#server/security/token-cipher'

/** What a person is told for everything that can go wrong with Notion. */
const TOLD: Record<NotionErrorKind, ErrorCode> = {
  token_invalid: 'NOTION_TOKEN_INVALID',
  access_denied: 'NOTION_ACCESS_DENIED',
  not_found: 'NOTION_BLOCK_NOT_FOUND',
  rate_limited: 'NOTION_RATE_LIMITED',
  conflict: 'CONFLICT',
  invalid_request: 'NOTION_API_ERROR',
  unavailable: 'NOTION_UNAVAILABLE',
  api_error: 'NOTION_API_ERROR',
  blocked: 'NOTION_ACCESS_DENIED',
  plan_limit: 'NOTION_PLAN_LIMIT',
  oauth_refused: 'NOTION_OAUTH_FAILED',
  invalid_reply: 'NOTION_API_ERROR',
  aborted: 'NOTION_UNAVAILABLE',
}

describe('a failure of Notion', () => {
  it.each(Object.entries(TOLD))('%s is told as %s', (kind, code) => {
    const told = toAppError(new NotionError(kind as NotionErrorKind, { status: 418, code: 'teapot' }))
    expect(told.code).toBe(code)
    expect(told.status).toBe(ERROR_STATUS[code])
    expect(told.message).toBe(ERROR_MESSAGE[code])
  })

  it('says when trying again makes sense', () => {
    const told = toAppError(new NotionError('rate_limited', { retryAfterMs: 1_500 }))
    expect(toEnvelope(told, 'request').error.retryAfter).toBe(2)
  })
})

describe('any other failure', () => {
  it('names the wrong fields of a request, without repeating their values', () => {
    const schema = z.strictObject({ to_do: z.strictObject({ checked: z.boolean() }) })
    const parsed = schema.safeParse({ to_do: { checked: 'canary' }, user_id: 'canary' })
    const told = toAppError(parsed.error)
    expect(told.code).toBe('INVALID_REQUEST')
    expect(told.issues).toContainEqual({ path: 'to_do.checked', code: 'invalid_type' })
    expect(JSON.stringify(toEnvelope(told, 'request'))).not.toContain('canary')
  })

  it.each<[string, unknown]>([
    ['of the database', new DatabaseError('todos.list', '42P01')],
    ['of the vault', new TokenCipherError('The ciphertext cannot be opened')],
    ['nobody expected', new Error('select canary from secrets')],
    ['that is no error at all', 'canary'],
    ['that is nothing', undefined],
  ])('%s is ours to explain, and the cause stays on the server', (_, cause) => {
    const told = toAppError(cause)
    expect(told.code).toBe('INTERNAL')
    const body = JSON.stringify(toEnvelope(told, 'request'))
    for (const secret of ['canary', '42P01', 'ciphertext', 'stack']) expect(body).not.toContain(secret)
  })

  it('that is in our words already stays as it is', () => {
    const error = new AppError('CONFLICT')
    expect(toAppError(error)).toBe(error)
  })
})

describe('the vocabulary', () => {
  it.each(ERROR_CODES)('%s has a status, a sentence and a valid envelope', (code) => {
    const envelope = toEnvelope(new AppError(code), 'request')
    expect(ErrorEnvelopeSchema.parse(envelope).error.message).toMatch(/^[A-Z].*\.$/)
    expect(ERROR_STATUS[code]).toBeGreaterThanOrEqual(400)
  })
})
