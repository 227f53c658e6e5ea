import { isAuthApiError, isAuthRetryableFetchError, isAuthWeakPasswordError } from '@supabase/supabase-js'
import { AppError, invalidField } from '#server/errors/app-error'

/** Which field a refusal of Supabase Auth is about, and what is wrong with it. */
const FIELD_BY_CODE: Readonly<Record<string, { path: string; code: string }>> = {
  user_already_exists: { path: 'email', code: 'taken' },
  email_exists: { path: 'email', code: 'taken' },
  email_address_invalid: { path: 'email', code: 'invalid' },
  same_password: { path: 'password', code: 'same' },
  otp_expired: { path: 'code', code: 'expired' },
  flow_state_expired: { path: 'code', code: 'expired' },
  flow_state_not_found: { path: 'code', code: 'expired' },
  bad_code_verifier: { path: 'code', code: 'other_browser' },
  pkce_code_verifier_not_found: { path: 'code', code: 'other_browser' },
}

const SIGNED_OUT = new Set([
  'invalid_credentials',
  'session_not_found',
  'bad_jwt',
  'user_not_found',
  'email_not_confirmed',
])

/** Puts a refusal of Supabase Auth into our own vocabulary. */
export function fromAuthError(error: Error): AppError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (isAuthWeakPasswordError(error)) return invalidField('password', 'weak_password')
  const field = FIELD_BY_CODE[code]
  if (field) return invalidField(field.path, field.code)
  if (SIGNED_OUT.has(code) || error.name === 'AuthSessionMissingError') {
    return new AppError('UNAUTHENTICATED', { cause: error })
  }
  if (isAuthApiError(error) && error.status === 429)
    return new AppError('TOO_MANY_REQUESTS', { cause: error })
  if (error.name === 'AuthPKCECodeVerifierMissingError') return invalidField('code', 'other_browser')
  if (isAuthRetryableFetchError(error)) return new AppError('INTERNAL', { cause: error })
  return isAuthApiError(error) && error.status < 500
    ? invalidField('', 'refused')
    : new AppError('INTERNAL', { cause: error })
}
