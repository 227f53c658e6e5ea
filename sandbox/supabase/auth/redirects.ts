const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Where a link may lead: the app, or any port of this machine. Everything else, and everything that is no
 * address, becomes the app's own start page: a mail from here must never carry somebody to another site.
 */
export function safeRedirect(wanted: string | null | undefined, siteUrl: string): string {
  const url = wanted ? URL.parse(wanted) : null
  if (url === null || url.username !== '' || url.password !== '') return siteUrl
  const isApp = url.origin === new URL(siteUrl).origin
  const isLocal = url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
  return isApp || isLocal ? url.href : siteUrl
}
