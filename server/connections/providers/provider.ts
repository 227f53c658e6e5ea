/** A checked token reply, in the words of our own tables. */
export interface ProviderToken {
  accessToken: string
  refreshToken: string | null
  tokenType: string
  botId: string
  workspaceId: string
  workspaceName: string | null
  workspaceIcon: string | null
  requestId: string | null
  owner: unknown
  duplicatedTemplateId: string | null
  /** Seconds the access token lives, where the provider tells. */
  expiresIn: number | null
  /** What was unusual but no reason to refuse, such as an unknown token prefix. */
  warnings: string[]
}

/** One OAuth provider. Adding one is a file beside this and a line in the registry. */
export interface OAuthProvider {
  readonly name: string
  /** RFC 7636: a verifier is made, stored with the state and sent with the code. */
  readonly supportsPkce: boolean
  authorizationUrl(request: { redirectUri: string; state: string; codeChallenge: string | null }): string
  /** @throws {NotionError} or the provider's own kind of error; nothing is stored then */
  exchangeCode(request: {
    code: string
    redirectUri: string
    codeVerifier: string | null
  }): Promise<ProviderToken>
  /**
   * Trades a refresh token for a new pair.
   *
   * @returns null when the provider says that the grant is over (RFC 6749 §5.2 `invalid_grant`)
   * @throws for every other failure: then the old pair may still be good
   */
  refresh(refreshToken: string): Promise<ProviderToken | null>
  /** Gives a token back. @throws when the provider cannot be reached */
  revoke(token: string): Promise<void>
}
