import { publicJwks } from '../../secrets.ts'
import type { AuthContext, AuthReply, AuthRequest } from '../context.ts'

const JWKS_SECONDS = 600

/** `GET /settings`: what a sign-in page may offer. */
export async function showSettings(_request: AuthRequest, { settings }: AuthContext): Promise<AuthReply> {
  return {
    status: 200,
    body: {
      external: { email: true, phone: false, anonymous_users: false },
      disable_signup: false,
      mailer_autoconfirm: settings.autoconfirm,
      phone_autoconfirm: false,
      sms_provider: '',
      saml_enabled: false,
    },
  }
}

/** `GET /health` */
export async function showHealth(): Promise<AuthReply> {
  return { status: 200, body: { name: 'GoTrue', description: 'local stand-in', version: 'sandbox' } }
}

/** `GET /.well-known/jwks.json`: the public key everybody may check access tokens with. */
export async function showJwks(_request: AuthRequest, { secrets }: AuthContext): Promise<AuthReply> {
  return {
    status: 200,
    body: publicJwks(secrets.signingKey),
    headers: { 'cache-control': `public, max-age=${JWKS_SECONDS}` },
  }
}
