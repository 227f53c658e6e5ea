import { expect } from 'vitest'
import type { ErrorCode, ErrorEnvelope } from '../../shared/schemas/error.ts'
import { ERROR_MESSAGE, ERROR_STATUS, ErrorEnvelopeSchema } from '../../shared/schemas/error.ts'
import type { Answer } from './browser.ts'

/** An answer is exactly this refusal: status, code, sentence and nothing besides. Answers its body. */
export function expectRefusal(answer: Answer, code: ErrorCode): ErrorEnvelope['error'] {
  expect(answer.status, answer.text).toBe(ERROR_STATUS[code])
  const { error } = ErrorEnvelopeSchema.parse(answer.json)
  expect(error.code).toBe(code)
  expect(error.message).toBe(ERROR_MESSAGE[code])
  expect(answer.headers.get('x-request-id')).toBe(error.requestId)
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  return error
}
