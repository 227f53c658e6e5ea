import { defineEventHandler, deleteCookie, getRequestHeader, getRequestHost } from 'h3'

const COOKIE = 'roundup_locale'

/**
 * A cookie that cannot be decoded (`%E0`) fails every page, here and in the browser, and whoever has a neighbouring host
 * can leave one, also beside the right one. What is no language of ours is taken out of the request, and deleted from
 * wherever it may have been set.
 */
export default defineEventHandler((event) => {
  const cookies = getRequestHeader(event, 'cookie')?.split(';') ?? []
  const kept = cookies.filter((cookie) => !isWrongLocale(cookie))
  if (kept.length === cookies.length) return
  event.node.req.headers.cookie = kept.join(';')
  // With a right one beside it, only what neighbours have set is wrong.
  if (!kept.some(isLocale)) deleteCookie(event, COOKIE)
  for (const domain of domainsAbove(getRequestHost(event, { xForwardedHost: true })))
    deleteCookie(event, COOKIE, { domain })
})

const isLocale = (cookie: string) => cookie.split('=')[0]?.trim() === COOKIE

function isWrongLocale(cookie: string): boolean {
  return isLocale(cookie) && !Object.hasOwn(__I18N_LOCALE_HASHES__, cookie.split('=')[1]?.trim() ?? '')
}

/** Every domain that a cookie for this host can have been set for; browsers ignore those that are nobody's. */
function domainsAbove(host: string): string[] {
  const labels = host.replace(/:\d+$/, '').split('.')
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
}
