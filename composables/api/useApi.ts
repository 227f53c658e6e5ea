import { useSession } from '~/composables/session/useSession'
import { toApiError } from './api-error'
import type { Endpoints, Inputs } from './endpoints'
import { useRetryTimes } from './useRetryTimes'

/** No answer by then is none (OFFLINE). Without it the browser decides. */
interface Patience {
  withinMs?: number
}

type OptionalInputs<Key extends keyof Endpoints> =
  object extends Inputs<Key> ? [inputs?: Inputs<Key> & Patience] : [inputs: Inputs<Key> & Patience]

export type Api = <Key extends keyof Endpoints>(
  endpoint: Key,
  ...inputs: OptionalInputs<Key>
) => Promise<Endpoints[Key]['reply']>

/**
 * The one way to the server: `await api('POST /api/sync', { body: {} })`. Nothing is retried on its own,
 * because a repeated write is for the caller to decide. Throws ApiError, always. When the session turns out
 * to be over, it is cleared, which leads to the sign-in page (`plugins/signed-out.client.ts`).
 */
export function useApi(): Api {
  const session = useSession()
  const fetcher = useRequestFetch()
  const retryTimes = useRetryTimes()

  return async (endpoint, ...[inputs]) => {
    const { body, query, params, withinMs }: Asked = inputs ?? {}
    const [method = 'GET', path = ''] = endpoint.split(' ')
    try {
      return await fetcher<never, string>(fillIn(path, params), {
        method: asMethod(method),
        body,
        query,
        retry: 0,
        ...(withinMs !== undefined && { timeout: withinMs }),
      })
    } catch (thrown) {
      const error = toApiError(thrown)
      retryTimes.note(error)
      if (error.code === 'UNAUTHENTICATED' && session.value) session.value = null
      throw error
    }
  }
}

interface Asked extends Patience {
  body?: object
  query?: object
  params?: Record<string, unknown>
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

function asMethod(method: string): Method {
  return method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET'
}

function fillIn(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}
