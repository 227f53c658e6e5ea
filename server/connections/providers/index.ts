import type { Environment } from '#server/environment'
import { notionProvider } from './notion'
import type { OAuthProvider } from './provider'

/** Every provider a person can connect, by name. Adding one is a file beside this and a line here. */
export function createProviders(environment: Environment): ReadonlyMap<string, OAuthProvider> {
  return new Map([notionProvider(environment)].map((provider) => [provider.name, provider]))
}
