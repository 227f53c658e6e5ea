import { randomUUID } from 'node:crypto'
import type { EventHandler, H3Event } from 'h3'
import { defineEventHandler, getRequestHeader, setResponseHeader, setResponseStatus } from 'h3'
import type { ErrorEnvelope } from '#shared/schemas/error'
import type { SessionUser } from '#shared/schemas/session'
import type { AppContext } from '#server/context'
import { checkInstallation } from '#server/boot-checks'
import { appContext } from '#server/context'
import { AppError, toEnvelope } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { describeError, hashedUser } from '#server/logging/logger'
import { isForeignWrite } from '#server/security/origin'
import type { LimitClass } from '#server/security/rate-limits'
import { countAddress } from './address-budget'
import { sessionUser } from './session'

interface PublicCall {
  context: AppContext
  requestId: string
}

interface SignedInCall extends PublicCall {
  user: SessionUser
}

/**
 * An API route for signed-in people: without a session it answers 401 before anything is read. Failures
 * become our error envelope, and every call leaves one line in the log.
 */
export function defineApiHandler<T>(
  handler: (event: H3Event, call: SignedInCall) => Promise<T>,
  { limit = 'default' }: { limit?: LimitClass } = {},
): EventHandler<Request, Promise<T | ErrorEnvelope>> {
  return defineEventHandler((event) =>
    answer(event, async (call) => {
      await checkInstallation(call.context)
      const user = await sessionUser(event)
      // Nobody is signed in, so it is the address that has a budget.
      if (!user) {
        await countAddress(event, call.context.takeFromBudget, 'default')
        throw new AppError('UNAUTHENTICATED')
      }
      await call.context.takeFromBudget(limit, user.id)
      return handler(event, { ...call, user })
    }),
  )
}

/**
 * The same for a route that anybody may call. Its name is the opt-out: there is no other.
 *
 * @param options.beforeReady also answers while the database has not been found to be ours (health does)
 * @param options.loggedPath stands in the log in place of the path, where that alone lets somebody in
 */
export function definePublicApiHandler<T>(
  handler: (event: H3Event, call: PublicCall) => Promise<T>,
  options: { limit?: LimitClass; beforeReady?: boolean; loggedPath?: string } = {},
): EventHandler<Request, Promise<T | ErrorEnvelope>> {
  const { limit = 'default', beforeReady = false, loggedPath } = options
  return defineEventHandler((event) =>
    answer(
      event,
      async (call) => {
        if (!beforeReady) await checkInstallation(call.context)
        await countAddress(event, call.context.takeFromBudget, limit)
        return handler(event, call)
      },
      loggedPath,
    ),
  )
}

async function answer<T>(
  event: H3Event,
  work: (call: PublicCall) => Promise<T>,
  // Without the query, which may carry codes and states.
  path = event.path.split('?', 1)[0],
): Promise<T | ErrorEnvelope> {
  const startedAt = performance.now()
  const context = appContext()
  const requestId = randomUUID()
  setResponseHeader(event, 'x-request-id', requestId)
  setResponseHeader(event, 'cache-control', 'no-store')
  let failure: AppError | undefined
  try {
    refuseForeignWrite(event, context)
    return await work({ context, requestId })
  } catch (cause) {
    failure = toAppError(cause)
    setResponseStatus(event, failure.status)
    if (failure.retryAfterMs !== undefined) {
      setResponseHeader(event, 'retry-after', Math.ceil(failure.retryAfterMs / 1_000))
    }
    return toEnvelope(failure, requestId)
  } finally {
    await logCall(event, context, { requestId, path, startedAt, failure })
  }
}

function refuseForeignWrite(event: H3Event, { environment }: AppContext): void {
  const foreign = isForeignWrite(
    {
      method: event.method,
      origin: getRequestHeader(event, 'origin'),
      secFetchSite: getRequestHeader(event, 'sec-fetch-site'),
      host: getRequestHeader(event, 'host'),
    },
    environment.BASE_URL,
  )
  if (foreign) throw new AppError('FORBIDDEN_ORIGIN')
}

async function logCall(
  event: H3Event,
  context: AppContext,
  call: { requestId: string; path: string | undefined; startedAt: number; failure: AppError | undefined },
): Promise<void> {
  const { requestId, path, startedAt, failure } = call
  const user = await event.context.sessionUser?.catch(() => null)
  const line = {
    event: 'request',
    requestId,
    method: event.method,
    path,
    status: event.node.res.statusCode,
    durationMs: Math.round(performance.now() - startedAt),
    ...(user && { user: hashedUser(user.id) }),
    ...(failure && { code: failure.code }),
  }
  if (failure?.code === 'INTERNAL') context.log.error({ ...line, ...describeError(failure) })
  else context.log.info(line)
}
