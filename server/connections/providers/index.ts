import type { Environment } from '#server/environment'
import { notionProvider } from './notion'
import type { OAuthProvider } from './provider'

const PROVIDERS: Readonly<Record<string, (environment: Environment) => OAuthProvider>> = {
  notion: notionProvider,
}

/** The provider of this name, or null. */
export function findProvider(name: string, environment: Environment): OAuthProvider | null {
  return Object.hasOwn(PROVIDERS, name) ? (PROVIDERS[name]?.(environment) ?? null) : null
}
