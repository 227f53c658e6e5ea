/**
 * Name and attributes of a cookie of ours. Where we are reached by https, the `__Host-` prefix makes browsers
 * refuse one that another host of our domain tries to plant (RFC 6265bis §4.1.3.2): nobody can slip their own
 * session, or their own connect attempt, under somebody else's.
 */
export function ownCookie(name: string, baseUrl: string) {
  const secure = baseUrl.startsWith('https:')
  return { name: secure ? `__Host-${name}` : name, options: { path: '/', httpOnly: true, secure } }
}
