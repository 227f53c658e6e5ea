import {
  AuthApiError,
  AuthRetryableFetchError,
  AuthSessionMissingError,
  AuthWeakPasswordError,
} from '@supabase/supabase-js'
import { describe, expect, it } from 'vitest'
import { fromAuthError } from '#server/session/auth-error'

const refused = (code: string, status = 422) => new AuthApiError('canary@people.test', status, code)

describe('a refusal of Supabase Auth in our words', () => {
  it.each([
    ['user_already_exists', 'email', 'taken'],
    ['email_exists', 'email', 'taken'],
    ['email_address_invalid', 'email', 'invalid'],
    ['same_password', 'password', 'same'],
    ['otp_expired', 'code', 'expired'],
    ['flow_state_not_found', 'code', 'expired'],
    ['flow_state_expired', 'code', 'expired'],
    ['bad_code_verifier', 'code', 'other_browser'],
  ])('%s points at the field %s', (code, path, issue) => {
    const told = fromAuthError(refused(code))
    expect(told.code).toBe('INVALID_REQUEST')
    expect(told.issues).toEqual([{ path, code: issue }])
  })

  it.each(['invalid_credentials', 'email_not_confirmed', 'user_not_found', 'session_not_found', 'bad_jwt'])(
    '%s is simply "not signed in": it does not tell whether there is such an account',
    (code) => {
      const told = fromAuthError(refused(code, 400))
      expect(told.code).toBe('UNAUTHENTICATED')
      expect(told.issues).toBeUndefined()
    },
  )

  it('a missing session is "not signed in"', () => {
    expect(fromAuthError(new AuthSessionMissingError()).code).toBe('UNAUTHENTICATED')
  })

  it('a weak password points at the password', () => {
    const told = fromAuthError(new AuthWeakPasswordError('canary', 422, ['length']))
    expect(told.issues).toEqual([{ path: 'password', code: 'weak_password' }])
  })

  it('too many mails or tries is a matter of waiting', () => {
    expect(fromAuthError(refused('over_email_send_rate_limit', 429)).code).toBe('TOO_MANY_REQUESTS')
  })

  it('what we do not know is refused without a reason, or is our own fault', () => {
    expect(fromAuthError(refused('brand_new_code', 400)).issues).toEqual([{ path: '', code: 'refused' }])
    expect(fromAuthError(refused('unexpected_failure', 500)).code).toBe('INTERNAL')
    expect(fromAuthError(new AuthRetryableFetchError('canary', 0)).code).toBe('INTERNAL')
    expect(fromAuthError(new Error('canary')).code).toBe('INTERNAL')
  })

  it('never carries the words of Supabase Auth', () => {
    expect(fromAuthError(refused('invalid_credentials')).message).not.toContain('canary')
  })
})
