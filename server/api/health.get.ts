import { checkHealth } from '#server/health'

/** Liveness and readiness, for operators. Says what is up, never why something is not. */
export default definePublicApiHandler(
  async (event, { context }) => {
    const health = await checkHealth(context)
    if (health.status !== 'ok') setResponseStatus(event, 503)
    return health
  },
  { beforeReady: true },
)
