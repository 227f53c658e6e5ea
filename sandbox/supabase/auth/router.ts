import { AuthError } from './auth-error.ts'
import type { AuthContext, AuthReply, AuthRequest, AuthRoute } from './context.ts'
import { showHealth, showJwks, showSettings } from './routes/about.ts'
import {
  adminCreateUser,
  adminDeleteUser,
  adminListUsers,
  adminShowUser,
  adminUpdateUser,
} from './routes/admin.ts'
import { adminGenerateLink } from './routes/generate-link.ts'
import { recover, resend, sendOtp } from './routes/mails.ts'
import { signUp } from './routes/signup.ts'
import { grantToken } from './routes/token.ts'
import { logOut, showUser, updateUser } from './routes/user.ts'
import { followLink, verifyCode } from './routes/verify.ts'

/** `open`: without an API key, because a mail client or a verifier asks. `key`: with any. `secret`: admin. */
type Access = 'open' | 'key' | 'secret'

const ROUTES: Record<string, readonly [Access, AuthRoute]> = {
  'GET /verify': ['open', followLink],
  'GET /.well-known/jwks.json': ['open', showJwks],
  'GET /health': ['key', showHealth],
  'GET /settings': ['key', showSettings],
  'POST /signup': ['key', signUp],
  'POST /token': ['key', grantToken],
  'POST /otp': ['key', sendOtp],
  'POST /recover': ['key', recover],
  'POST /resend': ['key', resend],
  'POST /verify': ['key', verifyCode],
  'GET /user': ['key', showUser],
  'PUT /user': ['key', updateUser],
  'POST /logout': ['key', logOut],
  'POST /admin/users': ['secret', adminCreateUser],
  'GET /admin/users': ['secret', adminListUsers],
  'GET /admin/users/:id': ['secret', adminShowUser],
  'PUT /admin/users/:id': ['secret', adminUpdateUser],
  'DELETE /admin/users/:id': ['secret', adminDeleteUser],
  'POST /admin/generate_link': ['secret', adminGenerateLink],
}

const route = (request: Pick<AuthRequest, 'method' | 'path'>) =>
  ROUTES[`${request.method} ${request.path.replace(/^(\/admin\/users)\/[^/]+$/, '$1/:id')}`]

/** True for the few routes that are asked without an API key. */
export function isOpenRoute(request: Pick<AuthRequest, 'method' | 'path'>): boolean {
  return route(request)?.[0] === 'open'
}

/**
 * Answers one request below `/auth/v1`.
 * @throws AuthError for every refusal
 */
export async function answerAuth(request: AuthRequest, context: AuthContext): Promise<AuthReply> {
  const found = route(request)
  if (found === undefined) throw new AuthError(404, 'not_found', 'This route is not part of the stand-in')
  const [access, handle] = found
  if (access === 'key' && request.keyRole === undefined) {
    throw new AuthError(401, 'no_authorization', 'An API key is required')
  }
  if (access === 'secret' && !isServiceRequest(request)) {
    throw new AuthError(403, 'not_admin', 'User not allowed')
  }
  return handle(request, context)
}

/** The secret key itself, and not a person's token sent along with it. */
function isServiceRequest(request: AuthRequest): boolean {
  return request.keyRole === 'service_role' && request.userToken === undefined
}
