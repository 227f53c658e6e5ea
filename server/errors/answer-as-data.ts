import type { H3Error, H3Event } from 'h3'
import { send, setResponseHeaders, setResponseStatus } from 'h3'

interface DefaultAnswer {
  status: number
  statusText: string
  headers: Record<string, string>
  body: unknown
}

interface Tools {
  /** Answers at once in a build, and later in development. */
  defaultHandler: (
    error: H3Error,
    event: H3Event,
    options: { silent: boolean },
  ) => DefaultAnswer | Promise<DefaultAnswer>
}

/**
 * Stands behind Nuxt's error handler, which leaves errors outside /api to Nitro where no page is asked for. The same
 * answer, but no cache keeps it: it repeats the address, and Nitro only says `no-cache`.
 */
export default async function answerAsData(
  error: H3Error,
  event: H3Event,
  { defaultHandler }: Tools,
): Promise<void> {
  const { status, statusText, headers, body } = await defaultHandler(error, event, { silent: true })
  setResponseHeaders(event, { ...headers, 'cache-control': 'private, no-store' })
  setResponseStatus(event, status, statusText)
  return send(event, JSON.stringify(body, null, 2))
}
