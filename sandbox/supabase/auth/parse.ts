import { z } from 'zod'
import { AuthError } from './auth-error.ts'

const MAX_EMAIL_CHARACTERS = 255

/** An e-mail address in the one spelling under which it is stored. */
export const EmailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(MAX_EMAIL_CHARACTERS)
  .pipe(z.email('Unable to validate email address: invalid format'))

/** What every body of supabase-js may carry besides its own fields. */
export const CommonBody = {
  gotrue_meta_security: z.strictObject({ captcha_token: z.string().nullish() }).optional(),
}

/** PKCE (RFC 7636). Only S256: "plain" protects nothing. */
export const PkceBody = {
  code_challenge: z
    .string()
    .regex(/^[\w-]{43}$/, 'code challenge must be a base64url SHA-256 hash')
    .nullish(),
  code_challenge_method: z
    .string()
    .toLowerCase()
    .pipe(z.literal('s256', 'only the code challenge method s256 is supported'))
    .nullish(),
}

export const MetadataSchema = z.record(z.string(), z.unknown())

/**
 * Checks a body or query against its schema.
 * @throws AuthError 400 `validation_failed` naming the first field that is wrong.
 */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {})
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue?.path.join('.') || undefined
  throw new AuthError(
    400,
    'validation_failed',
    [field, issue?.message].filter((part) => part !== undefined).join(': '),
  )
}
