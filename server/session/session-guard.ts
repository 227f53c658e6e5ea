import { AppError } from '#server/errors/app-error'

/** When to come back, where Supabase does not say. */
const PATIENCE_MS = 10_000

/** What questions about sessions may cost; both do nothing for an address that has no budget. */
export interface SessionBudget {
  /** @throws {AppError} TOO_MANY_REQUESTS */
  take: () => Promise<void>
  giveBack: () => Promise<void>
}

export interface SessionGuard {
  /** Supabase's way to the network. */
  fetch: typeof fetch
  /** Why nobody could say whose session it is; null while Supabase answers. */
  trouble: () => AppError | null
  /** What may be written of the cookies that Supabase's client wants to write. */
  writable: <Cookie extends { value: string }>(cookies: Cookie[]) => Cookie[]
  /** It was somebody's session: what was taken for it does not count. */
  proven: () => Promise<void>
}

/**
 * Stands between what a cookie claims and Supabase Auth. A token that has run out, or that none of the cached keys
 * has signed, makes us ask; hosted projects count such questions by address (supabase.com/docs/guides/auth/rate-limits),
 * which is ours for everybody. So whoever brings one pays for the question first, and gets it back when it was genuine.
 *
 * Where the answer is "not now", nobody is signed out: auth-js ends a session on every 4xx, 429 included, and would
 * repeat a 5xx for half a minute. It hears 429 for both, and its deletion of the cookies is not written.
 */
export function createSessionGuard(budget: SessionBudget, ask: typeof fetch = fetch): SessionGuard {
  let trouble: AppError | null = null
  let taken = 0

  const askOnce: typeof fetch = async (input, init) => {
    await budget.take()
    taken += 1
    const response = await ask(input, init)
    trouble ??= troubleOf(response)
    return response
  }

  return {
    fetch: async (input, init) => {
      if (!isAboutSession(input, init)) return ask(input, init)
      try {
        const response = await askOnce(input, init)
        if (troubleOf(response) === null) return response
      } catch (cause) {
        trouble = cause instanceof AppError ? cause : new AppError('INTERNAL', { cause })
      }
      return Response.json({ error_code: 'over_request_rate_limit', msg: 'Not now' }, { status: 429 })
    },
    trouble: () => trouble,
    writable: (cookies) => (trouble === null ? cookies : cookies.filter(({ value }) => value !== '')),
    proven: async () => {
      for (; taken > 0; taken -= 1) await budget.giveBack()
    },
  }
}

/** Refreshing a token, asking whose one is, and reading the keys: what a cookie alone makes the client do. */
function isAboutSession(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): boolean {
  const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input)
  const method = init?.method ?? 'GET'
  if (pathname.endsWith('/auth/v1/token')) return searchParams.get('grant_type') === 'refresh_token'
  return method === 'GET' && /\/auth\/v1\/(user|\.well-known\/jwks\.json)$/.test(pathname)
}

function troubleOf({ status, headers }: Response): AppError | null {
  if (status !== 429 && status < 500) return null
  const seconds = Number(headers.get('retry-after'))
  const retryAfterMs = seconds > 0 ? seconds * 1_000 : PATIENCE_MS
  return new AppError(status === 429 ? 'TOO_MANY_REQUESTS' : 'INTERNAL', { retryAfterMs })
}
