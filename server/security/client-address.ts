import { isIP } from 'node:net'

/**
 * Whose address counts for limits. A public peer is the client itself, whatever headers it sends. A local
 * or private peer is our own reverse proxy: the last entry of X-Forwarded-For is the one it added. Without
 * that header the request comes from this machine, and has no address worth counting. Of an IPv6 address the
 * network counts: anybody has as many addresses in theirs as they like.
 *
 * @returns null for a request from this machine or network
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined): string | null {
  const address = (peer ?? '').replace(/^::ffff:/, '')
  if (isIP(address) !== 0 && !isPrivate(address)) return network(address)
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? ''
  return isIP(last) === 0 ? null : network(last)
}

/** The first 64 bits of an IPv6 address (RFC 4291 §2.5.4), whatever its spelling; an IPv4 address whole. */
function network(address: string): string {
  if (isIP(address) === 4) return address
  const [plain = ''] = address.split('%', 1)
  // A URL spells an address in one way, with the longest run of zeros left out.
  const spelled = new URL(`http://[${plain}]/`).hostname.slice(1, -1)
  const [head = '', tail] = spelled.split('::')
  const groups = head.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':').filter(Boolean)]
  return `${all.slice(0, 4).join(':')}::/64`
}

function isPrivate(address: string): boolean {
  return (
    /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address) ||
    /^(::1$|f[cd]|fe[89ab])/i.test(address)
  )
}
