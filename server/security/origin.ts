/** The headers by which a browser says who made a request. */
export interface RequestOrigin {
  method: string
  origin: string | undefined
  secFetchSite: string | undefined
  host: string | undefined
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Did another site's page send this write (CSRF)? Browsers set both headers themselves and no script can
 * forge them. A caller that sends neither is not a browser, so it cannot be riding on somebody's cookies.
 *
 * @param baseUrl our public origin
 */
export function isForeignWrite(request: RequestOrigin, baseUrl: string): boolean {
  if (SAFE_METHODS.has(request.method)) return false
  if (request.secFetchSite !== undefined) return request.secFetchSite !== 'same-origin'
  if (request.origin === undefined) return false
  return request.origin !== baseUrl && !isSameHost(request.origin, request.host)
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host
}
