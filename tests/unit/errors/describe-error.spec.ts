import { describe, expect, it } from 'vitest'
import { DatabaseError } from '#server/db/client'
import { AppError } from '#server/errors/app-error'
import { describeError, hashedUser } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'

describe('what a log line says of a failure', () => {
  it('is our own message for errors of our own, with their causes', () => {
    const cause = new NotionError('token_invalid', { status: 401, code: 'unauthorized' })
    expect(describeError(new AppError('NOTION_OAUTH_FAILED', { cause }))).toEqual({
      error: 'AppError',
      code: 'NOTION_OAUTH_FAILED',
      message: 'Could not connect Notion.',
      cause: { error: 'NotionError', code: 'unauthorized', message: 'Notion token_invalid 401 unauthorized' },
    })
  })

  it("is never a foreign message, at any depth: it may quote somebody's data", () => {
    const canary = 'canary@people.test ntn_canary'
    const chain = new AppError('INTERNAL', {
      cause: new DatabaseError('todos.list', '23505'),
    })
    const foreign = new TypeError(canary, { cause: new RangeError(canary, { cause: canary }) })
    const text = JSON.stringify([
      describeError(foreign),
      describeError(new AppError('INTERNAL', { cause: foreign })),
    ])
    expect(text).not.toContain('canary')
    expect(text).toContain('TypeError')
    expect(JSON.stringify(describeError(chain))).toContain('23505')
  })

  it('is never the message within the stack, even where the message has several lines', () => {
    const text = JSON.stringify(describeError(new TypeError('one\n    at canary (ntn_canary:1:1)')))
    expect(text).not.toContain('canary')
  })

  it('is nothing but a type for what is no error', () => {
    expect(describeError('ntn_canary')).toEqual({ error: 'string' })
    expect(describeError({ token: 'ntn_canary' })).toEqual({ error: 'object' })
    expect(describeError(null)).toEqual({ error: 'object' })
  })

  it('does not take a name or a code that an outsider could choose', () => {
    const error = Object.assign(new Error('x'), { code: 'ntn_canary and more text', name: 'canary name' })
    expect(JSON.stringify(describeError(error))).not.toContain('canary')
  })
})

describe('a person in the log', () => {
  it('can be found again, and not be named', () => {
    const id = '0b0b0b0b-0000-4000-8000-000000000001'
    expect(hashedUser(id)).toBe(hashedUser(id))
    expect(hashedUser(id)).toMatch(/^[0-9a-f]{12}$/)
    expect(id.replaceAll('-', '')).not.toContain(hashedUser(id))
  })
})
