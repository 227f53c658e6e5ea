import { z } from '../zod'

export const PASSWORD_MIN_LENGTH = 8
export const PASSWORD_MAX_LENGTH = 72

const EmailSchema = z.email().max(320)
const PasswordSchema = z.string().min(PASSWORD_MIN_LENGTH).max(PASSWORD_MAX_LENGTH)
/** A local path to go on to after the mail's link was opened; anything else is ignored. */
const NextSchema = z.string().max(2_000).optional()

export const SessionUserSchema = z.strictObject({ id: z.uuid(), email: z.string() })
export type SessionUser = z.infer<typeof SessionUserSchema>

/** GET /api/session */
export const SessionReplySchema = z.strictObject({ user: SessionUserSchema.nullable() })
export type SessionReply = z.infer<typeof SessionReplySchema>

/** POST /api/session: sign in with a password. */
export const SignInBodySchema = z.strictObject({
  email: EmailSchema,
  password: z.string().min(1).max(PASSWORD_MAX_LENGTH),
})
export type SignInBody = z.infer<typeof SignInBodySchema>

/** POST /api/session/sign-up */
export const SignUpBodySchema = z.strictObject({
  email: EmailSchema,
  password: PasswordSchema,
  next: NextSchema,
})
export type SignUpBody = z.infer<typeof SignUpBodySchema>
export const SignUpReplySchema = z.strictObject({ outcome: z.enum(['signed_in', 'confirm_email']) })
export type SignUpReply = z.infer<typeof SignUpReplySchema>

/** POST /api/session/magic-link and POST /api/session/recover: a mail is sent, or silently not. */
export const MailBodySchema = z.strictObject({ email: EmailSchema, next: NextSchema })
export type MailBody = z.infer<typeof MailBodySchema>
export const MailReplySchema = z.strictObject({ outcome: z.literal('sent') })
export type MailReply = z.infer<typeof MailReplySchema>

/** POST /api/session/confirm: what a mail's link (or the code in it) carried. */
export const ConfirmBodySchema = z.union([
  z.strictObject({ code: z.string().min(1).max(500) }),
  z.strictObject({
    tokenHash: z.string().min(1).max(500),
    type: z.enum(['signup', 'magiclink', 'recovery', 'email', 'email_change', 'invite']),
  }),
  z.strictObject({ email: EmailSchema, otp: z.string().regex(/^\d{6,10}$/) }),
])
export type ConfirmBody = z.infer<typeof ConfirmBodySchema>

/** PUT /api/session/password: a new password for the signed-in person. */
export const NewPasswordBodySchema = z.strictObject({ password: PasswordSchema })
export type NewPasswordBody = z.infer<typeof NewPasswordBodySchema>
