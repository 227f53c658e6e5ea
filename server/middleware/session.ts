import { defineEventHandler, setResponseHeader } from 'h3'

/**
 * Pages ask for the session while they render, by a request inside the request. A refreshed session must
 * reach the browser's cookies, so it is resolved here, on the outer request; the inner one shares its result.
 */
export default defineEventHandler(async (event) => {
  const isPage = !event.path.startsWith('/api/') && !event.path.startsWith('/_') && event.method === 'GET'
  if (!isPage) return
  // Pages are personal, and the address of one may carry a code: no cache keeps them.
  setResponseHeader(event, 'cache-control', 'private, no-store')
  // Where nobody can tell whose it is, the page learns that from the inner request, and says so.
  await sessionUser(event).catch(() => null)
})
