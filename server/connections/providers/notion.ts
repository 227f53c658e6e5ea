import type { Environment } from '#server/environment'
import { NotionError } from '#server/notion/errors'
import { authorizationUrl, exchangeCode, refreshTokens, revokeToken } from '#server/notion/oauth'
import type { OAuthProvider } from './provider'

/** Notion as an OAuth provider. Its token request has no code_verifier, so there is no PKCE (notion-api.md §2). */
export function notionProvider(environment: Environment): OAuthProvider {
  const app = {
    apiUrl: environment.NOTION_API_URL,
    clientId: environment.NOTION_OAUTH_CLIENT_ID,
    clientSecret: environment.NOTION_OAUTH_CLIENT_SECRET,
  }
  return {
    name: 'notion',
    supportsPkce: false,
    authorizationUrl: ({ redirectUri, state }) => authorizationUrl({ ...app, redirectUri, state }),
    exchangeCode: ({ code, redirectUri }) => exchangeCode({ ...app, code, redirectUri }),
    async refresh(refreshToken) {
      try {
        return await refreshTokens({ ...app, refreshToken })
      } catch (cause) {
        if (cause instanceof NotionError && cause.code === 'invalid_grant') return null
        throw cause
      }
    },
    revoke: (token) => revokeToken({ ...app, token }),
  }
}
