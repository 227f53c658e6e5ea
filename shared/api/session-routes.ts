import { z } from '../zod'
import { DeleteAccountBodySchema } from '../schemas/account'
import {
  ConfirmBodySchema,
  MailBodySchema,
  MailReplySchema,
  NewPasswordBodySchema,
  SessionReplySchema,
  SessionUserSchema,
  SignInBodySchema,
  SignUpBodySchema,
  SignUpReplySchema,
} from '../schemas/session'
import { defineRoutes } from './contract'

const SignedInSchema = z.strictObject({ user: SessionUserSchema })

/** Who somebody is: signing in and out, passwords, the account. */
export const SESSION_ROUTES = defineRoutes({
  'GET /api/session': {
    summary: 'Who is signed in',
    public: true,
    reply: { status: 200, json: SessionReplySchema },
  },
  'POST /api/session': {
    summary: 'Sign in with a password',
    public: true,
    body: SignInBodySchema,
    reply: { status: 200, json: SignedInSchema },
    errors: ['UNAUTHENTICATED'],
  },
  'DELETE /api/session': { summary: 'Sign out', public: true, reply: { status: 204 } },
  'POST /api/session/sign-up': {
    summary: 'Make an account',
    public: true,
    body: SignUpBodySchema,
    reply: { status: 200, json: SignUpReplySchema },
  },
  'POST /api/session/magic-link': {
    summary: 'Have a mail sent that signs in',
    public: true,
    body: MailBodySchema,
    reply: { status: 200, json: MailReplySchema },
  },
  'POST /api/session/recover': {
    summary: 'Have a mail sent that lets one choose a new password',
    public: true,
    body: MailBodySchema,
    reply: { status: 200, json: MailReplySchema },
  },
  'POST /api/session/confirm': {
    summary: 'Sign in with what a mail brought',
    public: true,
    body: ConfirmBodySchema,
    reply: { status: 200, json: SignedInSchema },
    errors: ['UNAUTHENTICATED'],
  },
  'PUT /api/session/password': {
    summary: 'Choose a new password',
    body: NewPasswordBodySchema,
    reply: { status: 204 },
  },
  'GET /api/account/export': {
    summary: 'Everything that is stored about the caller, as a file',
    reply: { status: 200, contentTypes: ['application/json'] },
  },
  'DELETE /api/account': {
    summary: 'Delete the account with all that belongs to it',
    body: DeleteAccountBodySchema,
    reply: { status: 204 },
  },
})
